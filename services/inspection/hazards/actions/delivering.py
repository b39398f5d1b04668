"""How an order reaches the enterprise (Work Safety Law art. 68); without it a limit would bind whom nobody told."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.moving import Step, aside, begin, finish
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.delivery import HandedOver, is_a_delivery
from services.inspection.hazards.models import Hazard, Order, OrderDelivery
from services.inspection.hazards.shapes.orders import DeliverOrder, Delivery
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    DeliveryHow,
    OrderDelivered,
)
from shared.errors import Conflict


async def deliver(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: DeliverOrder, now: datetime) -> Hazard:
    """Record how the newest order reached the enterprise, or that its signature was refused, and who saw it."""
    step = await begin(tx, who, hazard_id, Verb.DELIVER, now)
    order = await newest_order(tx, step.hazard)
    if ask.order_id != order.id:
        raise Conflict(
            "not-newest-order",
            "Another order took the place of this one; deliver the newest.",
            "该指令书已被新的指令书取代，请送达最新的指令书。",
            order_id=str(order.id),
        )
    said = HandedOver(
        how=ask.how,
        at=ask.at or now,
        received_by=ask.received_by,
        refused=ask.refused.reason if ask.refused else None,
        witnesses=ask.refused.witnesses if ask.refused else (),
        files=len(ask.evidence),
    )
    is_a_delivery(said, order.issued_at, now, int(rules_of(tx).number("order.refusal.witnesses", local_day(tx, now))))
    await proven(tx, who, hazard_id, ask.evidence)
    return await _record(tx, who, step, order, said, ask, now)


async def hand_over(tx: AsyncSession, who: Actor, order: Order, ask: Delivery | None, now: datetime) -> Hazard | None:
    """Deliver an order in the transaction that issues it; nothing happens when it was not handed over on the spot."""
    if ask is None:
        return None
    return await deliver(tx, who, order.hazard_id, DeliverOrder(order_id=order.id, **dict(ask)), now)


async def take_in_hand(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> None:
    """Take it for receipt that the enterprise acts on an order that nobody delivered (D)."""
    if hazard.delivered:
        return
    order = await newest_order(tx, hazard)
    said = HandedOver(how=DeliveryHow.TAKEN_IN_HAND, at=now, received_by=None, refused=None, witnesses=(), files=0)
    await _record(tx, who, aside(hazard, Verb.DELIVER), order, said, None, now)


async def newest_order(tx: AsyncSession, hazard: Hazard) -> Order:
    """Give the order that is in force; the hazard's state says that there is one."""
    newest = (col(Order.issued_at).desc(), col(Order.number).desc())
    query = select(Order).where(col(Order.hazard_id) == hazard.id).order_by(*newest).limit(1)
    return (await tx.execute(query)).scalar_one()


async def _record(
    tx: AsyncSession, who: Actor, step: Step, order: Order, said: HandedOver, ask: Delivery | None, now: datetime
) -> Hazard:
    tx.add(
        OrderDelivery(
            order_id=order.id,
            hazard_id=order.hazard_id,
            how=said.how,
            received_by=said.received_by,
            refused=said.refused,
            witnesses=list(said.witnesses),
            evidence=written(ask.evidence) if ask else [],
            at=said.at,
            by_id=who.id,
            recorded_at=now,
        )
    )
    step.hazard.delivered = True
    fact = partial(
        OrderDelivered,
        order_id=order.id,
        order_number=order.number,
        how=said.how,
        signature_refused=said.refused is not None,
        delivered_at=said.at,
    )
    return await finish(tx, who, step, fact, now, reason=said.refused or "")
