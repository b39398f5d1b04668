"""The end of a hazard and what comes after it: closing by another person, two looks back, opening again."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions import parts
from services.inspection.hazards.actions.listing import list_again
from services.inspection.hazards.actions.moving import Step, begin, finish
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.domain.recurrence import one_higher
from services.inspection.hazards.models import Hazard, LookBack
from services.inspection.hazards.queries.proceedings import closing_record
from services.inspection.hazards.queries.recurring import LOOK_BACKS
from services.inspection.hazards.shapes.asks import CloseHazard, LookBackAsk, Reopen
from shared.auth import Actor
from shared.contracts.inspection import (
    Extension,
    HazardClosed,
    HazardReopened,
    HazardState,
    LookBackDone,
    Stay,
    Suspension,
)
from shared.contracts.values import Grade
from shared.errors import BadInput, Conflict


async def close(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: CloseHazard, now: datetime) -> Hazard:
    """T14: struck off the list by somebody who did not re-check it; two look-backs are scheduled (D06).

    History keeps by which pictures, which re-check and whose certificates it was closed (§4.4).
    """
    step = await begin(tx, who, hazard_id, Verb.CLOSE, now)
    hazard = step.hazard
    if hazard.grade == Grade.MAJOR and not ask.workers_told:
        raise BadInput(
            "workers-first",
            "The removal of a major hazard is reported to the workers before it is closed.",
            "重大隐患治理情况须先向职工大会或职工代表大会报告。",
        )
    hazard.closed_at = now
    hazard.looked_back = 0
    due = [deadlines.start(tx, hazard.about, key, hazard.lead_authority_id, now) for key in LOOK_BACKS]
    days = tuple(each.astimezone(rules_of(tx).timezone).date() for each in due)
    record = await closing_record(tx, hazard)
    await finish(tx, who, step, partial(HazardClosed, look_backs=days), now, reason=ask.remark, record=record)
    await parts.end_all(tx, who, hazard, ask.remark, now)
    return hazard


async def look_back(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: LookBackAsk, now: datetime) -> Hazard:
    """T16: is it still closed (1), was its root removed (2)? A failed look opens the hazard again at once."""
    step = await begin(tx, who, hazard_id, Verb.LOOK_BACK, now)
    await proven(tx, who, hazard_id, ask.evidence)
    hazard = step.hazard
    if ask.ordinal != hazard.looked_back + 1:
        raise Conflict(
            "look-back-order",
            f"The next look-back is number {hazard.looked_back + 1} of 2.",
            f"下一次应为第 {hazard.looked_back + 1} 次回头看（共 2 次）。",
        )
    tx.add(
        LookBack(
            hazard_id=hazard.id,
            cycle=hazard.cycle,
            ordinal=ask.ordinal,
            passed=ask.passed,
            remark=ask.remark,
            evidence=[picture.model_dump(mode="json") for picture in ask.evidence],
            by_id=who.id,
            at=now,
        )
    )
    await deadlines.meet(tx, hazard.about, LOOK_BACKS[ask.ordinal - 1 : ask.ordinal], now)
    hazard.looked_back = ask.ordinal
    fact = partial(LookBackDone, ordinal=ask.ordinal, passed=ask.passed, remark=ask.remark)
    await finish(tx, who, step, fact, now)
    if not ask.passed:
        before, hazard.state = hazard.state, HazardState.REOPENED
        again = Step(hazard, Verb.REOPEN, before, HAZARD.moves[Verb.REOPEN].clock)
        await begin_again(tx, None, again, f"look-back {ask.ordinal}: {ask.remark}", now)
    return hazard


async def reopen(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Reopen, now: datetime) -> Hazard:
    """T17: the danger is back; a new cycle begins."""
    step = await begin(tx, who, hazard_id, Verb.REOPEN, now)
    return await begin_again(tx, who, step, ask.reason, now)


async def begin_again(
    tx: AsyncSession, who: Actor | None, step: Step, reason: str, now: datetime, **kept: Any
) -> Hazard:
    """Begin a new cycle under heavier treatment (T17): an authority governs, and the ladder is climbed by one."""
    hazard = step.hazard
    hazard.cycle += 1
    hazard.recurrent = True
    hazard.escalation = one_higher(hazard.escalation)
    hazard.self_governed = False
    hazard.returns = 0
    hazard.looked_back = 0
    hazard.open_items = 0
    hazard.open_parts = 0
    hazard.rechecked_by = []
    hazard.limit = None
    hazard.certainties = None
    hazard.closed_at = None
    hazard.suspension = Suspension.NONE
    hazard.extension, hazard.extensions = Extension.NONE, 0
    hazard.stay = Stay.NONE
    hazard.delivered = hazard.site_check_due = False
    hazard.contractor_ids = []
    await list_again(tx, hazard, now)
    return await finish(tx, who, step, partial(HazardReopened, reason=reason), now, reason=reason, **kept)
