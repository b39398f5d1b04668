"""What the rules must know of a campaign beyond its row, and which closed hazards it may draw from."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.campaigns.domain.drawing import Entry
from services.inspection.campaigns.domain.machine import (
    CAMPAIGN,
    LOOK,
    MEASURE,
    Case,
    ItemCase,
    LookVerb,
    MeasureVerb,
    Verb,
)
from services.inspection.campaigns.models import Campaign, CampaignItem, PolicyMeasure
from services.inspection.campaigns.shapes.asks import Closures
from services.inspection.copies.models import Party
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.contracts.inspection import HazardState
from shared.contracts.inspection.campaigns import (
    CampaignKind,
    CampaignState,
    LookState,
    PolicyMeasureState,
)

ORDINAL = {CampaignKind.FIRST_LOOK: 1, CampaignKind.SECOND_LOOK: 2}
"""Which of a hazard's two looks a campaign is about."""
_UNJUDGED = (PolicyMeasureState.ASKED, PolicyMeasureState.REPORTED)


async def one_at_a_time(tx: AsyncSession, campaign_id: UUID) -> None:
    """Wait until no other transaction opens under this id, which need not exist yet."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(campaign_id), 0))))


async def candidates(tx: AsyncSession, area_code: str, which: Closures, ordinal: int) -> list[Entry]:
    """List what may be drawn: closed in the period, led by an authority, and not looked at for the same yet."""
    zone = rules_of(tx).timezone
    begins = datetime.combine(which.closed_from, time(), zone)
    ends = datetime.combine(which.closed_to + timedelta(days=1), time(), zone)
    query = select(Hazard.id, Hazard.grade).where(
        col(Hazard.state) == HazardState.CLOSED,
        col(Hazard.area_code).startswith(area_code, autoescape=True),
        col(Hazard.closed_at) >= begins,
        col(Hazard.closed_at) < ends,
        col(Hazard.lead_authority_id).is_not(None),
        col(Hazard.grade).is_not(None),
        col(Hazard.looked_back) == ordinal - 1,
        true() if which.category is None else col(Hazard.category) == which.category,
        true() if which.grade is None else col(Hazard.grade) == which.grade,
    )
    return [Entry(row[0], row[1]) for row in await tx.execute(query) if row[1] is not None]


async def hazards_held(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Hazard]:
    """Give the hazards as they stand and hold them so: a look is had before the draw, or after it and counted."""
    query = select(Hazard).where(col(Hazard.id).in_(ids)).order_by(col(Hazard.id))
    query = query.with_for_update(read=True).execution_options(populate_existing=True)
    return {row.id: row for row in (await tx.execute(query)).scalars()} if ids else {}


async def name_of(tx: AsyncSession, party_id: UUID) -> str:
    party = await tx.get(Party, party_id)
    return party.name_zh if party else ""


async def waiting_in(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """Count in each campaign the looks and measures for which nothing has come in."""
    if not ids:
        return {}
    found = dict.fromkeys(ids, 0)
    looks = select(CampaignItem.campaign_id, func.count()).where(
        col(CampaignItem.campaign_id).in_(ids), col(CampaignItem.state) == LookState.WAITING
    )
    accounts = select(PolicyMeasure.campaign_id, func.count()).where(
        col(PolicyMeasure.campaign_id).in_(ids), col(PolicyMeasure.state).in_(_UNJUDGED)
    )
    for query in (
        looks.group_by(col(CampaignItem.campaign_id)),
        accounts.group_by(col(PolicyMeasure.campaign_id)),
    ):
        for campaign_id, waiting in await tx.execute(query):
            found[campaign_id] += waiting
    return found


def case_of(tx: AsyncSession, who: Actor, campaign: Campaign, open_items: int, now: datetime) -> Case:
    return Case(
        party_id=who.party_id,
        in_our_area=who.covers(campaign.area_code),
        kind=campaign.kind,
        open_items=open_items,
        time_is_up=local_day(tx, now) > campaign.results_by,
    )


def offers(tx: AsyncSession, who: Actor, campaign: Campaign, open_items: int, now: datetime) -> list[Verb]:
    """List what this person may do with the campaign now."""
    return CAMPAIGN.offers(campaign.state, who.roles, case_of(tx, who, campaign, open_items, now))


def item_case(who: Actor, campaign: Campaign, owed_by: UUID) -> ItemCase:
    return ItemCase(party_id=who.party_id, owed_by=owed_by, under_way=campaign.state is CampaignState.UNDER_WAY)


def item_offers(who: Actor, campaign: Campaign, item: CampaignItem) -> list[LookVerb]:
    return LOOK.offers(item.state, who.roles, item_case(who, campaign, item.lead_authority_id))


def measure_offers(who: Actor, campaign: Campaign, measure: PolicyMeasure) -> list[MeasureVerb]:
    return MEASURE.offers(measure.state, who.roles, item_case(who, campaign, measure.owner_id))
