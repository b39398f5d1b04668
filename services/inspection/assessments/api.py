"""Routes of assessments: opened by their id, one list, one view, the standings, and one address per verb."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.assessments import actions, queries
from services.inspection.assessments.domain.machine import ASSESSMENT, Verb
from services.inspection.assessments.models import Assessment
from services.inspection.assessments.queries import Wanted
from services.inspection.assessments.shapes import (
    AnswerObjection,
    AssessmentDetail,
    AssessmentPage,
    DecideAssessment,
    OpenAssessment,
    Quarter,
    Scores,
    Speak,
    Standings,
    WithdrawAssessment,
    Year,
)
from shared.contracts.inspection.assessments import AssessmentState
from shared.contracts.values import PartyKind
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/assessments", tags=["assessments"], dependencies=[versioned(Assessment, "assessment_id")])


@router.put("/{assessment_id}", status_code=201, dependencies=[moves(ASSESSMENT, Verb.OPEN)])
async def open_assessment(assessment_id: UUID, ask: OpenAssessment, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Begin the record of a party's period that is over; sending it again is safe."""
    return await queries.detail(tx, who, await actions.open_assessment(tx, who, assessment_id, ask, now), now)


@router.get("", dependencies=[allowed("assessment.read")])
async def list_assessments(
    who: Who,
    now: Now,
    tx: Tx,
    state: AssessmentState | None = None,
    party: UUID | None = None,
    year: Year | None = None,
    quarter: Annotated[int | None, Query(ge=0, le=4)] = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> AssessmentPage:
    """List the assessments that the reader makes, or that are of the reader's organisation; quarter 0: whole years."""
    wanted = Wanted(state=state, party=party, year=year, quarter=quarter)
    found = await queries.page(tx, who, wanted, after, limit)
    return AssessmentPage(items=[queries.shown(who, each, now) for each in found.items], next=found.next)


@router.get("/standings", dependencies=[allowed("assessment.standings")])
async def standings(
    who: Who,
    now: Now,
    tx: Tx,
    year: Year,
    kind: PartyKind,
    quarter: Quarter | None = None,
) -> Standings:
    """Put the published assessments of the county beside each other; without a quarter: those of the whole year."""
    return await queries.standings(tx, who, year, quarter or 0, kind, now)


@router.get("/{assessment_id}", dependencies=[allowed("assessment.read")])
async def show(assessment_id: UUID, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Show one assessment with every indicator and its source."""
    return await queries.detail(tx, who, await queries.visible(tx, who, assessment_id), now)


@router.post("/{assessment_id}/score", dependencies=[moves(ASSESSMENT, Verb.SCORE)])
async def score(assessment_id: UUID, ask: Scores, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Write all indicators down anew."""
    return await queries.detail(tx, who, await actions.score(tx, who, assessment_id, ask, now), now)


@router.post("/{assessment_id}/propose", dependencies=[moves(ASSESSMENT, Verb.PROPOSE)])
async def propose(assessment_id: UUID, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Ask the party for its statement."""
    return await queries.detail(tx, who, await actions.propose(tx, who, assessment_id, now), now)


@router.post("/{assessment_id}/state", dependencies=[moves(ASSESSMENT, Verb.STATE)])
async def state(assessment_id: UUID, ask: Speak, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Say what your organisation thinks of it."""
    return await queries.detail(tx, who, await actions.state(tx, who, assessment_id, ask, now), now)


@router.post("/{assessment_id}/decide", dependencies=[moves(ASSESSMENT, Verb.DECIDE)])
async def decide(assessment_id: UUID, ask: DecideAssessment, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Decide on the scores as they stand."""
    return await queries.detail(tx, who, await actions.decide(tx, who, assessment_id, ask, now), now)


@router.post("/{assessment_id}/object", dependencies=[moves(ASSESSMENT, Verb.OBJECT)])
async def contest(assessment_id: UUID, ask: Speak, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Object to the decision."""
    return await queries.detail(tx, who, await actions.contest(tx, who, assessment_id, ask, now), now)


@router.post("/{assessment_id}/answer", dependencies=[moves(ASSESSMENT, Verb.ANSWER)])
async def answer(assessment_id: UUID, ask: AnswerObjection, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Answer the objection."""
    return await queries.detail(tx, who, await actions.answer(tx, who, assessment_id, ask, now), now)


@router.post("/{assessment_id}/publish", dependencies=[moves(ASSESSMENT, Verb.PUBLISH)])
async def make_public(assessment_id: UUID, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Publish it among authorities and townships."""
    return await queries.detail(tx, who, await actions.make_public(tx, who, assessment_id, now), now)


@router.post("/{assessment_id}/withdraw", dependencies=[moves(ASSESSMENT, Verb.WITHDRAW)])
async def withdraw(assessment_id: UUID, ask: WithdrawAssessment, who: Who, now: Now, tx: Tx) -> AssessmentDetail:
    """Let it be void."""
    return await queries.detail(tx, who, await actions.withdraw(tx, who, assessment_id, ask, now), now)
