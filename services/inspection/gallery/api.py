"""The address of a hazard's files."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.gallery.queries import showing
from services.inspection.gallery.shapes import Gallery, OwnGallery
from services.inspection.hazards.queries import seeing
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"])


@router.get("/{hazard_id}/gallery", dependencies=[allowed("hazard.read")])
async def gallery(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> Gallery | OwnGallery:
    """Show a hazard's files by item and by act; officials see as well when and where each was taken, and its doubts."""
    return await showing.gallery(tx, who, await seeing.visible(tx, who, hazard_id), now)
