"""The frame of every move of a campaign: may it happen, what is recorded and told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.campaigns.domain.machine import CAMPAIGN, Case, Verb
from services.inspection.campaigns.models import Campaign
from services.inspection.campaigns.queries import knowing, seeing
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection.campaigns import (
    CampaignFact,
    CampaignState,
)
from shared.machine import Move
from shared.outbox import emit


async def begin(
    tx: AsyncSession, who: Actor, campaign_id: UUID, verb: Verb, now: datetime
) -> tuple[Campaign, Move[CampaignState, Case]]:
    """Lock the campaign and let its machine decide; raises 403, 404, 409 or the guard's own refusal."""
    campaign = await seeing.visible(tx, who, campaign_id, lock=True)
    waiting = await knowing.waiting_in(tx, [campaign.id])
    case = knowing.case_of(tx, who, campaign, waiting[campaign.id], now)
    return campaign, CAMPAIGN.permit(verb, campaign.state, who.roles, case)


async def tell(
    tx: AsyncSession, campaign: Campaign, fact: Callable[..., CampaignFact], by_id: UUID | None, now: datetime
) -> CampaignFact:
    """State a fact, which is given with all but what every fact says."""
    said: dict[str, Any] = {
        "at": now,
        "area_code": campaign.area_code,
        "campaign_id": campaign.id,
        "number": campaign.number,
        "kind": campaign.kind,
        "title": campaign.title,
        "state": campaign.state,
        "party_id": campaign.party_id,
        "results_by": campaign.results_by,
        "by_id": by_id,
    }
    event = fact(**said)
    await emit(tx, campaign, event)
    return event


def write_down(
    tx: AsyncSession,
    who: Actor | None,
    campaign: Campaign,
    moved: tuple[str, str | None, str],
    now: datetime,
    *,
    reason: str = "",
    basis: str = "",
    **facts: Any,
) -> None:
    """Write history: of the campaign, or of what is done with one of its items."""
    record(tx, who, campaign.about, moved, now, reason=reason, basis=basis, **facts)
