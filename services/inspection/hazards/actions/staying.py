"""An order is stayed and its days do not run; without it whoever a court protects would be called late by a clock.

A stop of work and an evacuation are no part of it: they stand until somebody finds that work may go on (T15).
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import local_day, rules_of, running
from services.inspection.hazards.actions.delivering import newest_order
from services.inspection.hazards.actions.extending import put_off
from services.inspection.hazards.actions.limiting import LIMIT
from services.inspection.hazards.actions.listing import listing_of
from services.inspection.hazards.actions.moving import aside, begin, finish
from services.inspection.hazards.domain import LISTED, Deed, Verb
from services.inspection.hazards.domain.terms import appeal_may_stay, appealed_in_time, stayed_between
from services.inspection.hazards.models import Hazard, OrderDelivery, OrderStay
from services.inspection.hazards.shapes.overlays import LiftStay, StayOrder
from shared.auth import Actor
from shared.contracts.inspection import (
    OrderStayed,
    Stay,
    StayGround,
    StayLapsed,
    StayLifted,
)


async def stay_order(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: StayOrder, now: datetime) -> Hazard:
    """Let the days of the order rest, from the day of the decision or filing on.

    Where the law lets the whole time begin only when a contest has ended, nothing of it has run yet. No day rests
    twice: a stay begins after the one before it.
    """
    step = await begin(tx, who, hazard_id, Verb.STAY_ORDER, now)
    hazard, rules, today = step.hazard, rules_of(tx), local_day(tx, now)
    assert hazard.limit is not None, "an order has a limit"
    if ask.ground is StayGround.APPEAL:
        appeal_may_stay(stays=rules.flag("order.stayed_by_appeal", today))
    order = await newest_order(tx, hazard)
    if ask.ground is StayGround.APPEAL:
        known = await tx.get(OrderDelivery, order.id)
        received = order.issued_at if known is None else known.at
        appealed_in_time(ask.on, local_day(tx, rules.due("order.contest", received).at))
    clock = await running(tx, hazard.id, LIMIT)
    ordered = order.issued_at if clock is None else clock.starts_at
    began = max([ordered, *await _ends_of_stays(tx, hazard)])
    stayed_between(ask.on, local_day(tx, began), today, hazard.limit)
    since = min(max(datetime.combine(ask.on, time(), rules.timezone), began), now)
    if ask.ground is StayGround.APPEAL and rules.flag("order.stayed_from_its_beginning", today):
        since = began
    stay = OrderStay(
        id=uuid4(),
        hazard_id=hazard.id,
        cycle=hazard.cycle,
        order_id=order.id,
        ground=ask.ground,
        reference=ask.reference,
        reason=ask.reason,
        on=ask.on,
        since=since,
        limit_before=hazard.limit,
        recorded_by=who.id,
        recorded_at=now,
    )
    tx.add(stay)
    fact = partial(
        OrderStayed,
        stay_id=stay.id,
        ground=ask.ground,
        reference=ask.reference,
        since=local_day(tx, since),
        limit=hazard.limit,
        reason=ask.reason,
    )
    return await finish(tx, who, replace(step, begins=since), fact, now, reason=ask.reason, order_id=order.id)


async def lift_stay(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: LiftStay, now: datetime) -> Hazard:
    """Let the order go on with what was left: its limit lies as many days later as it was stayed."""
    step = await begin(tx, who, hazard_id, Verb.LIFT_STAY, now)
    hazard = step.hazard
    stay = await _standing(tx, hazard)
    assert hazard.limit is not None, "an order has a limit"
    stood = await days_rested(tx, hazard, stay, now)
    hazard.limit = stay.limit_after = hazard.limit + stood
    await put_off(tx, hazard, stood)
    if hazard.listing in LISTED:
        (await listing_of(tx, hazard)).limit = hazard.limit
    stay.lifted_by, stay.lifted_at, stay.lift_reason = who.id, now, ask.reason
    fact = partial(StayLifted, stay_id=stay.id, limit=hazard.limit, days=stood.days, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason)


async def lapse_stay(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> Hazard:
    """Let a stay end with the order that it stayed: the enterprise obeyed all the same, or the hazard is no more."""
    if hazard.stay is not Stay.STAYED:
        return hazard
    stay = await _standing(tx, hazard)
    stay.lapsed_at, hazard.stay = now, Stay.LIFTED
    return await finish(tx, who, aside(hazard, Deed.LAPSE_STAY), partial(StayLapsed, stay_id=stay.id), now)


async def days_rested(tx: AsyncSession, hazard: Hazard, stay: OrderStay, now: datetime) -> timedelta:
    """Give by how much the limit lies later if the stay ends now: a limit that was set meanwhile rests from then on."""
    since = stay.since
    if hazard.listing in LISTED:
        since = max(since, (await listing_of(tx, hazard)).decided_at or since)
    return local_day(tx, now) - local_day(tx, since)


async def limit_today(tx: AsyncSession, hazard: Hazard, now: datetime) -> date:
    """Give the limit as it would stand if a stay that stands ended now."""
    assert hazard.limit is not None, "an order has a limit"
    if hazard.stay is not Stay.STAYED:
        return hazard.limit
    return hazard.limit + await days_rested(tx, hazard, await _standing(tx, hazard), now)


async def _standing(tx: AsyncSession, hazard: Hazard) -> OrderStay:
    """Give the stay that stands; the overlay says that there is one."""
    query = select(OrderStay).where(
        col(OrderStay.hazard_id) == hazard.id, col(OrderStay.lifted_at).is_(None), col(OrderStay.lapsed_at).is_(None)
    )
    return (await tx.execute(query)).scalar_one()


async def _ends_of_stays(tx: AsyncSession, hazard: Hazard) -> list[datetime]:
    """Give when earlier stays of this cycle ended."""
    ended = func.coalesce(col(OrderStay.lifted_at), col(OrderStay.lapsed_at))
    query = select(ended).where(
        col(OrderStay.hazard_id) == hazard.id, col(OrderStay.cycle) == hazard.cycle, ended.is_not(None)
    )
    return list((await tx.execute(query)).scalars())
