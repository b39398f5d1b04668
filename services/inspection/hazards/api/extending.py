"""Routes of more time: asked for by the enterprise, decided by whoever ordered."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import extending
from services.inspection.hazards.domain import EXTENSION, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import overlays
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/request-extension", dependencies=[moves(EXTENSION, Verb.REQUEST_EXTENSION)])
async def request_extension(hazard_id: UUID, ask: overlays.RequestExtension, who: Who, now: Now, tx: Tx) -> Shown:
    """Ask for more time; the limit stands until it is decided (T09)."""
    return await telling.detail(tx, who, await extending.request_extension(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/decide-extension", dependencies=[moves(EXTENSION, Verb.DECIDE_EXTENSION)])
async def decide_extension(hazard_id: UUID, ask: overlays.DecideExtension, who: Who, now: Now, tx: Tx) -> Shown:
    """Grant or refuse more time (T09)."""
    return await telling.detail(tx, who, await extending.decide_extension(tx, who, hazard_id, ask, now), now)
