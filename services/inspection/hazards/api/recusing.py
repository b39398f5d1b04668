"""Routes by which officers keep out of a hazard: of themselves, or because the enterprise asked and the head agreed."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import recusing
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing, telling
from services.inspection.hazards.shapes import orders
from services.inspection.hazards.shapes.proceedings import OwnRecusalView, Recusals, RecusalView
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.get("/{hazard_id}/recusals", dependencies=[allowed("recusal.read")])
async def recusals(hazard_id: UUID, who: Who, tx: Tx) -> Recusals:
    """Show who keeps out; to the enterprise only what it asked for."""
    return await telling.recusals(tx, who, await seeing.visible(tx, who, hazard_id))


@router.post("/{hazard_id}/recusals", status_code=201, dependencies=[allowed("recusal.declare")])
async def step_aside(hazard_id: UUID, ask: orders.StepAside, who: Who, now: Now, tx: Tx) -> RecusalView:
    """Keep out of it oneself, from now on (Penalty Law art. 43)."""
    return RecusalView.model_validate(await recusing.step_aside(tx, who, hazard_id, ask, now))


@router.post("/{hazard_id}/recusals/ask", status_code=201, dependencies=[allowed("recusal.ask")])
async def ask_recusal(hazard_id: UUID, ask: orders.AskRecusal, who: Who, now: Now, tx: Tx) -> OwnRecusalView:
    """Ask that a named officer keep out; the officer goes on until it is decided (Penalty Law art. 43)."""
    return OwnRecusalView.model_validate(await recusing.ask_recusal(tx, who, hazard_id, ask, now))


@router.post("/{hazard_id}/recusals/{recusal_id}/decide", dependencies=[allowed("recusal.decide")])
async def decide_recusal(
    hazard_id: UUID, recusal_id: UUID, ask: orders.DecideRecusal, who: Who, now: Now, tx: Tx
) -> RecusalView:
    """Decide whether a challenged officer keeps out; the enterprise is told."""
    return RecusalView.model_validate(await recusing.decide_recusal(tx, who, hazard_id, recusal_id, ask, now))
