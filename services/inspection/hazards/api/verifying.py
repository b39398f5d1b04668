"""Routes from the suspicion to the lead authority: confirm, dismiss, assign, return, void."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import assigning, verifying
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import asks
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/confirm", dependencies=[moves(HAZARD, Verb.CONFIRM)])
async def confirm(hazard_id: UUID, ask: asks.Confirm, who: Who, now: Now, tx: Tx) -> Shown:
    """Confirm and grade; two officers (T02)."""
    return await telling.detail(tx, who, await verifying.confirm(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/dismiss", dependencies=[moves(HAZARD, Verb.DISMISS)])
async def dismiss(hazard_id: UUID, ask: asks.Dismiss, who: Who, now: Now, tx: Tx) -> Shown:
    """Find that there is no hazard; two officers (T03)."""
    return await telling.detail(tx, who, await verifying.dismiss(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/assign", dependencies=[moves(HAZARD, Verb.ASSIGN)])
async def assign(hazard_id: UUID, ask: asks.Assign, who: Who, now: Now, tx: Tx) -> Shown:
    """Take the lead, or name it by arbitration (T04)."""
    return await telling.detail(tx, who, await assigning.assign(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/return-assignment", dependencies=[moves(HAZARD, Verb.RETURN_ASSIGNMENT)])
async def return_assignment(hazard_id: UUID, ask: asks.ReturnAssignment, who: Who, now: Now, tx: Tx) -> Shown:
    """Give the lead back with a reason (T05)."""
    return await telling.detail(tx, who, await assigning.return_assignment(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/void", dependencies=[moves(HAZARD, Verb.VOID)])
async def void(hazard_id: UUID, ask: asks.VoidHazard, who: Who, now: Now, tx: Tx) -> Shown:
    """What was dangerous no longer exists (T23)."""
    return await telling.detail(tx, who, await verifying.void(tx, who, hazard_id, ask, now), now)
