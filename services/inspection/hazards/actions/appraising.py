"""Seized goods are tested, and that time is not counted; without it the law's days would run out in a laboratory.

The owner is told how long (Compulsion Law art. 25), so the seizure lasts so many days longer from the start; it never
stands still. What takes longer than was told counts, and days that the test did not need are taken off again.
"""

from datetime import date, datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.held import about, begin, finish
from services.inspection.hazards.domain.measures import ENDS, SEIZED, MeasureVerb, tested_within
from services.inspection.hazards.models import Appraisal, Hazard, Measure
from services.inspection.hazards.queries import measures
from services.inspection.hazards.shapes.measures import RecordAppraisal, SendForAppraisal
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import MeasureAppraised, MeasureSentForAppraisal

TEST = "seizure.appraisal"
_SENT = ("The goods are tested, which is not counted", "物品检测、检验、技术鉴定期间不计入期限")
_BACK = ("The test is over", "检测、检验、技术鉴定结束")


async def send_for_appraisal(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: SendForAppraisal, now: datetime
) -> Hazard:
    """Have seized goods tested: that time is not counted, and the result is owed by the day that the owner is told."""
    hazard, measure, moved = await begin(tx, who, hazard_id, measure_id, MeasureVerb.SEND_FOR_APPRAISAL, now)
    today, longest = local_day(tx, now), local_day(tx, rules_of(tx).due("seizure.appraisal.longest", now).at)
    tested_within(ask.until, today, longest - await measures.days_tested(tx, measure))
    test = Appraisal(
        id=uuid4(),
        measure_id=measure.id,
        appraiser=ask.appraiser,
        question=ask.question,
        reason=ask.reason,
        until=ask.until,
        sent_by=who.id,
        sent_at=now,
    )
    tx.add(test)
    measure.appraisal_id = test.id
    await _move(tx, hazard, measure, measure.until + (ask.until - today), _SENT, now)
    deadlines.start_until(tx, about(hazard, measure), TEST, measure.authority_id, ask.until, now)
    fact = partial(MeasureSentForAppraisal, appraiser=ask.appraiser, question=ask.question, appraisal_until=ask.until)
    return await finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason, appraisal_id=test.id)


async def record_appraisal(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: RecordAppraisal, now: datetime
) -> Hazard:
    """Record what the test found; days that the owner was told and that it did not need are counted after all."""
    hazard, measure, moved = await begin(tx, who, hazard_id, measure_id, MeasureVerb.RECORD_APPRAISAL, now)
    await proven(tx, who, hazard_id, ask.evidence)
    test = await measures.test_of(tx, measure)
    assert test is not None, "the guard saw one"
    await deadlines.meet(tx, about(hazard, measure), ENDS[MeasureVerb.RECORD_APPRAISAL], now)
    over = min(local_day(tx, now), test.until)
    if over < test.until:
        await _move(tx, hazard, measure, measure.until - (test.until - over), _BACK, now)
    test.days = (over - local_day(tx, test.sent_at)).days
    test.result, test.evidence = ask.result, written(ask.evidence)
    test.recorded_by, test.recorded_at = who.id, now
    measure.appraisal_id = None
    fact = partial(MeasureAppraised, result=ask.result, days=test.days)
    return await finish(
        tx, who, hazard, measure, moved, fact, now, reason=ask.result, appraisal_id=test.id, evidence=ask.evidence
    )


async def _move(
    tx: AsyncSession, hazard: Hazard, measure: Measure, until: date, why: tuple[str, str], now: datetime
) -> None:
    """Give the seizure another last day, with its clock."""
    measure.until = until
    for key in SEIZED:
        await deadlines.extend(tx, about(hazard, measure), key, until, why, now)
