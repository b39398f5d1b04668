"""Seized goods are tested, and that time is not counted; without it the law's days would run out in a laboratory.

The owner is told how long (Compulsion Law art. 25). What takes longer than was told counts again from the next day on.
"""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import end_of, local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.held import about, begin, finish
from services.inspection.hazards.domain.measures import ENDS, PAUSES, RESUMES, MeasureVerb, tested_within
from services.inspection.hazards.models import Appraisal, Hazard
from services.inspection.hazards.queries import measures
from services.inspection.hazards.shapes.measures import RecordAppraisal, SendForAppraisal
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import MeasureAppraised, MeasureSentForAppraisal

TEST = "seizure.appraisal"
_SENT = ("The goods are tested, which is not counted", "物品检测、检验、技术鉴定期间不计入")
_BACK = ("The test is over", "检测、检验、技术鉴定结束")


async def send_for_appraisal(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: SendForAppraisal, now: datetime
) -> Hazard:
    """Have seized goods tested: their days rest, and the result is owed by the day that the owner is told."""
    hazard, measure, moved = await begin(tx, who, hazard_id, measure_id, MeasureVerb.SEND_FOR_APPRAISAL, now)
    longest = local_day(tx, rules_of(tx).due("seizure.appraisal.longest", now).at)
    tested_within(ask.until, local_day(tx, now), longest)
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
    subject = about(hazard, measure)
    await deadlines.pause(tx, subject, PAUSES[MeasureVerb.SEND_FOR_APPRAISAL], now, _SENT)
    deadlines.start_until(tx, subject, TEST, measure.authority_id, ask.until, now)
    fact = partial(MeasureSentForAppraisal, appraiser=ask.appraiser, question=ask.question, appraisal_until=ask.until)
    return await finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason, appraisal_id=test.id)


async def record_appraisal(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: RecordAppraisal, now: datetime
) -> Hazard:
    """Record what the test found; the days go on from now, or from the end of the day that the owner was told."""
    hazard, measure, moved = await begin(tx, who, hazard_id, measure_id, MeasureVerb.RECORD_APPRAISAL, now)
    await proven(tx, who, hazard_id, ask.evidence)
    test = await measures.test_of(tx, measure)
    assert test is not None, "the guard saw one"
    subject, over = about(hazard, measure), min(now, end_of(tx, test.until))
    await deadlines.meet(tx, subject, ENDS[MeasureVerb.RECORD_APPRAISAL], now)
    ends = await deadlines.resume(tx, subject, RESUMES[MeasureVerb.RECORD_APPRAISAL], now, _BACK, since=over)
    if ends:
        measure.until = local_day(tx, max(ends.values()))
    test.days = (local_day(tx, over) - local_day(tx, test.sent_at)).days
    test.result, test.evidence = ask.result, written(ask.evidence)
    test.recorded_by, test.recorded_at = who.id, now
    measure.appraisal_id = None
    fact = partial(MeasureAppraised, result=ask.result, days=test.days)
    return await finish(
        tx, who, hazard, measure, moved, fact, now, reason=ask.result, appraisal_id=test.id, evidence=ask.evidence
    )
