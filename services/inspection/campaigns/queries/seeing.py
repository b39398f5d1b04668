"""Who may see which campaign and what of it, in the query itself; without it one body would read another's failures."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.campaigns.models import Campaign, CampaignItem, PolicyMeasure
from services.inspection.hazards.models import Hazard
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection.campaigns import (
    CampaignKind,
    CampaignState,
    LookState,
)
from shared.contracts.values import Role
from shared.errors import no_such
from shared.permission import in_area


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may know of a campaign: it is the area's, or asks of their body."""
    asked = or_(
        exists().where(
            col(CampaignItem.campaign_id) == col(Campaign.id), col(CampaignItem.lead_authority_id) == who.party_id
        ),
        exists().where(col(PolicyMeasure.campaign_id) == col(Campaign.id), col(PolicyMeasure.owner_id) == who.party_id),
    )
    return permission.visible(who, "campaign.read", area=in_area(who, Campaign.area_code), competent=asked)


def sees_all(who: Actor) -> bool:
    """Tell whether everybody's part is shown, or that of the own body only."""
    return Role.COMMITTEE in who.roles


async def visible(tx: AsyncSession, who: Actor, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """Give one campaign, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Campaign).where(col(Campaign.id) == campaign_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    campaign = (await tx.execute(query)).scalar_one_or_none()
    if campaign is None:
        raise no_such("campaign", "回头看")
    return campaign


async def locked(tx: AsyncSession, campaign_id: UUID) -> Campaign:
    """Give a campaign that is known to exist, locked: its items follow one writer at a time."""
    query = select(Campaign).where(col(Campaign.id) == campaign_id)
    return (await tx.execute(query.with_for_update().execution_options(populate_existing=True))).scalar_one()


async def page(
    tx: AsyncSession,
    who: Actor,
    kind: CampaignKind | None,
    state: CampaignState | None,
    after: UUID | None,
    limit: int,
) -> paging.Page[Campaign]:
    """List campaigns, the newest first."""
    query = select(Campaign).where(
        visible_to(who),
        true() if kind is None else col(Campaign.kind) == kind,
        true() if state is None else col(Campaign.state) == state,
    )
    return await paging.page(tx, query, Campaign.opened_at, after, limit, newest_first=True)


async def items(
    tx: AsyncSession, who: Actor, campaign: Campaign, state: LookState | None, after: UUID | None, limit: int
) -> paging.Page[CampaignItem]:
    """List the drawn hazards by their numbers: all of them to the committee, to an authority its own."""
    query = select(CampaignItem).where(
        col(CampaignItem.campaign_id) == campaign.id,
        true() if sees_all(who) else col(CampaignItem.lead_authority_id) == who.party_id,
        true() if state is None else col(CampaignItem.state) == state,
    )
    return await paging.page(tx, query, CampaignItem.number, after, limit)


async def item_of(tx: AsyncSession, who: Actor, campaign: Campaign, item_id: UUID) -> CampaignItem:
    """Give one drawn hazard of this campaign; 404 also for another body's."""
    item = await tx.get(CampaignItem, item_id, populate_existing=True)
    theirs = item is not None and (sees_all(who) or item.lead_authority_id == who.party_id)
    if item is None or item.campaign_id != campaign.id or not theirs:
        raise no_such("item", "回头看事项")
    return item


async def measure_of(tx: AsyncSession, who: Actor, campaign: Campaign, measure_id: UUID) -> PolicyMeasure:
    """Give one measure of this campaign; 404 also for another body's."""
    measure = await tx.get(PolicyMeasure, measure_id, populate_existing=True)
    theirs = measure is not None and (sees_all(who) or measure.owner_id == who.party_id)
    if measure is None or measure.campaign_id != campaign.id or not theirs:
        raise no_such("measure", "政策措施")
    return measure


async def measures(tx: AsyncSession, who: Actor, campaign: Campaign) -> list[PolicyMeasure]:
    """Give the measures in their order: all of them to the committee, to a body its own."""
    query = select(PolicyMeasure).where(
        col(PolicyMeasure.campaign_id) == campaign.id,
        true() if sees_all(who) else col(PolicyMeasure.owner_id) == who.party_id,
    )
    return list((await tx.execute(query.order_by(col(PolicyMeasure.ordinal)))).scalars())


def _asks_for_photos(who: Actor, verb: str) -> ColumnElement[bool]:
    """Give the condition that a photo of this place is asked of whoever walks there."""
    wanted = exists().where(col(Campaign.id) == col(CampaignItem.campaign_id), col(Campaign.photos_wanted))
    return permission.visible(who, verb, area=in_area(who, CampaignItem.area_code)) & wanted


async def photo_requests(
    tx: AsyncSession, who: Actor, after: UUID | None, limit: int
) -> tuple[list[tuple[CampaignItem, Hazard]], UUID | None]:
    """List the places in the person's own area of which photos would help, the first drawn first."""
    under_way = exists().where(
        col(Campaign.id) == col(CampaignItem.campaign_id), col(Campaign.state) == CampaignState.UNDER_WAY
    )
    query = select(CampaignItem).where(
        _asks_for_photos(who, "campaign_photo.seek"), col(CampaignItem.state) == LookState.WAITING, under_way
    )
    found = await paging.page(tx, query, CampaignItem.drawn_at, after, limit)
    behind = select(Hazard).where(col(Hazard.id).in_([item.hazard_id for item in found.items]))
    hazards = {hazard.id: hazard for hazard in (await tx.execute(behind)).scalars()} if found.items else {}
    return [(item, hazards[item.hazard_id]) for item in found.items], found.next


async def photographed(tx: AsyncSession, who: Actor, campaign_id: UUID, item_id: UUID) -> CampaignItem:
    """Give the place that somebody photographed, locked, or the 404 for places that are not theirs to know of."""
    query = select(CampaignItem).where(
        col(CampaignItem.id) == item_id,
        col(CampaignItem.campaign_id) == campaign_id,
        _asks_for_photos(who, "campaign_photo.supply"),
    )
    item = (await tx.execute(query.with_for_update())).scalar_one_or_none()
    if item is None:
        raise no_such("item", "回头看事项")
    return item
