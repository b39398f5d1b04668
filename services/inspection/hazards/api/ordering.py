"""Routes of what an authority demands: orders, stops of work, and whether a stop is lifted."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import ordering, resuming
from services.inspection.hazards.domain import HAZARD, SUSPENSION, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import asks, overlays
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/order", dependencies=[moves(HAZARD, Verb.ORDER)])
async def order(hazard_id: UUID, ask: asks.IssueOrder, who: Who, now: Now, tx: Tx) -> Shown:
    """Order the removal; two certified officers (T06)."""
    return await telling.detail(tx, who, await ordering.order(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/order-stop", dependencies=[moves(SUSPENSION, Verb.ORDER_STOP)])
async def order_stop(hazard_id: UUID, ask: asks.OrderStop, who: Who, now: Now, tx: Tx) -> Shown:
    """Stop work, equipment or access (T07)."""
    return await telling.detail(tx, who, await ordering.order_stop(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/decide-resumption", dependencies=[moves(SUSPENSION, Verb.DECIDE_RESUMPTION)])
async def decide_resumption(hazard_id: UUID, ask: overlays.DecideResumption, who: Who, now: Now, tx: Tx) -> Shown:
    """Lift the stop or let it stand (T15)."""
    return await telling.detail(tx, who, await resuming.decide_resumption(tx, who, hazard_id, ask, now), now)
