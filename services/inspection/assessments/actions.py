"""What is done with an assessment: opened, scored, put to the party, decided, contested, answered and published."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from services.inspection.assessments.domain.machine import (
    ASSESSED,
    ASSESSMENT,
    OBJECTION,
    TO_ANSWER,
    TO_STATE,
    Case,
    Verb,
    assessed_already,
    cannot_be_assessed,
    period_is_over,
    scores_fit_the_answer,
)
from services.inspection.assessments.domain.points import lines_are_fair, total_of
from services.inspection.assessments.models import Assessment, AssessmentWord
from services.inspection.assessments.queries import case_of, lines_of, standing, visible
from services.inspection.assessments.shapes import (
    AnswerObjection,
    DecideAssessment,
    OpenAssessment,
    Scores,
    Speak,
    WithdrawAssessment,
)
from services.inspection.copies.queries import kinds_within
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection.assessments import (
    AssessmentAnswered,
    AssessmentDecided,
    AssessmentFact,
    AssessmentObjected,
    AssessmentOpened,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentScored,
    AssessmentState,
    AssessmentStated,
    AssessmentWithdrawn,
)
from shared.errors import Conflict, no_such
from shared.machine import Move
from shared.outbox import emit


async def open_assessment(
    tx: AsyncSession, who: Actor, assessment_id: UUID, ask: OpenAssessment, now: datetime
) -> Assessment:
    """Begin the record of one party's period, once; raises 409 where there is one already."""
    quarter = ask.quarter or 0
    if known := await tx.get(Assessment, assessment_id):
        return _known_as(known, who, ask)
    case = Case(party_id=who.party_id, convener_id=who.party_id, now=now)
    move = ASSESSMENT.permit(Verb.OPEN, None, who.roles, case)
    assert who.party_id is not None, "who has no organisation was refused"
    period_is_over(ask.year, quarter, local_day(tx, now))
    kind = (await kinds_within(tx, [ask.party_id], who.area_code)).get(ask.party_id)
    if kind is None or kind not in ASSESSED:
        raise cannot_be_assessed(ask.party_id)
    one = f"{who.party_id}:{ask.party_id}:{ask.year}:{quarter}"
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(one, 0))))
    if known := await tx.get(Assessment, assessment_id, populate_existing=True):
        return _known_as(known, who, ask)
    if await standing(tx, who.party_id, ask.party_id, ask.year, quarter) is not None:
        raise assessed_already(ask.year)
    assessment = Assessment(
        id=assessment_id,
        area_code=who.area_code,
        state=move.after(None),
        convener_id=who.party_id,
        party_id=ask.party_id,
        party_kind=kind,
        year=ask.year,
        quarter=quarter,
        opened_by=who.id,
        opened_at=now,
    )
    tx.add(assessment)
    return await _finish(tx, who, assessment, (Verb.OPEN, None), AssessmentOpened, now)


async def score(tx: AsyncSession, who: Actor, assessment_id: UUID, ask: Scores, now: datetime) -> Assessment:
    """Write all indicators down anew; history keeps what they were."""
    assessment, move = await _begin(tx, who, assessment_id, Verb.SCORE, now)
    before, assessment.state = assessment.state, move.after(assessment.state)
    _write(tx, assessment, ask, now)
    fact = partial(AssessmentScored, indicators=len(ask.lines), vetoed=bool(assessment.veto))
    return await _finish(tx, who, assessment, (Verb.SCORE, before), fact, now, lines=assessment.lines)


async def propose(tx: AsyncSession, who: Actor, assessment_id: UUID, now: datetime) -> Assessment:
    """Ask the party for its statement; from now on it reads the record."""
    assessment, move = await _begin(tx, who, assessment_id, Verb.PROPOSE, now)
    before, assessment.state, assessment.proposed_at = assessment.state, move.after(assessment.state), now
    assessment.state_until = deadlines.start(tx, assessment.about, TO_STATE, assessment.party_id, now)
    return await _finish(tx, who, assessment, (Verb.PROPOSE, before), AssessmentProposed, now)


async def state(tx: AsyncSession, who: Actor, assessment_id: UUID, ask: Speak, now: datetime) -> Assessment:
    """Say what the party thinks of it."""
    assessment, move = await _begin(tx, who, assessment_id, Verb.STATE, now)
    before, assessment.state = assessment.state, move.after(assessment.state)
    await _said(tx, who, assessment, ask, now, objection=False)
    await deadlines.meet(tx, assessment.about, [TO_STATE], now)
    return await _finish(tx, who, assessment, (Verb.STATE, before), AssessmentStated, now)


async def decide(tx: AsyncSession, who: Actor, assessment_id: UUID, ask: DecideAssessment, now: datetime) -> Assessment:
    """Decide on the scores as they stand; the time for an objection begins."""
    assessment, move = await _begin(tx, who, assessment_id, Verb.DECIDE, now)
    before, assessment.state = assessment.state, move.after(assessment.state)
    assessment.opinion, assessment.decided_at = ask.opinion, now
    assessment.object_until = rules_of(tx).due(OBJECTION, now).at
    await deadlines.cancel(tx, assessment.about, [TO_STATE], now)
    fact = partial(AssessmentDecided, **_result(assessment), heard=before is AssessmentState.STATED)
    return await _finish(tx, who, assessment, (Verb.DECIDE, before), fact, now, reason=ask.opinion)


async def contest(tx: AsyncSession, who: Actor, assessment_id: UUID, ask: Speak, now: datetime) -> Assessment:
    """Object to the decision, once."""
    assessment, move = await _begin(tx, who, assessment_id, Verb.OBJECT, now)
    before, assessment.state = assessment.state, move.after(assessment.state)
    await _said(tx, who, assessment, ask, now, objection=True)
    deadlines.start(tx, assessment.about, TO_ANSWER, None, now)
    return await _finish(tx, who, assessment, (Verb.OBJECT, before), AssessmentObjected, now)


async def answer(tx: AsyncSession, who: Actor, assessment_id: UUID, ask: AnswerObjection, now: datetime) -> Assessment:
    """Answer the objection; where it is upheld, with new scores."""
    assessment, move = await _begin(tx, who, assessment_id, Verb.ANSWER, now)
    scores_fit_the_answer(upheld=ask.upheld, rescored=ask.scores is not None)
    before, assessment.state, assessment.answer = assessment.state, move.after(assessment.state), ask.answer
    if ask.scores is not None:
        _write(tx, assessment, ask.scores, now)
    await deadlines.meet(tx, assessment.about, [TO_ANSWER], now)
    fact = partial(AssessmentAnswered, upheld=ask.upheld, **_result(assessment))
    more = {"lines": assessment.lines} if ask.upheld else {}
    return await _finish(tx, who, assessment, (Verb.ANSWER, before), fact, now, reason=ask.answer, **more)


async def make_public(tx: AsyncSession, who: Actor, assessment_id: UUID, now: datetime) -> Assessment:
    """Let every authority and township read it among the standings."""
    assessment, move = await _begin(tx, who, assessment_id, Verb.PUBLISH, now)
    before, assessment.state, assessment.published_at = assessment.state, move.after(assessment.state), now
    fact = partial(AssessmentPublished, **_result(assessment))
    return await _finish(tx, who, assessment, (Verb.PUBLISH, before), fact, now)


async def withdraw(
    tx: AsyncSession, who: Actor, assessment_id: UUID, ask: WithdrawAssessment, now: datetime
) -> Assessment:
    """Let it be void; the period can be assessed anew."""
    assessment, move = await _begin(tx, who, assessment_id, Verb.WITHDRAW, now)
    before, assessment.state = assessment.state, move.after(assessment.state)
    await deadlines.cancel_all(tx, assessment.about, now)
    fact = partial(AssessmentWithdrawn, reason=ask.reason, proposed=assessment.proposed_at is not None)
    return await _finish(tx, who, assessment, (Verb.WITHDRAW, before), fact, now, reason=ask.reason)


def _write(tx: AsyncSession, assessment: Assessment, ask: Scores, now: datetime) -> None:
    assessment.lines = [line.model_dump(mode="json") for line in ask.lines]
    assessment.veto = ask.veto
    most = rules_of(tx).number("assessment.points", local_day(tx, now))
    lines_are_fair(lines_of(assessment), most)


def _result(assessment: Assessment) -> dict[str, Any]:
    total = total_of(lines_of(assessment))
    return {"points": total.points, "out_of": total.out_of, "vetoed": bool(assessment.veto)}


async def _said(
    tx: AsyncSession, who: Actor, assessment: Assessment, ask: Speak, now: datetime, *, objection: bool
) -> None:
    await proven(tx, who, assessment.id, ask.files, handed_to=assessment.convener_id)
    files = [file.model_dump(mode="json") for file in ask.files]
    tx.add(
        AssessmentWord(
            assessment_id=assessment.id, objection=objection, text=ask.text, files=files, by_id=who.id, at=now
        )
    )


async def _begin(
    tx: AsyncSession, who: Actor, assessment_id: UUID, verb: Verb, now: datetime
) -> tuple[Assessment, Move[AssessmentState, Any]]:
    """Lock the record and let its machine decide; raises 403, 404, 409 or the guard's own refusal."""
    assessment = await visible(tx, who, assessment_id, lock=True)
    return assessment, ASSESSMENT.permit(verb, assessment.state, who.roles, case_of(who, assessment, now))


async def _finish(
    tx: AsyncSession,
    who: Actor,
    assessment: Assessment,
    moved: tuple[Verb, AssessmentState | None],
    fact: Callable[..., AssessmentFact],
    now: datetime,
    *,
    reason: str = "",
    **more: Any,
) -> Assessment:
    """Write history and state the fact, which is given with all but what every fact says."""
    said: dict[str, Any] = {
        "at": now,
        "area_code": assessment.area_code,
        "assessment_id": assessment.id,
        "state": assessment.state,
        "convener_id": assessment.convener_id,
        "party_id": assessment.party_id,
        "year": assessment.year,
        "quarter": assessment.quarter or None,
        "by_id": who.id,
    }
    event = fact(**said)
    own = event.model_dump(exclude={*said, "reason"})
    record(tx, who, assessment.about, (*moved, assessment.state), now, reason=reason, **own, **more)
    await emit(tx, assessment, event)
    return assessment


def _known_as(known: Assessment, who: Actor, ask: OpenAssessment) -> Assessment:
    """Give what already has this id, if it is of the same party and period."""
    if known.convener_id != who.party_id:
        raise no_such("assessment", "考核记录")
    if (known.party_id, known.year, known.quarter) != (ask.party_id, ask.year, ask.quarter or 0):
        raise Conflict(
            "assessment-id-taken",
            "You already opened another assessment under this id. Send this one under a new id.",
            "该编号已用于另一考核记录，请使用新的编号提交。",
        )
    return known
