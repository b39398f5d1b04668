"""Routes of penalty cases, from the filing to their execution."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import prosecuting
from services.inspection.hazards.domain import ENFORCEMENT, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import overlays
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/open-case", dependencies=[moves(ENFORCEMENT, Verb.OPEN_CASE)])
async def open_case(hazard_id: UUID, ask: overlays.OpenCase, who: Who, now: Now, tx: Tx) -> Shown:
    """File a penalty case; two certified officers (T20)."""
    return await telling.detail(tx, who, await prosecuting.open_case(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/decide-case", dependencies=[moves(ENFORCEMENT, Verb.DECIDE_CASE)])
async def decide_case(hazard_id: UUID, ask: overlays.DecideCase, who: Who, now: Now, tx: Tx) -> Shown:
    """Decide the penalty, after legal review and with the party told its rights (T20)."""
    return await telling.detail(tx, who, await prosecuting.decide_case(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/drop-case", dependencies=[moves(ENFORCEMENT, Verb.DROP_CASE)])
async def drop_case(hazard_id: UUID, ask: overlays.DropCase, who: Who, now: Now, tx: Tx) -> Shown:
    """Decide that there is no penalty (T20)."""
    return await telling.detail(tx, who, await prosecuting.drop_case(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/apply-to-court", dependencies=[moves(ENFORCEMENT, Verb.APPLY_TO_COURT)])
async def apply_to_court(hazard_id: UUID, ask: overlays.ApplyToCourt, who: Who, now: Now, tx: Tx) -> Shown:
    """Ask the court to enforce the decision (T20)."""
    return await telling.detail(tx, who, await prosecuting.apply_to_court(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/execute-case", dependencies=[moves(ENFORCEMENT, Verb.EXECUTE_CASE)])
async def execute_case(hazard_id: UUID, ask: overlays.ExecuteCase, who: Who, now: Now, tx: Tx) -> Shown:
    """Record that the decision was carried out (T20)."""
    return await telling.detail(tx, who, await prosecuting.execute_case(tx, who, hazard_id, ask, now), now)
