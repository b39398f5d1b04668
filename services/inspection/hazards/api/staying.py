"""Routes of stays: an order need not be carried out for a while, and then goes on."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import staying
from services.inspection.hazards.domain import STAY, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import overlays
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/stay-order", dependencies=[moves(STAY, Verb.STAY_ORDER)])
async def stay_order(hazard_id: UUID, ask: overlays.StayOrder, who: Who, now: Now, tx: Tx) -> Shown:
    """Let the days of an order rest, by decision or where the law lets an appeal do it; stops of work stand."""
    return await telling.detail(tx, who, await staying.stay_order(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/lift-stay", dependencies=[moves(STAY, Verb.LIFT_STAY)])
async def lift_stay(hazard_id: UUID, ask: overlays.LiftStay, who: Who, now: Now, tx: Tx) -> Shown:
    """Let the order go on, with what was left of its days."""
    return await telling.detail(tx, who, await staying.lift_stay(tx, who, hazard_id, ask, now), now)
