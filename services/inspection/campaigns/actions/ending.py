"""How a campaign ends: summed up in a report, or withdrawn; nothing is owed for it any more."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.campaigns.actions.moving import begin, tell, write_down
from services.inspection.campaigns.domain.machine import Verb
from services.inspection.campaigns.models import Campaign, CampaignItem, PolicyMeasure
from services.inspection.campaigns.queries import results
from services.inspection.campaigns.shapes.asks import EndCampaign
from services.inspection.campaigns.shapes.views import Report
from services.inspection.deadlines import actions as deadlines
from shared.auth import Actor
from shared.contracts.inspection.campaigns import (
    CampaignClosed,
    CampaignWithdrawn,
    LookState,
    PolicyMeasureState,
)


async def close(tx: AsyncSession, who: Actor, campaign_id: UUID, ask: EndCampaign, now: datetime) -> Campaign:
    """Sum it up. What nobody looked at or accounted for in time is told as missed, and not left out."""
    campaign, move = await begin(tx, who, campaign_id, Verb.CLOSE, now)
    await _miss(tx, campaign)
    await deadlines.cancel_all(tx, campaign.about, now)
    before, campaign.state = campaign.state, move.after(campaign.state)
    campaign.ended_at = now
    report = Report(
        remark=ask.remark,
        results=await results.results_of(tx, campaign, None),
        failed=await results.what_failed(tx, campaign),
        not_done=await results.what_was_not_done(tx, campaign),
    )
    campaign.report = report.model_dump(mode="json")
    total = report.results.total
    numbers = total.model_dump(include={"items", "done", "failed", "done_rate", "failed_rate"})
    write_down(tx, who, campaign, (Verb.CLOSE, before, campaign.state), now, reason=ask.remark, **numbers)
    bodies = tuple(await results.bodies_of(tx, campaign))
    await tell(tx, campaign, partial(CampaignClosed, assisting_ids=bodies, **numbers), who.id, now)
    return campaign


async def withdraw(tx: AsyncSession, who: Actor, campaign_id: UUID, ask: EndCampaign, now: datetime) -> Campaign:
    """Do not carry it on; what was found already stands in the hazards."""
    campaign, move = await begin(tx, who, campaign_id, Verb.WITHDRAW, now)
    await deadlines.cancel_all(tx, campaign.about, now)
    before, campaign.state = campaign.state, move.after(campaign.state)
    campaign.ended_at = now
    write_down(tx, who, campaign, (Verb.WITHDRAW, before, campaign.state), now, reason=ask.remark)
    bodies = tuple(await results.bodies_of(tx, campaign))
    await tell(tx, campaign, partial(CampaignWithdrawn, reason=ask.remark, assisting_ids=bodies), who.id, now)
    return campaign


async def _miss(tx: AsyncSession, campaign: Campaign) -> None:
    """Say of everything that is still waited for that it did not come."""
    looks = (
        update(CampaignItem)
        .where(col(CampaignItem.campaign_id) == campaign.id, col(CampaignItem.state) == LookState.WAITING)
        .values(state=LookState.MISSED)
    )
    accounts = (
        update(PolicyMeasure)
        .where(
            col(PolicyMeasure.campaign_id) == campaign.id,
            col(PolicyMeasure.state).in_([PolicyMeasureState.ASKED, PolicyMeasureState.REPORTED]),
        )
        .values(state=PolicyMeasureState.MISSED)
    )
    for missing in (looks, accounts):
        await tx.execute(missing.execution_options(synchronize_session="fetch"))
