"""Routes that show one hazard: as it stands, and how it came there."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.inspection.domain import Kind
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing, telling
from services.inspection.hazards.shapes.views import Shown
from services.inspection.history.domain import JSON_LINES, exported
from services.inspection.history.queries import sealed
from services.inspection.history.shapes import Timeline
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])
_LINES: dict[int | str, dict[str, Any]] = {200: {"content": {JSON_LINES: {"schema": {"type": "string"}}}}}


@router.get("/{hazard_id}", dependencies=[allowed("hazard.read")])
async def show(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Show one hazard as the reader may see it."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, hazard_id), now)


@router.get("/{hazard_id}/history", dependencies=[allowed("hazard.read")])
async def history(hazard_id: UUID, who: Who, tx: Tx) -> Timeline:
    """Tell what was done, by whom and why; the enterprise hears it from the order on."""
    return Timeline(items=await telling.timeline(tx, who, await seeing.visible(tx, who, hazard_id)))


@router.get(
    "/{hazard_id}/history/export",
    response_class=Response,
    responses=_LINES,
    dependencies=[allowed("hazard.export_history")],
)
async def export_history(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> Response:
    """Give the whole history as a file that proves itself: `commonwatch history verify FILE` needs no database."""
    hazard = await seeing.visible(tx, who, hazard_id, verb="hazard.export_history")
    entries = [(row.hash, row.entry) for row in await sealed(tx, Kind.HAZARD, hazard_id)]
    headers = {"Content-Disposition": f'attachment; filename="history-{hazard.number}.jsonl"'}
    return Response(exported(hazard.about, hazard.number, entries, now), media_type=JSON_LINES, headers=headers)
