"""Routes of what follows a penalty decision, from its service to the end of the case."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import contesting, enforcing
from services.inspection.hazards.domain import ENFORCEMENT, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing, telling
from services.inspection.hazards.queries.proposals import proposals
from services.inspection.hazards.shapes import cases
from services.inspection.hazards.shapes.orders import Delivery
from services.inspection.hazards.shapes.proposals import ProposalList
from services.inspection.hazards.shapes.views import Shown
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.get("/{hazard_id}/proposals", dependencies=[allowed("case.foresee")])
async def what_may_follow(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> ProposalList:
    """Tell what the law lets the authority think of: a fine by the day, closure. Nothing is decided or reckoned."""
    return await proposals(tx, await seeing.visible(tx, who, hazard_id, verb="case.foresee"), now)


@router.post("/{hazard_id}/serve-case", dependencies=[moves(ENFORCEMENT, Verb.SERVE_CASE)])
async def serve_case(hazard_id: UUID, ask: Delivery, who: Who, now: Now, tx: Tx) -> Shown:
    """Record how the decision reached the party, or that its signature was refused (T20)."""
    return await telling.detail(tx, who, await enforcing.serve_case(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/record-payment", dependencies=[moves(ENFORCEMENT, Verb.RECORD_PAYMENT)])
async def record_payment(hazard_id: UUID, ask: cases.RecordPayment, who: Who, now: Now, tx: Tx) -> Shown:
    """Record what was paid of the fine (T20)."""
    return await telling.detail(tx, who, await enforcing.record_payment(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/grant-terms", dependencies=[moves(ENFORCEMENT, Verb.GRANT_TERMS)])
async def grant_terms(hazard_id: UUID, ask: cases.GrantTerms, who: Who, now: Now, tx: Tx) -> Shown:
    """Let the party pay later or by instalments (T20)."""
    return await telling.detail(tx, who, await enforcing.grant_terms(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/serve-demand", dependencies=[moves(ENFORCEMENT, Verb.SERVE_DEMAND)])
async def serve_demand(hazard_id: UUID, ask: cases.ServeDemand, who: Who, now: Now, tx: Tx) -> Shown:
    """Call upon the party to obey, with the serving record (T20)."""
    return await telling.detail(tx, who, await enforcing.serve_demand(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/contest-case", dependencies=[moves(ENFORCEMENT, Verb.CONTEST_CASE)])
async def contest_case(hazard_id: UUID, ask: cases.ContestCase, who: Who, now: Now, tx: Tx) -> Shown:
    """Record an objection, a reconsideration or a suit (T20)."""
    return await telling.detail(tx, who, await contesting.contest_case(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/end-contest", dependencies=[moves(ENFORCEMENT, Verb.END_CONTEST)])
async def end_contest(hazard_id: UUID, ask: cases.EndContest, who: Who, now: Now, tx: Tx) -> Shown:
    """Record how the contest ended (T20)."""
    return await telling.detail(tx, who, await contesting.end_contest(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/apply-to-court", dependencies=[moves(ENFORCEMENT, Verb.APPLY_TO_COURT)])
async def apply_to_court(hazard_id: UUID, ask: cases.ApplyToCourt, who: Who, now: Now, tx: Tx) -> Shown:
    """Ask the court to enforce the decision (T20)."""
    return await telling.detail(tx, who, await enforcing.apply_to_court(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/execute-case", dependencies=[moves(ENFORCEMENT, Verb.EXECUTE_CASE)])
async def execute_case(hazard_id: UUID, ask: cases.ExecuteCase, who: Who, now: Now, tx: Tx) -> Shown:
    """Record that the decision was carried out, and close the case (T20)."""
    return await telling.detail(tx, who, await enforcing.execute_case(tx, who, hazard_id, ask, now), now)
