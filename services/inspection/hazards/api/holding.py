"""Routes of goods that an authority seized and of evidence that it registered for preservation."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import appraising, holding
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


@router.post("/{hazard_id}/measures/{measure_id}/approve", dependencies=[moves(MEASURE, MeasureVerb.APPROVE)])
async def approve(
    hazard_id: UUID, measure_id: UUID, ask: asks.ApproveMeasure, who: Who, now: Now, tx: Tx
) -> MeasureList:
    """Approve a seizure that could not wait, or refuse it, which ends it (Compulsion Law art. 19)."""
    return await measures.listed(tx, who, await holding.approve(tx, who, hazard_id, measure_id, ask, now), now)


@router.post(
    "/{hazard_id}/measures/{measure_id}/send-for-appraisal",
    dependencies=[moves(MEASURE, MeasureVerb.SEND_FOR_APPRAISAL)],
)
async def send_for_appraisal(
    hazard_id: UUID, measure_id: UUID, ask: asks.SendForAppraisal, who: Who, now: Now, tx: Tx
) -> MeasureList:
    """Have seized goods tested; until the day that the owner is told, their days do not run."""
    hazard = await appraising.send_for_appraisal(tx, who, hazard_id, measure_id, ask, now)
    return await measures.listed(tx, who, hazard, now)


@router.post(
    "/{hazard_id}/measures/{measure_id}/record-appraisal",
    dependencies=[moves(MEASURE, MeasureVerb.RECORD_APPRAISAL)],
)
async def record_appraisal(
    hazard_id: UUID, measure_id: UUID, ask: asks.RecordAppraisal, who: Who, now: Now, tx: Tx
) -> MeasureList:
    """Record what the test found; from then on the days of the seizure run again."""
    hazard = await appraising.record_appraisal(tx, who, hazard_id, measure_id, ask, now)
    return await measures.listed(tx, who, hazard, now)


@router.post("/{hazard_id}/measures/{measure_id}/extend", dependencies=[moves(MEASURE, MeasureVerb.EXTEND)])
async def extend(hazard_id: UUID, measure_id: UUID, ask: asks.ExtendMeasure, who: Who, now: Now, tx: Tx) -> MeasureList:
    """Hold seized goods longer, once (Compulsion Law art. 25)."""
    return await measures.listed(tx, who, await holding.extend(tx, who, hazard_id, measure_id, ask, now), now)


@router.post("/{hazard_id}/measures/{measure_id}/end", dependencies=[moves(MEASURE, MeasureVerb.END)])
async def end(hazard_id: UUID, measure_id: UUID, ask: asks.EndMeasure, who: Who, now: Now, tx: Tx) -> MeasureList:
    """Decide what becomes of what is held; too late, it is given back."""
    return await measures.listed(tx, who, await holding.end(tx, who, hazard_id, measure_id, ask, now), now)
