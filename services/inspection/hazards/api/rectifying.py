"""Routes of the enterprise that puts things right."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import rectifying, resuming
from services.inspection.hazards.domain import HAZARD, SUSPENSION, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import asks, overlays
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/start-rectification", dependencies=[moves(HAZARD, Verb.START_RECTIFICATION)])
async def start_rectification(hazard_id: UUID, ask: asks.StartRectification, who: Who, now: Now, tx: Tx) -> Shown:
    """Take the order in hand (T08)."""
    return await telling.detail(tx, who, await rectifying.start_rectification(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/request-recheck", dependencies=[moves(HAZARD, Verb.REQUEST_RECHECK)])
async def request_recheck(hazard_id: UUID, ask: asks.RequestRecheck, who: Who, now: Now, tx: Tx) -> Shown:
    """Prove every item and ask for the re-check (T10)."""
    return await telling.detail(tx, who, await rectifying.request_recheck(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/request-resumption", dependencies=[moves(SUSPENSION, Verb.REQUEST_RESUMPTION)])
async def request_resumption(hazard_id: UUID, ask: overlays.RequestResumption, who: Who, now: Now, tx: Tx) -> Shown:
    """Ask to resume work (T15)."""
    return await telling.detail(tx, who, await resuming.request_resumption(tx, who, hazard_id, ask, now), now)
