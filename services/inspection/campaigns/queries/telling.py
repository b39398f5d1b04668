"""How campaigns, drawn hazards and measures are shown to each reader."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.campaigns.models import Campaign, CampaignDraw, CampaignItem, CampaignPhoto
from services.inspection.campaigns.queries import knowing, results, seeing
from services.inspection.campaigns.shapes.views import (
    CampaignDetail,
    CampaignView,
    DrawView,
    ItemView,
    MeasureView,
    PhotoRequest,
    PhotoView,
    Report,
)
from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.queries import open_deadlines
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.hazards.models import Hazard
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from shared.auth import Actor
from shared.contracts.inspection.campaigns import (
    CampaignState,
)
from shared.errors import no_such


async def lines(tx: AsyncSession, who: Actor, rows: Sequence[Campaign], now: datetime) -> list[CampaignView]:
    """Show campaigns, each with what this reader may do with it."""
    waiting = await knowing.waiting_in(tx, [row.id for row in rows])
    return [CampaignView.model_validate(_known(tx, who, row, waiting[row.id], now)) for row in rows]


async def detail(tx: AsyncSession, who: Actor, campaign: Campaign, now: datetime) -> CampaignDetail:
    """Show one campaign: whole to the committee, to a body what is asked of it and how that stands."""
    waiting = await knowing.waiting_in(tx, [campaign.id])
    draw = await tx.get(CampaignDraw, campaign.id)
    whole = seeing.sees_all(who)
    known = _known(tx, who, campaign, waiting[campaign.id], now) | {
        "candidates": None if draw is None else len(draw.entries),
        "list_hash": draw and draw.list_hash,
        "commitment": draw and draw.commitment,
        "results": await results.results_of(tx, campaign, None if whole else who.party_id),
        "measures": await _measures(tx, who, campaign),
        "report": Report.model_validate(campaign.report) if whole and campaign.report else None,
        "history": [],
    }
    if whole:
        told = await history_of(tx, Kind.CAMPAIGN, campaign.id)
        known["history"] = [HappeningView.model_validate(row) for row in told]
    return CampaignDetail.model_validate(known)


async def draw_of(tx: AsyncSession, campaign: Campaign) -> DrawView:
    """Show all that the draw depends on; the secret only once it is made."""
    draw = await tx.get(CampaignDraw, campaign.id)
    if draw is None:
        raise no_such("draw", "抽取记录")
    shown = draw.model_dump() | {"entries": [{"id": one, "stratum": stratum} for one, stratum in draw.entries]}
    if campaign.state is CampaignState.OPENED or draw.seed is None:
        shown["secret"] = None
    return DrawView.model_validate(shown)


async def item_lines(
    tx: AsyncSession, who: Actor, campaign: Campaign, rows: Sequence[CampaignItem], now: datetime
) -> list[ItemView]:
    """Show drawn hazards, each with its clock and the photos that were supplied."""
    due = {clock.part_id: clock for clock in await _clocks(tx, campaign)}
    photos = await _photos(tx, [row.id for row in rows])
    shown: list[ItemView] = []
    for row in rows:
        clock = due.get(row.id)
        known = row.model_dump() | {
            "next_due": clock and clock.due_at,
            "overdue": clock is not None and clock.due_at < now,
            "photos": photos.get(row.id, []),
            "offers": knowing.item_offers(who, campaign, row),
        }
        shown.append(ItemView.model_validate(known))
    return shown


def requested(item: CampaignItem, hazard: Hazard) -> PhotoRequest:
    """Show a place to whoever walks there: where, and what kind of danger; nothing of the case."""
    return PhotoRequest.model_validate(
        {
            "id": item.id,
            "campaign_id": item.campaign_id,
            "area_code": item.area_code,
            "place": hazard.place,
            "category": hazard.category,
        }
    )


async def _measures(tx: AsyncSession, who: Actor, campaign: Campaign) -> list[MeasureView]:
    rows = await seeing.measures(tx, who, campaign)
    clocks = await _clocks(tx, campaign) if rows else []
    shown: list[MeasureView] = []
    for row in rows:
        theirs = [DeadlineView.model_validate(clock) for clock in clocks if clock.part_id == row.id]
        known = row.model_dump() | {"deadlines": theirs, "offers": knowing.measure_offers(who, campaign, row)}
        shown.append(MeasureView.model_validate(known))
    return shown


async def _clocks(tx: AsyncSession, campaign: Campaign) -> list[Deadline]:
    return await open_deadlines(tx, campaign.id)


async def _photos(tx: AsyncSession, items: list[UUID]) -> dict[UUID, list[PhotoView]]:
    query = select(CampaignPhoto).where(col(CampaignPhoto.item_id).in_(items)).order_by(col(CampaignPhoto.at))
    found: dict[UUID, list[PhotoView]] = {}
    for row in (await tx.execute(query)).scalars() if items else ():
        found.setdefault(row.item_id, []).append(PhotoView.model_validate(row))
    return found


def _known(tx: AsyncSession, who: Actor, campaign: Campaign, waiting: int, now: datetime) -> dict[str, Any]:
    return campaign.model_dump() | {"offers": knowing.offers(tx, who, campaign, waiting, now)}
