"""Two officers look whether each item is put right; without their verdict nothing is ever closed."""

from datetime import datetime, time
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions import parts
from services.inspection.hazards.actions.moving import Step, begin, finish
from services.inspection.hazards.actions.ordering import cited, issue, max_days
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.rules import each_exactly_once, limit_is_lawful
from services.inspection.hazards.models import Hazard, HazardItem, Recheck
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import Consequence, FailRecheck, OrderKind, PassRecheck
from shared.auth import Actor
from shared.contracts.inspection import HazardState, RecheckFailed, RecheckOpened, RecheckPassed
from shared.errors import BadInput


async def open_recheck(tx: AsyncSession, who: Actor, hazard_id: UUID, now: datetime) -> Hazard:
    """T11: on request, or because the limit has passed; then the clock runs from the limit."""
    step = await begin(tx, who, hazard_id, Verb.OPEN_RECHECK, now)
    hazard = step.hazard
    if step.before != HazardState.RECHECK_REQUESTED:
        assert hazard.limit is not None, "an order has a limit"
        expired = datetime.combine(hazard.limit, time(23, 59, 59), rules_of(tx).timezone)
        deadlines.start(tx, hazard.about, "hazard.recheck", hazard.lead_authority_id, expired)
    recheck = Recheck(
        id=uuid4(),
        hazard_id=hazard.id,
        cycle=hazard.cycle,
        opened_at=now,
        opened_by=who.id,
        officers=[],
        verdicts=[],
    )
    tx.add(recheck)
    return await finish(tx, who, step, partial(RecheckOpened, recheck_id=recheck.id), now)


async def pass_recheck(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: PassRecheck, now: datetime) -> Hazard:
    """T12: every item is put right."""
    step = await begin(tx, who, hazard_id, Verb.PASS_RECHECK, now, officers=ask.officers)
    await proven(tx, who, hazard_id, ask.attachments)
    recheck, failing = await _judge(tx, who, step, ask, now)
    if failing:
        raise BadInput("items-fail", "An item fails, so the re-check fails.", "有项目未通过，复查不合格。")
    recheck.passed = True
    fact = partial(RecheckPassed, recheck_id=recheck.id, officers=ask.officers)
    return await finish(tx, who, step, fact, now, reason=ask.opinion, attachments=ask.attachments)


async def fail_recheck(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: FailRecheck, now: datetime) -> Hazard:
    """T13: never without a consequence and a new limit."""
    step = await begin(tx, who, hazard_id, Verb.FAIL_RECHECK, now, officers=ask.officers, bases=ask.basis_ids)
    await proven(tx, who, hazard_id, ask.attachments)
    await cited(tx, ask.basis_ids, now)
    hazard = step.hazard
    limit_is_lawful(ask.limit, local_day(tx, now), max_days(tx, hazard, now))
    recheck, failing = await _judge(tx, who, step, ask, now)
    if not failing:
        raise BadInput("no-item-fails", "No item fails, so the re-check passes.", "各项目均通过，复查应为合格。")
    recheck.passed, recheck.consequence, recheck.limit = False, ask.consequence, ask.limit
    if ask.consequence == Consequence.NEW_ORDER:
        await issue(tx, step, OrderKind.RECTIFY_BY, [item.text for item in failing], ask, now)
    hazard.limit = ask.limit
    deadlines.start_until(tx, hazard.about, "hazard.limit", hazard.enterprise_id, ask.limit, now)
    fact = partial(
        RecheckFailed,
        recheck_id=recheck.id,
        officers=ask.officers,
        consequence=ask.consequence,
        limit=ask.limit,
        opinion=ask.opinion,
        basis_ids=ask.basis_ids,
    )
    return await finish(tx, who, step, fact, now, reason=ask.opinion, basis=ask.basis, attachments=ask.attachments)


async def _judge(
    tx: AsyncSession, who: Actor, step: Step, ask: PassRecheck, now: datetime
) -> tuple[Recheck, list[HazardItem]]:
    """Write the verdicts; give the re-check and the items that failed."""
    hazard = step.hazard
    joint = await parts.joint_officers(tx, hazard, who, ask.joint_officers, now)
    open_items = {item.id: item for item in await knowing.items_of(tx, hazard) if not item.passed}
    each_exactly_once(open_items, [verdict.item_id for verdict in ask.verdicts])
    for verdict in ask.verdicts:
        open_items[verdict.item_id].passed = verdict.passed
    failing = [item for item in open_items.values() if not item.passed]
    hazard.open_items = len(failing)
    hazard.rechecked_by = [str(each) for each in ask.officers]
    recheck = await knowing.recheck_under_way(tx, hazard)
    recheck.decided_at = now
    recheck.officers = hazard.rechecked_by
    recheck.joint_officers = joint
    recheck.verdicts = [verdict.model_dump(mode="json") for verdict in ask.verdicts]
    recheck.opinion = ask.opinion
    return recheck, failing
