"""Routes that show one hazard: as it stands, and how it came there."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing, telling
from services.inspection.hazards.shapes.views import Shown
from services.inspection.history.shapes import Timeline
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.get("/{hazard_id}", dependencies=[allowed("hazard.read")])
async def show(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Show one hazard as the reader may see it."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, hazard_id), now)


@router.get("/{hazard_id}/history", dependencies=[allowed("hazard.read")])
async def history(hazard_id: UUID, who: Who, tx: Tx) -> Timeline:
    """Tell what was done, by whom and why; the enterprise hears it from the order on."""
    return Timeline(items=await telling.timeline(tx, who, await seeing.visible(tx, who, hazard_id)))
