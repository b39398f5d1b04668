"""Two officers look whether each item is put right; without their verdict nothing is ever closed."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions import parts
from services.inspection.hazards.actions.delivering import hand_over
from services.inspection.hazards.actions.extending import lapse
from services.inspection.hazards.actions.limiting import start_limit
from services.inspection.hazards.actions.moving import Step, begin, finish
from services.inspection.hazards.actions.ordering import cited, issue, max_days, min_days
from services.inspection.hazards.actions.prosecuting import file_case
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.proof import (
    Proven,
    independent,
    is_drawn,
    lacks_of_a_pass,
    lacks_of_items,
    may_be_remote,
    nothing_lacks,
)
from services.inspection.hazards.domain.rules import each_exactly_once, limit_is_lawful, recheck_clock
from services.inspection.hazards.models import Hazard, HazardItem, Recheck
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import (
    Consequence,
    FailRecheck,
    JudgeRecheck,
    Opinion,
    OrderKind,
    PassRecheck,
)
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    HazardState,
    RecheckFailed,
    RecheckMode,
    RecheckOpened,
    RecheckPassed,
)
from shared.contracts.values import PartyKind
from shared.errors import BadInput

ADVISERS = frozenset({PartyKind.AGENCY, PartyKind.ASSOCIATION, PartyKind.INSURER})
"""Organisations that may do the work or speak for it, but never both (COI-6)."""


async def open_recheck(tx: AsyncSession, who: Actor, hazard_id: UUID, now: datetime) -> Hazard:
    """T11: on request, or because the limit has passed; then the clock runs from the limit."""
    step = await begin(tx, who, hazard_id, Verb.OPEN_RECHECK, now)
    hazard = step.hazard
    if step.before != HazardState.RECHECK_REQUESTED:
        assert hazard.limit is not None, "an order has a limit"
        expired = rules_of(tx).end_of(hazard.limit)
        deadlines.start(tx, hazard.about, recheck_clock(hazard.category), hazard.lead_authority_id, expired)
    recheck = new_recheck(tx, who, hazard, now)
    await finish(tx, who, step, partial(RecheckOpened, recheck_id=recheck.id), now)
    return await lapse(tx, who, hazard, now)


def new_recheck(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> Recheck:
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
    return recheck


async def pass_recheck(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: PassRecheck, now: datetime) -> Hazard:
    """T12: every item is put right, and that is proven; a remote one may be drawn for a look on site (§4.4)."""
    step = await begin(tx, who, hazard_id, Verb.PASS_RECHECK, now, officers=ask.officers)
    hazard = step.hazard
    recheck, judged = await _judge(tx, who, step, ask, now)
    if not all(item.passed for item in judged):
        raise BadInput("items-fail", "An item fails, so the re-check fails.", "有项目未通过，复查不合格。")
    signed = bool(ask.unit_signature) or ask.unit_refused is not None
    record = lacks_of_a_pass(hazard.grade, photos=len(ask.attachments), signed=signed)
    nothing_lacks([*lacks_of_items(hazard.grade, _shown(judged)), *record])
    if ask.opinion_by is not None:
        recheck.opinion_by = await _heard(tx, who, hazard, ask.opinion_by)
    share = rules_of(tx).number("hazard.remote.sample", local_day(tx, now))
    recheck.passed = True
    recheck.drawn = hazard.site_check_due = ask.mode is RecheckMode.REMOTE and is_drawn(recheck.id, share)
    step = replace(step, clock="hazard.site_check") if recheck.drawn else step
    fact = partial(RecheckPassed, recheck_id=recheck.id, officers=ask.officers, mode=recheck.mode, drawn=recheck.drawn)
    return await finish(tx, who, step, fact, now, reason=ask.opinion, attachments=ask.attachments)


async def fail_recheck(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: FailRecheck, now: datetime) -> Hazard:
    """T13: never without a consequence and a new limit; a case is opened in the same breath."""
    step = await begin(tx, who, hazard_id, Verb.FAIL_RECHECK, now, officers=ask.officers, bases=ask.basis_ids)
    await cited(tx, ask.basis_ids, now)
    hazard = step.hazard
    limit_is_lawful(ask.limit, local_day(tx, now), max_days(tx, hazard, now), min_days=min_days(tx, now))
    recheck, judged = await _judge(tx, who, step, ask, now)
    failing = [item for item in judged if not item.passed]
    if not failing:
        raise BadInput("no-item-fails", "No item fails, so the re-check passes.", "各项目均通过，复查应为合格。")
    nothing_lacks([*lacks_of_items(hazard.grade, _shown([item for item in judged if item.passed]))])
    recheck.passed, recheck.consequence, recheck.limit = False, ask.consequence, ask.limit
    ordered = None
    if ask.consequence == Consequence.NEW_ORDER:
        ordered = await issue(tx, step, OrderKind.RECTIFY_BY, [item.text for item in failing], ask, now)
    elif ask.delivery is not None:
        raise BadInput("no-order-to-deliver", "No order is issued, so none is delivered.", "未下达指令书，无可送达。")
    hazard.limit = ask.limit
    start_limit(tx, hazard, ask.limit, now)
    fact = partial(
        RecheckFailed,
        recheck_id=recheck.id,
        officers=ask.officers,
        consequence=ask.consequence,
        limit=ask.limit,
        opinion=ask.opinion,
        basis_ids=ask.basis_ids,
        mode=recheck.mode,
    )
    await finish(tx, who, step, fact, now, reason=ask.opinion, basis=ask.basis, attachments=ask.attachments)
    if ordered is None:
        return await file_case(tx, who, hazard_id, ask, now)
    return await hand_over(tx, who, ordered, ask.delivery, now) or hazard


async def _judge(
    tx: AsyncSession, who: Actor, step: Step, ask: JudgeRecheck, now: datetime
) -> tuple[Recheck, list[HazardItem]]:
    """Write the verdicts; give the re-check and the items that were judged."""
    hazard = step.hazard
    joint = await parts.joint_officers(tx, hazard, who, ask.joint_officers, now)
    if ask.mode is RecheckMode.REMOTE:
        on_site_only = await knowing.must_be_seen_on_site(tx, hazard)
        may_be_remote(hazard.grade, recurrent=hazard.recurrent, on_site_only=on_site_only)
    if ask.unit_signature and ask.unit_refused is not None:
        raise BadInput("signed-or-refused", "The unit signed or it refused, not both.", "签字与拒签只能择一。")
    photos = [refs for verdict in ask.verdicts for refs in (verdict.before, verdict.after)]
    await proven(tx, who, hazard.id, ask.attachments, ask.unit_signature, *photos)
    open_items = {item.id: item for item in await knowing.items_of(tx, hazard) if not item.passed}
    each_exactly_once(open_items, [verdict.item_id for verdict in ask.verdicts])
    for verdict in ask.verdicts:
        item = open_items[verdict.item_id]
        item.passed = verdict.passed
        item.before = [*item.before, *written(verdict.before)]
        item.after = [*item.after, *written(verdict.after)]
    hazard.open_items = sum(not item.passed for item in open_items.values())
    hazard.rechecked_by = [str(each) for each in ask.officers]
    recheck = await knowing.recheck_under_way(tx, hazard)
    recheck.decided_at = now
    recheck.officers = hazard.rechecked_by
    recheck.joint_officers = joint
    recheck.certificates = await certificates_of(tx, ask.officers, now)
    recheck.verdicts = [verdict.model_dump(mode="json") for verdict in ask.verdicts]
    recheck.opinion = ask.opinion
    recheck.mode = ask.mode
    recheck.place = ask.place.model_dump(mode="json") if ask.place else None
    recheck.attachments = written(ask.attachments)
    recheck.unit_signature, recheck.unit_refused = written(ask.unit_signature), ask.unit_refused
    return recheck, sorted(open_items.values(), key=lambda item: item.ordinal)


def _shown(items: list[HazardItem]) -> list[Proven]:
    return [Proven(item.ordinal, len(item.before), len(item.after)) for item in items]


async def certificates_of(tx: AsyncSession, officers: tuple[UUID, ...], now: datetime) -> list[dict[str, Any]]:
    """Give the officers' certificates as they are at this instant: later they end, and the record must not."""
    numbers = await copies.certificate_numbers(tx, officers, local_day(tx, now))
    return [{"officer_id": str(each), "number": numbers.get(each)} for each in officers]


async def _heard(tx: AsyncSession, who: Actor, hazard: Hazard, ask: Opinion) -> dict[str, Any]:
    """Take an opinion down: of one registered agency or one named expert, and never of who did the work (COI-6)."""
    if (ask.agency_id is None) is (ask.expert is None):
        raise BadInput("opinion-of-whom", "Name one agency or one expert.", "请注明一家机构或一名专家。")
    if ask.agency_id is not None:
        if not await copies.organisations(tx, [ask.agency_id], ADVISERS):
            raise BadInput("not-an-agency", "That is no registered agency.", "该单位不是已登记的机构。")
        independent(ask.agency_id, hazard.contractor_ids)
    await proven(tx, who, hazard.id, ask.attachments)
    return ask.model_dump(mode="json")
