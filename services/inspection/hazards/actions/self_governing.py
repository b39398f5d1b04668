"""What an enterprise found itself and removes itself, until an authority takes it over (domain reference §4.6)."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, met_in_time, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.limiting import start_limit
from services.inspection.hazards.actions.moving import begin, finish, open_with
from services.inspection.hazards.actions.ordering import max_days
from services.inspection.hazards.actions.recurring import recognise
from services.inspection.hazards.actions.verifying import Suspicion, add_claim, register
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.own import drawn
from services.inspection.hazards.domain.rules import each_exactly_once, limit_is_lawful
from services.inspection.hazards.models import Hazard, HazardItem
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.queries.recurring import LOOK_BACKS
from services.inspection.hazards.shapes.own import CloseOwn, ConfirmOwn, FinishOwn, StartOwn, TakeOver
from shared.auth import Actor
from shared.contracts.inspection import (
    ClaimRef,
    HazardClosed,
    HazardConfirmed,
    HazardRegistered,
    HazardTakenOver,
    OwnFixVerified,
    RectificationStarted,
    RoutingRule,
)
from shared.contracts.values import Grade
from shared.errors import BadInput


async def open_own(
    tx: AsyncSession, hazard_id: UUID, suspicion: Suspicion, rule: RoutingRule, claim: ClaimRef, now: datetime
) -> Hazard:
    """Register what an enterprise declared as its own to remove; it knows of it from the start."""
    hazard = await register(tx, hazard_id, suspicion, now)
    hazard.self_governed = True
    hazard.lead_authority_id, hazard.routing_rule = suspicion.authority_id, rule
    hazard.ordered_at = now
    await add_claim(tx, hazard.id, claim, suspicion.claimed_at)
    deadlines.start(tx, hazard.about, "hazard.confirm_own", hazard.enterprise_id, now)
    return await finish(tx, None, open_with(hazard), partial(HazardRegistered, self_governed=True), now)


async def confirm_own(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ConfirmOwn, now: datetime) -> Hazard:
    """T02: the enterprise confirms its own general hazard; a major one is reported (WSL art. 41)."""
    step = await begin(tx, who, hazard_id, Verb.CONFIRM_OWN, now)
    hazard = step.hazard
    if ask.grade == Grade.MAJOR:
        raise BadInput(
            "report-a-major-hazard",
            "A major hazard is not yours to confirm: declare it in a self-check as major, and an authority comes.",
            "重大隐患不能由企业自行确认，请在自查中按重大隐患申报，由监管部门核查。",
            do="self-check",
        )
    hazard.grade = ask.grade
    hazard.what = ask.what or hazard.what
    await recognise(tx, hazard, now)
    assert hazard.routing_rule is not None, "what the enterprise governs was routed"
    fact = partial(
        HazardConfirmed,
        routing_rule=hazard.routing_rule,
        recurrent=hazard.recurrent,
        recurs_id=hazard.recurs_id,
        self_governed=True,
    )
    return await finish(tx, who, step, fact, now)


async def start_own(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: StartOwn, now: datetime) -> Hazard:
    """T08: the enterprise sets itself what to do, a limit no longer than an order's, and who answers for it."""
    step = await begin(tx, who, hazard_id, Verb.START_OWN, now)
    hazard = step.hazard
    limit_is_lawful(ask.limit, local_day(tx, now), max_days(tx, hazard, now))
    await proven(tx, who, hazard_id, *(item.before for item in ask.items))
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
    hazard.certainties = {"responsible_person": ask.responsible}
    start_limit(tx, hazard, ask.limit, now)
    fact = partial(RectificationStarted, limit=ask.limit, self_governed=True)
    items = [item.text for item in ask.items]
    return await finish(tx, who, step, fact, now, items=items, responsible=ask.responsible)


async def finish_own(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: FinishOwn, now: datetime) -> Hazard:
    """T10 to T12: every item is proven. Who proves it is not the one who alone strikes it off."""
    step = await begin(tx, who, hazard_id, Verb.FINISH_OWN, now)
    hazard = step.hazard
    await proven(tx, who, hazard_id, *(done.after for done in ask.items))
    items = {item.id: item for item in await knowing.items_of(tx, hazard)}
    each_exactly_once(items, [done.item_id for done in ask.items])
    for done in ask.items:
        item = items[done.item_id]
        item.after = [picture.model_dump(mode="json") for picture in done.after]
        item.remark, item.passed = done.remark, True
    hazard.open_items = 0
    hazard.rechecked_by = [str(who.id)]
    assert hazard.limit is not None, "who began has a limit"
    return await finish(tx, who, step, partial(OwnFixVerified, in_time=local_day(tx, now) <= hazard.limit), now)


async def close_own(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: CloseOwn, now: datetime) -> Hazard:
    """T14: the enterprise closes it; a draw says whether the authority looks again (§4.6)."""
    step = await begin(tx, who, hazard_id, Verb.CLOSE_OWN, now)
    hazard = step.hazard
    hazard.closed_at = now
    hazard.looked_back = 0
    share = rules_of(tx).number("hazard.self_closed.sample", local_day(tx, now))
    seen = drawn(hazard.id, hazard.cycle, now, share)
    due = [deadlines.start(tx, hazard.about, LOOK_BACKS[0], hazard.lead_authority_id, now)] if seen else []
    fact = partial(
        HazardClosed,
        look_backs=tuple(local_day(tx, each) for each in due),
        self_governed=True,
        fixed_in_time=await met_in_time(tx, hazard.id, "hazard.limit"),
    )
    return await finish(tx, who, step, fact, now, reason=ask.remark, drawn=seen, share=share)


async def take_over(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: TakeOver, now: datetime) -> Hazard:
    """T02: from here on it is verified, ordered and closed like any other; what the enterprise set itself is kept."""
    step = await begin(tx, who, hazard_id, Verb.TAKE_OVER, now)
    hazard = step.hazard
    hazard.self_governed = False
    hazard.lead_authority_id = hazard.routing_rule = None
    hazard.limit = hazard.certainties = None
    hazard.open_items = 0
    hazard.rechecked_by = []
    withdrawing = update(HazardItem).where(col(HazardItem.hazard_id) == hazard.id).values(withdrawn=True)
    await tx.execute(withdrawing.execution_options(synchronize_session=False))
    by = rules_of(tx).due("hazard.verify.taken_over", now).at
    fact = partial(HazardTakenOver, reason=ask.reason, verify_by=by)
    return await finish(tx, who, step, fact, now, reason=ask.reason)
