"""Routes of what becomes of an order: delivered, registered, looked at on site."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import checking, delivering, registering
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import orders
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/deliver", dependencies=[moves(HAZARD, Verb.DELIVER)])
async def deliver(hazard_id: UUID, ask: orders.DeliverOrder, who: Who, now: Now, tx: Tx) -> Shown:
    """Record how the newest order reached the enterprise, or who saw its refusal (T06)."""
    return await telling.detail(tx, who, await delivering.deliver(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/report-major", dependencies=[moves(HAZARD, Verb.REPORT_MAJOR)])
async def report_major(hazard_id: UUID, ask: orders.ReportMajor, who: Who, now: Now, tx: Tx) -> Shown:
    """Report one's own major hazard: state and cause, harm and difficulty, plan (T25)."""
    return await telling.detail(tx, who, await registering.report_major(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/site-check", dependencies=[moves(HAZARD, Verb.SITE_CHECK)])
async def site_check(hazard_id: UUID, ask: orders.SiteCheckAsk, who: Who, now: Now, tx: Tx) -> Shown:
    """Look on site at a remote re-check that was drawn (§4.4)."""
    return await telling.detail(tx, who, await checking.site_check(tx, who, hazard_id, ask, now), now)
