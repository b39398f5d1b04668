"""Routes of cuts of power that make a stop obeyed."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import power
from services.inspection.hazards.domain import POWER, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import overlays
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/cut-power", dependencies=[moves(POWER, Verb.CUT_POWER)])
async def cut_power(hazard_id: UUID, ask: overlays.CutPower, who: Who, now: Now, tx: Tx) -> Shown:
    """Announce a cut of power; a day ahead unless it is urgent (WSL art. 70)."""
    return await telling.detail(tx, who, await power.cut_power(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/restore-power", dependencies=[moves(POWER, Verb.RESTORE_POWER)])
async def restore_power(hazard_id: UUID, ask: overlays.RestorePower, who: Who, now: Now, tx: Tx) -> Shown:
    """Lift the cut of power (WSL art. 70)."""
    return await telling.detail(tx, who, await power.restore_power(tx, who, hazard_id, ask, now), now)
