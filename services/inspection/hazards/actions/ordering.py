"""What an authority demands: an order with items and a limit, or a stop of work."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.delivering import hand_over
from services.inspection.hazards.actions.limiting import start_limit
from services.inspection.hazards.actions.moving import Step, begin, finish
from services.inspection.hazards.actions.recurring import recognise
from services.inspection.hazards.domain import LISTED, SUSPENSION, Verb
from services.inspection.hazards.domain.rules import limit_is_lawful, may_be_cited
from services.inspection.hazards.models import Hazard, HazardItem, Order
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import FailRecheck, IssueOrder, OrderKind, OrderStop
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    OrderIssued,
    SuspensionImposed,
)
from shared.contracts.values import Grade
from shared.errors import BadInput, Conflict


async def order(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: IssueOrder, now: datetime) -> Hazard:
    """T06: two certified officers order the removal, item by item, within a limit and on a legal basis."""
    enterprise, bases = ask.enterprise_id, ask.basis_ids
    step = await begin(tx, who, hazard_id, Verb.ORDER, now, officers=ask.officers, enterprise=enterprise, bases=bases)
    hazard = step.hazard
    await cited(tx, bases, now)
    named = await _addressee(tx, hazard.enterprise_id, ask.enterprise_id)
    if named != hazard.enterprise_id:
        hazard.enterprise_id = named
        await recognise(tx, hazard, now)
    await proven(tx, who, hazard_id, *(item.before for item in ask.items))
    at_once = ask.kind == OrderKind.REMOVE_AT_ONCE
    shortest, longest = min_days(tx, now), max_days(tx, hazard, now)
    limit_is_lawful(ask.limit, local_day(tx, now), longest, min_days=shortest, at_once=at_once)
    issued = await issue(tx, step, ask.kind, [item.text for item in ask.items], ask, now)
    for ordinal, item in enumerate(ask.items, 1):
        tx.add(
            HazardItem(
                hazard_id=hazard.id,
                cycle=hazard.cycle,
                ordinal=ordinal,
                text=item.text,
                before=written(item.before),
                after=[],
            )
        )
    hazard.limit = ask.limit
    hazard.open_items = len(ask.items)
    start_limit(tx, hazard, ask.limit, now)
    if hazard.grade == Grade.MAJOR:
        deadlines.start(tx, hazard.about, "hazard.register_major", hazard.enterprise_id, now)
    fact = partial(
        OrderIssued,
        order_id=issued.id,
        order_number=issued.number,
        kind=issued.kind,
        limit=issued.limit,
        items=tuple(issued.items),
        officers=ask.officers,
        basis_ids=ask.basis_ids,
        on_site_only=issued.on_site_only,
    )
    await finish(tx, who, step, fact, now, basis=ask.basis)
    return await hand_over(tx, who, issued, ask.delivery, now) or hazard


async def _addressee(tx: AsyncSession, known: UUID | None, named: UUID | None) -> UUID:
    """Give who is to act: the enterprise that is known, or the named one where none is known or it has ended."""
    addressee = known if known is not None and not await copies.has_ended(tx, known) else named or known
    if addressee is None:
        raise BadInput("no-addressee", "Name the enterprise that is to act.", "请指明责任单位。")
    if await copies.has_ended(tx, addressee):
        raise Conflict(
            "enterprise-ended",
            "This enterprise has ended. Name who answers for the place now, or declare the hazard void with proof.",
            "该企业已注销或迁出。请另行指明现责任单位，或凭证明材料对隐患作销案处理。",
        )
    return addressee


async def cited(tx: AsyncSession, bases: tuple[UUID, ...], now: datetime) -> None:
    """Refuse legal bases that do not hold on the day."""
    may_be_cited(bases, await copies.citable(tx, bases, local_day(tx, now)))


async def issue(
    tx: AsyncSession, step: Step, kind: OrderKind, items: list[str], ask: IssueOrder | FailRecheck, now: datetime
) -> Order:
    """Write the document of an order under the lead authority's next number, with the letter of who acts for it.

    It then waits to be delivered; an earlier one that never was need not be any more.
    """
    hazard = step.hazard
    assert hazard.lead_authority_id is not None, "only the lead authority orders"
    issued = Order(
        id=uuid4(),
        hazard_id=hazard.id,
        cycle=hazard.cycle,
        number=await knowing.next_order_number(tx, hazard.lead_authority_id, now),
        authority_id=hazard.lead_authority_id,
        kind=kind,
        basis=ask.basis,
        basis_ids=[str(each) for each in ask.basis_ids],
        letter_no=step.letter.letter_no if step.letter else None,
        items=items,
        limit=ask.limit,
        on_site_only=ask.on_site_only,
        officers=[str(each) for each in ask.officers],
        issued_at=now,
    )
    tx.add(issued)
    hazard.delivered = False
    await deadlines.cancel(tx, hazard.about, ("order.deliver",), now)
    deadlines.start(tx, hazard.about, "order.deliver", hazard.lead_authority_id, now)
    return issued


def min_days(tx: AsyncSession, now: datetime) -> int:
    """Give the shortest limit, in calendar days, that the profile leaves for putting something right."""
    return int(rules_of(tx).number("rectification.min_days", local_day(tx, now)))


def max_days(tx: AsyncSession, hazard: Hazard, now: datetime) -> int:
    """Give the longest limit, in calendar days, that the profile allows for this grade, or for a listed hazard."""
    if hazard.listing in LISTED:
        return (local_day(tx, rules_of(tx).due("listing.limit", now).at) - local_day(tx, now)).days
    key = "rectification.max_days.major" if hazard.grade == Grade.MAJOR else "rectification.max_days"
    return int(rules_of(tx).number(key, local_day(tx, now)))


async def order_stop(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: OrderStop, now: datetime) -> Hazard:
    """T07: safety cannot be assured before or while the danger is removed (WSL art. 65(3))."""
    kinds = SUSPENSION.moves[Verb.REQUEST_RESUMPTION].sources
    if ask.kind not in kinds:
        raise BadInput("not-a-stop", "That is not a kind of stop.", "停产停业类型无效。", kinds=sorted(kinds))
    step = await begin(tx, who, hazard_id, Verb.ORDER_STOP, now)
    await cited(tx, ask.basis_ids, now)
    if step.hazard.enterprise_id is None:
        raise BadInput(
            "no-addressee", "Nobody is known whose work could be stopped.", "责任单位不明，无法责令停产停业。"
        )
    step.hazard.suspension = step.hazard.stopped_as = ask.kind
    fact = partial(SuspensionImposed, reason=ask.reason, basis_ids=ask.basis_ids)
    return await finish(tx, who, step, fact, now, reason=ask.reason, basis=ask.basis)
