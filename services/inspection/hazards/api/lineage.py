"""Routes of how hazards come from one another: split, merge."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import lineage
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes.lineage import MergeHazard, SplitHazard
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/split", dependencies=[moves(HAZARD, Verb.SPLIT)])
async def split(hazard_id: UUID, ask: SplitHazard, who: Who, now: Now, tx: Tx) -> Shown:
    """Make hazards of their own of what was found to be several; the reports stand behind each (T22)."""
    return await telling.detail(tx, who, await lineage.split(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/merge", dependencies=[moves(HAZARD, Verb.MERGE)])
async def merge(hazard_id: UUID, ask: MergeHazard, who: Who, now: Now, tx: Tx) -> Shown:
    """Let another hazard of the own authority go on for both; the reports follow that one (T22)."""
    return await telling.detail(tx, who, await lineage.merge(tx, who, hazard_id, ask, now), now)
