"""What comes in from outside the committee: looks, reasons why there was none, photos."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.campaigns.actions.moving import tell, write_down
from services.inspection.campaigns.actions.opening import LOOK_CLOCK
from services.inspection.campaigns.domain import asked
from services.inspection.campaigns.domain.machine import LOOK, LookVerb, is_under_way
from services.inspection.campaigns.models import Campaign, CampaignItem, CampaignPhoto
from services.inspection.campaigns.queries import knowing, seeing
from services.inspection.campaigns.shapes.asks import ReportUndone, SupplyPhotos
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from shared.auth import Actor
from shared.contracts.inspection import LookBackDone
from shared.contracts.inspection.campaigns import (
    CampaignLooked,
    CampaignState,
    LookState,
)
from shared.contracts.values import Role

_UNLOOKED = (LookState.WAITING, LookState.UNDONE)
"""A reason why nobody could look does not stand against a look that was had after all."""


async def take_result(tx: AsyncSession, fact: LookBackDone) -> None:
    """Put a look at a hazard into every campaign that drew it for the same look, once."""
    asking = select(CampaignItem.campaign_id, CampaignItem.id).where(
        col(CampaignItem.hazard_id) == fact.hazard_id,
        col(CampaignItem.cycle) == fact.cycle,
        col(CampaignItem.ordinal) == fact.ordinal,
        col(CampaignItem.state).in_(_UNLOOKED),
    )
    for campaign_id, item_id in (await tx.execute(asking.order_by(col(CampaignItem.campaign_id)))).all():
        campaign = await seeing.locked(tx, campaign_id)
        item = await tx.get_one(CampaignItem, item_id, populate_existing=True)
        if campaign.state is not CampaignState.UNDER_WAY or item.state not in _UNLOOKED:
            continue
        before, item.state = item.state, LookState.PASSED if fact.passed else LookState.FAILED
        item.why, item.remark, item.by_id = None, fact.remark, fact.by_id
        await _done(tx, None, campaign, item, ("look_back", before, item.state), fact.at)


async def report_undone(
    tx: AsyncSession, who: Actor, campaign_id: UUID, item_id: UUID, ask: ReportUndone, now: datetime
) -> tuple[Campaign, CampaignItem]:
    """Say why a drawn hazard could not be looked at (its lead authority)."""
    campaign = await seeing.visible(tx, who, campaign_id, lock=True)
    item = await seeing.item_of(tx, who, campaign, item_id)
    case = knowing.item_case(who, campaign, item.lead_authority_id)
    move = LOOK.permit(LookVerb.REPORT_UNDONE, item.state, who.roles, case)
    before, item.state = item.state, move.after(item.state)
    item.why, item.remark, item.by_id = ask.why, ask.remark, who.id
    await _done(tx, who, campaign, item, (LookVerb.REPORT_UNDONE, before, item.state), now)
    return campaign, item


async def supply_photos(
    tx: AsyncSession, who: Actor, campaign_id: UUID, item_id: UUID, ask: SupplyPhotos, now: datetime
) -> int:
    """Add photos of a place that is looked at; give how many there are. Of a volunteer no name is kept."""
    item = await seeing.photographed(tx, who, campaign_id, item_id)
    campaign = await tx.get_one(Campaign, campaign_id)
    if (over := is_under_way(knowing.item_case(who, campaign, item.lead_authority_id))) is not None:
        raise over
    if Role.VOLUNTEER in who.roles:
        asked.volunteers_hand_in_elsewhere(theirs=all(photo.owner == "volunteer" for photo in ask.photos))
    else:
        await proven(tx, who, item.hazard_id, ask.photos)
    there = await _photos(tx, item)
    new = [photo for photo in ask.photos if str(photo.id) not in there]
    most = int(rules_of(tx).number("campaign.photos.most", local_day(tx, now)))
    asked.still_room(len(there), len(new), most)
    for photo in new:
        tx.add(
            CampaignPhoto(
                item_id=item.id,
                photo=photo.model_dump(mode="json"),
                capacity=who.role,
                party_id=who.party_id,
                remark=ask.remark,
                at=now,
            )
        )
    return len(there) + len(new)


async def _photos(tx: AsyncSession, item: CampaignItem) -> set[str]:
    query = select(func.jsonb_extract_path_text(CampaignPhoto.photo, "id")).where(col(CampaignPhoto.item_id) == item.id)
    return set((await tx.execute(query)).scalars())


async def _done(
    tx: AsyncSession,
    who: Actor | None,
    campaign: Campaign,
    item: CampaignItem,
    moved: tuple[str, str, str],
    now: datetime,
) -> None:
    item.done_at = now
    await deadlines.meet(tx, campaign.about_item(item.id), (LOOK_CLOCK,), now)
    which: dict[str, Any] = {
        "item_id": item.id,
        "hazard_id": item.hazard_id,
        "lead_authority_id": item.lead_authority_id,
    }
    write_down(tx, who, campaign, moved, now, reason=item.remark, why=item.why, **which)
    fact = partial(CampaignLooked, grade=item.grade, result=item.state, why=item.why, **which)
    await tell(tx, campaign, fact, item.by_id, now)
