"""What an authority demands: an order with items and a limit, a stop of work, and whether the stop is lifted."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.moving import Step, begin, finish
from services.inspection.hazards.actions.recurring import recognise
from services.inspection.hazards.domain import SUSPENSION, Verb
from services.inspection.hazards.domain.rules import limit_is_lawful, may_be_cited
from services.inspection.hazards.models import Hazard, HazardItem, Order
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import (
    DecideResumption,
    FailRecheck,
    IssueOrder,
    OrderKind,
    OrderStop,
)
from shared.auth import Actor
from shared.contracts.inspection import OrderIssued, ResumptionDecided, Suspension, SuspensionImposed
from shared.contracts.values import Grade
from shared.errors import BadInput


async def order(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: IssueOrder, now: datetime) -> Hazard:
    """T06: two certified officers order the removal, item by item, within a limit and on a legal basis."""
    enterprise, bases = ask.enterprise_id, ask.basis_ids
    step = await begin(tx, who, hazard_id, Verb.ORDER, now, officers=ask.officers, enterprise=enterprise, bases=bases)
    hazard = step.hazard
    await cited(tx, bases, now)
    if hazard.enterprise_id is None:
        if ask.enterprise_id is None:
            raise BadInput("no-addressee", "Name the enterprise that is to act.", "请指明责任单位。")
        hazard.enterprise_id = ask.enterprise_id
        await recognise(tx, hazard, now)
    await proven(tx, who, hazard_id, *(item.before for item in ask.items))
    at_once = ask.kind == OrderKind.REMOVE_AT_ONCE
    limit_is_lawful(ask.limit, local_day(tx, now), max_days(tx, hazard, now), at_once=at_once)
    issued = await issue(tx, step, ask.kind, [item.text for item in ask.items], ask, now)
    for ordinal, item in enumerate(ask.items, 1):
        tx.add(
            HazardItem(
                hazard_id=hazard.id,
                cycle=hazard.cycle,
                ordinal=ordinal,
                text=item.text,
                before=[picture.model_dump(mode="json") for picture in item.before],
                after=[],
            )
        )
    hazard.limit = ask.limit
    hazard.open_items = len(ask.items)
    hazard.ordered_at = hazard.ordered_at or now
    deadlines.start_until(tx, hazard.about, "hazard.limit", hazard.enterprise_id, ask.limit, now)
    fact = partial(
        OrderIssued,
        order_id=issued.id,
        order_number=issued.number,
        kind=issued.kind,
        limit=issued.limit,
        items=tuple(issued.items),
        officers=ask.officers,
        basis_ids=ask.basis_ids,
    )
    return await finish(tx, who, step, fact, now, basis=ask.basis)


async def cited(tx: AsyncSession, bases: tuple[UUID, ...], now: datetime) -> None:
    """Refuse legal bases that do not hold on the day."""
    may_be_cited(bases, await copies.citable(tx, bases, local_day(tx, now)))


async def issue(
    tx: AsyncSession, step: Step, kind: OrderKind, items: list[str], ask: IssueOrder | FailRecheck, now: datetime
) -> Order:
    """Write the document of an order under the lead authority's next number, with the letter of who acts for it."""
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
        officers=[str(each) for each in ask.officers],
        issued_at=now,
    )
    tx.add(issued)
    return issued


def max_days(tx: AsyncSession, hazard: Hazard, now: datetime) -> int:
    """Give the longest limit, in calendar days, that the profile allows for this grade."""
    key = "rectification.max_days.major" if hazard.grade == Grade.MAJOR else "rectification.max_days"
    return int(rules_of(tx).number(key, local_day(tx, now)))


async def order_stop(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: OrderStop, now: datetime) -> Hazard:
    """T07: safety cannot be assured before or while the danger is removed (WSL art. 65(3))."""
    kinds = SUSPENSION.moves[Verb.REQUEST_RESUMPTION].sources
    if ask.kind not in kinds:
        raise BadInput("not-a-stop", "That is not a kind of stop.", "停产停业类型无效。", kinds=sorted(kinds))
    step = await begin(tx, who, hazard_id, Verb.ORDER_STOP, now)
    await cited(tx, ask.basis_ids, now)
    step.hazard.suspension = step.hazard.stopped_as = ask.kind
    fact = partial(SuspensionImposed, reason=ask.reason, basis_ids=ask.basis_ids)
    return await finish(tx, who, step, fact, now, reason=ask.reason, basis=ask.basis)


async def decide_resumption(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: DecideResumption, now: datetime
) -> Hazard:
    """T15, second half. Refused, the stop stands as it was imposed."""
    step = await begin(tx, who, hazard_id, Verb.DECIDE_RESUMPTION, now)
    if not ask.granted:
        assert step.hazard.stopped_as is not None, "what resumes was stopped"
        step.hazard.suspension = Suspension(step.hazard.stopped_as)
    fact = partial(ResumptionDecided, granted=ask.granted, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason)
