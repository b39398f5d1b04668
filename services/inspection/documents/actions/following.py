"""Makes the document that an act about a hazard needs; without it each act would have to remember its paper."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.documents.actions.issuing import Act, issue, number_for, said_of
from services.inspection.documents.models import Document, Serving
from services.inspection.documents.queries import gathering, seeing
from services.inspection.hazards.models import Hazard, Order, OrderDelivery, Recheck
from shared.auth import Actor
from shared.contracts.inspection import (
    DocumentKind,
    HazardFact,
    OrderDelivered,
    OrderIssued,
    RecheckFailed,
    RecheckPassed,
    SuspensionImposed,
)
from shared.contracts.values import derived_id

_Follow = Callable[[AsyncSession, Actor | None, Hazard, datetime], Awaitable[None]]


async def follow(
    tx: AsyncSession, who: Actor | None, hazard: Hazard, fact: HazardFact, basis: str, now: datetime
) -> None:
    """Issue, in the transaction of the act, the document that it takes; most acts take none."""
    doing: _Follow | None
    match fact:
        case OrderIssued():
            doing = partial(_order, order_id=fact.order_id)
        case RecheckPassed():
            doing = partial(_recheck, recheck_id=fact.recheck_id, delegation=fact.letter_no)
        case RecheckFailed():
            doing = partial(_failed, fact=fact)
        case SuspensionImposed():
            doing = partial(_stop, fact=fact, basis=basis)
        case OrderDelivered():
            doing = partial(_delivered, order_id=fact.order_id)
        case _:
            return
    await doing(tx, who, hazard, now)


async def _order(tx: AsyncSession, who: Actor | None, hazard: Hazard, now: datetime, *, order_id: UUID) -> None:
    """The document bears the number that the order has."""
    order = await tx.get_one(Order, order_id)
    act = _act(hazard, DocumentKind.RECTIFICATION_ORDER, order.id, order.authority_id, order.number)
    said = await said_of(tx, act, order.number, now)
    issue(tx, who, act, await gathering.order(tx, hazard, order, now, said), now)


async def _recheck(
    tx: AsyncSession, who: Actor | None, hazard: Hazard, now: datetime, *, recheck_id: UUID, delegation: str | None
) -> None:
    recheck = await tx.get_one(Recheck, recheck_id)
    assert hazard.lead_authority_id is not None, "only the lead authority re-checks"
    act = _act(hazard, DocumentKind.RECHECK_OPINION, recheck.id, hazard.lead_authority_id)
    said = await said_of(tx, act, await number_for(tx, act, now), now)
    ordered = await _ordered_before(tx, recheck, now)
    issue(tx, who, act, await gathering.opinion(tx, hazard, recheck, ordered, delegation, now, said), now)


async def _failed(tx: AsyncSession, who: Actor | None, hazard: Hazard, now: datetime, *, fact: RecheckFailed) -> None:
    """A re-check that fails has its opinion, and the order that follows from it its own document."""
    await _recheck(tx, who, hazard, now, recheck_id=fact.recheck_id, delegation=fact.letter_no)
    query = select(Order.id).where(col(Order.hazard_id) == hazard.id, col(Order.issued_at) == now, ~_has_a_document())
    for order_id in (await tx.execute(query)).scalars().all():
        await _order(tx, who, hazard, now, order_id=order_id)


async def _stop(
    tx: AsyncSession, who: Actor | None, hazard: Hazard, now: datetime, *, fact: SuspensionImposed, basis: str
) -> None:
    issuer = hazard.lead_authority_id or hazard.handling_authority_id
    act_id = await _this_stop(tx, hazard)
    act = _act(hazard, DocumentKind.ONSITE_MEASURE, act_id, issuer)
    said = await said_of(tx, act, await number_for(tx, act, now), now)
    issue(tx, who, act, await gathering.measure(tx, hazard, fact, basis, now, said), now)


async def _delivered(tx: AsyncSession, _: Actor | None, hazard: Hazard, now: datetime, *, order_id: UUID) -> None:
    """Whoever delivers an order has served its document."""
    del hazard, now
    document = await seeing.of_act(tx, DocumentKind.RECTIFICATION_ORDER, order_id)
    delivery = await tx.get(OrderDelivery, order_id)
    if document is None or delivery is None:  # an order older than its documents
        return
    row = delivery.model_dump(exclude={"order_id", "hazard_id"})
    await tx.execute(insert(Serving).values(document_id=document.id, **row).on_conflict_do_nothing())


def _has_a_document() -> ColumnElement[bool]:
    return exists().where(col(Document.act_id) == col(Order.id))


async def _ordered_before(tx: AsyncSession, recheck: Recheck, now: datetime) -> str:
    """Give the number of the order whose fulfilment was looked at; empty where the unit acted without one.

    An order that this very act issues is none of those before it.
    """
    query = (
        select(Order.number)
        .where(col(Order.hazard_id) == recheck.hazard_id, or_(col(Order.issued_at) < now, _has_a_document()))
        .order_by(col(Order.issued_at).desc(), col(Order.number).desc())
        .limit(1)
    )
    return (await tx.execute(query)).scalar() or ""


async def _this_stop(tx: AsyncSession, hazard: Hazard) -> UUID:
    """Name a stop, which has no row of its own, by the hazard and its place among the hazard's stops."""
    query = select(Document.id).where(
        col(Document.hazard_id) == hazard.id, col(Document.kind) == DocumentKind.ONSITE_MEASURE
    )
    earlier = len((await tx.execute(query)).scalars().all())
    return derived_id("stop", hazard.id, earlier)


def _act(hazard: Hazard, kind: DocumentKind, act_id: UUID, issuer_id: UUID, number: str | None = None) -> Act:
    return Act(
        kind=kind,
        id=act_id,
        area_code=hazard.area_code,
        issuer_id=issuer_id,
        addressee_id=hazard.enterprise_id,
        number=number,
        hazard_id=hazard.id,
    )
