"""Routes of goods that an authority seized and of evidence that it registered for preservation."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import holding
from services.inspection.hazards.domain.measures import MEASURE, MeasureVerb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import measures, seeing
from services.inspection.hazards.shapes import measures as asks
from services.inspection.hazards.shapes.measures import MeasureList
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["measures"], dependencies=[versioned(Hazard, "hazard_id")])


@router.get("/{hazard_id}/measures", dependencies=[allowed("measure.read")])
async def list_measures(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> MeasureList:
    """List what is or was held, until when, and what the reader may do about it (§4.3)."""
    hazard = await seeing.visible(tx, who, hazard_id, verb="measure.read")
    return await measures.listed(tx, who, hazard, now)


@router.put("/{hazard_id}/measures/{measure_id}", status_code=201, dependencies=[moves(MEASURE, MeasureVerb.TAKE)])
async def take(hazard_id: UUID, measure_id: UUID, ask: asks.TakeMeasure, who: Who, now: Now, tx: Tx) -> MeasureList:
    """Seize goods, or register evidence for preservation; two certified officers. Sending it again is safe."""
    return await measures.listed(tx, who, await holding.take(tx, who, hazard_id, measure_id, ask, now), now)


@router.post("/{hazard_id}/measures/{measure_id}/extend", dependencies=[moves(MEASURE, MeasureVerb.EXTEND)])
async def extend(hazard_id: UUID, measure_id: UUID, ask: asks.ExtendMeasure, who: Who, now: Now, tx: Tx) -> MeasureList:
    """Hold seized goods longer, once (Compulsion Law art. 25)."""
    return await measures.listed(tx, who, await holding.extend(tx, who, hazard_id, measure_id, ask, now), now)


@router.post("/{hazard_id}/measures/{measure_id}/end", dependencies=[moves(MEASURE, MeasureVerb.END)])
async def end(hazard_id: UUID, measure_id: UUID, ask: asks.EndMeasure, who: Who, now: Now, tx: Tx) -> MeasureList:
    """Decide what becomes of what is held; too late, it is given back."""
    return await measures.listed(tx, who, await holding.end(tx, who, hazard_id, measure_id, ask, now), now)
