"""Routes of whoever answers a campaign: lead authorities, owners of measures, and those who supply photos."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.campaigns.actions import accounting, looking
from services.inspection.campaigns.domain.machine import LOOK, MEASURE, LookVerb, MeasureVerb
from services.inspection.campaigns.models import Campaign
from services.inspection.campaigns.queries import seeing, telling
from services.inspection.campaigns.shapes import asks
from services.inspection.campaigns.shapes.views import (
    CampaignDetail,
    ItemPage,
    ItemView,
    PhotoRequests,
    PhotosTaken,
)
from shared.contracts.inspection.campaigns import (
    LookState,
)
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/campaigns", tags=["campaigns"], dependencies=[versioned(Campaign, "campaign_id")])
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/photo-requests", dependencies=[allowed("campaign_photo.seek")])
async def list_photo_requests(who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50) -> PhotoRequests:
    """List the places in the own area of which photos would help."""
    found, following = await seeing.photo_requests(tx, who, after, limit)
    return PhotoRequests(items=[telling.requested(item, hazard) for item, hazard in found], next=following)


@router.get("/{campaign_id}/items", dependencies=[allowed("campaign.read")])
async def list_items(
    campaign_id: UUID,
    who: Who,
    now: Now,
    tx: Tx,
    state: LookState | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> ItemPage:
    """List the drawn hazards: all to the committee, to an authority its own. To look back is a verb of the hazard."""
    campaign = await seeing.visible(tx, who, campaign_id)
    found = await seeing.items(tx, who, campaign, state, after, limit)
    return ItemPage(items=await telling.item_lines(tx, who, campaign, found.items, now), next=found.next)


@router.post("/{campaign_id}/items/{item_id}/undone", dependencies=[moves(LOOK, LookVerb.REPORT_UNDONE)])
async def report_undone(
    campaign_id: UUID, item_id: UUID, ask: asks.ReportUndone, who: Who, now: Now, tx: Tx
) -> ItemView:
    """Say why a drawn hazard could not be looked at (its lead authority)."""
    campaign, item = await looking.report_undone(tx, who, campaign_id, item_id, ask, now)
    [shown] = await telling.item_lines(tx, who, campaign, [item], now)
    return shown


@router.post("/{campaign_id}/items/{item_id}/photos", dependencies=[allowed("campaign_photo.supply")])
async def supply_photos(
    campaign_id: UUID, item_id: UUID, ask: asks.SupplyPhotos, who: Who, now: Now, tx: Tx
) -> PhotosTaken:
    """Add photos of a place (grid workers, volunteers); they help to see, and decide nothing."""
    return PhotosTaken(item_id=item_id, photos=await looking.supply_photos(tx, who, campaign_id, item_id, ask, now))


@router.post("/{campaign_id}/measures/{policy_measure_id}/report", dependencies=[moves(MEASURE, MeasureVerb.REPORT)])
async def report_measure(
    campaign_id: UUID, policy_measure_id: UUID, ask: asks.ReportMeasure, who: Who, now: Now, tx: Tx
) -> CampaignDetail:
    """Account for a measure of a policy, with what shows it."""
    return await telling.detail(
        tx, who, await accounting.report(tx, who, campaign_id, policy_measure_id, ask, now), now
    )


@router.post("/{campaign_id}/measures/{policy_measure_id}/judge", dependencies=[moves(MEASURE, MeasureVerb.JUDGE)])
async def judge_measure(
    campaign_id: UUID, policy_measure_id: UUID, ask: asks.JudgeMeasure, who: Who, now: Now, tx: Tx
) -> CampaignDetail:
    """Give the verdict on a measure, or ask for a better account (committee)."""
    return await telling.detail(tx, who, await accounting.judge(tx, who, campaign_id, policy_measure_id, ask, now), now)
