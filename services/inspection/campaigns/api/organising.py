"""Routes of the committee: open, draw, read, close, withdraw."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.campaigns.actions import ending, opening
from services.inspection.campaigns.domain.machine import CAMPAIGN, Verb
from services.inspection.campaigns.models import Campaign
from services.inspection.campaigns.queries import seeing, telling
from services.inspection.campaigns.shapes import asks
from services.inspection.campaigns.shapes.views import CampaignDetail, CampaignPage, DrawView
from shared.contracts.inspection.campaigns import (
    CampaignKind,
    CampaignState,
)
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/campaigns", tags=["campaigns"], dependencies=[versioned(Campaign, "campaign_id")])


@router.put("/{campaign_id}", status_code=201, dependencies=[moves(CAMPAIGN, Verb.OPEN)])
async def open_campaign(campaign_id: UUID, ask: asks.OpenCampaign, who: Who, now: Now, tx: Tx) -> CampaignDetail:
    """Open a campaign and freeze its list, or name the measures of a policy; sending it again is safe."""
    return await telling.detail(tx, who, await opening.open_campaign(tx, who, campaign_id, ask, now), now)


@router.get("", dependencies=[allowed("campaign.read")])
async def list_campaigns(
    who: Who,
    now: Now,
    tx: Tx,
    kind: CampaignKind | None = None,
    state: CampaignState | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> CampaignPage:
    """List the campaigns of the area, or those that ask something of the reader's body, the newest first."""
    found = await seeing.page(tx, who, kind, state, after, limit)
    return CampaignPage(items=await telling.lines(tx, who, found.items, now), next=found.next)


@router.get("/{campaign_id}", dependencies=[allowed("campaign.read")])
async def show(campaign_id: UUID, who: Who, now: Now, tx: Tx) -> CampaignDetail:
    """Show one campaign with its results so far, and its report when it is closed."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, campaign_id), now)


@router.get("/{campaign_id}/draw", dependencies=[allowed("campaign.read")])
async def show_draw(campaign_id: UUID, who: Who, tx: Tx) -> DrawView:
    """Show all that it takes to draw again and come to the same: list, hashes, shares, secret and value."""
    return await telling.draw_of(tx, await seeing.visible(tx, who, campaign_id))


@router.post("/{campaign_id}/draw", dependencies=[moves(CAMPAIGN, Verb.DRAW)])
async def draw_sample(campaign_id: UUID, ask: asks.DrawSample, who: Who, now: Now, tx: Tx) -> CampaignDetail:
    """Draw the sample with a value that nobody could know before; each lead authority is told of its own."""
    return await telling.detail(tx, who, await opening.draw_sample(tx, who, campaign_id, ask, now), now)


@router.post("/{campaign_id}/close", dependencies=[moves(CAMPAIGN, Verb.CLOSE)])
async def close(campaign_id: UUID, ask: asks.EndCampaign, who: Who, now: Now, tx: Tx) -> CampaignDetail:
    """Sum it up, once all has come in or the time is over."""
    return await telling.detail(tx, who, await ending.close(tx, who, campaign_id, ask, now), now)


@router.post("/{campaign_id}/withdraw", dependencies=[moves(CAMPAIGN, Verb.WITHDRAW)])
async def withdraw(campaign_id: UUID, ask: asks.EndCampaign, who: Who, now: Now, tx: Tx) -> CampaignDetail:
    """Do not carry it on."""
    return await telling.detail(tx, who, await ending.withdraw(tx, who, campaign_id, ask, now), now)
