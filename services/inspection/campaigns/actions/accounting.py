"""The measures of a policy: their owners account for them, the committee judges (D06)."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.campaigns.actions.moving import tell, write_down
from services.inspection.campaigns.actions.opening import MEASURE_CLOCK
from services.inspection.campaigns.domain import asked
from services.inspection.campaigns.domain.machine import MEASURE, MeasureVerb
from services.inspection.campaigns.models import Campaign, PolicyMeasure
from services.inspection.campaigns.queries import knowing, seeing
from services.inspection.campaigns.shapes.asks import JudgeMeasure, ReportMeasure
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from shared.auth import Actor
from shared.contracts.inspection.campaigns import (
    MeasureJudged,
    MeasureReported,
    PolicyMeasureState,
)
from shared.machine import Move


async def report(
    tx: AsyncSession, who: Actor, campaign_id: UUID, measure_id: UUID, ask: ReportMeasure, now: datetime
) -> Campaign:
    """Account for a measure, with what shows it; its files are handed to the committee."""
    campaign, measure, move = await _begin(tx, who, campaign_id, measure_id, MeasureVerb.REPORT)
    await proven(tx, who, measure.id, ask.files, handed_to=campaign.party_id)
    before, measure.state = measure.state, move.after(measure.state)
    measure.account, measure.files = ask.account, [file.model_dump(mode="json") for file in ask.files]
    measure.reported_at = now
    await deadlines.meet(tx, campaign.about_item(measure.id), (MEASURE_CLOCK,), now)
    which: dict[str, Any] = {"measure_id": measure.id, "assisting_id": measure.owner_id}
    moved = (f"measure_{MeasureVerb.REPORT}", before, measure.state)
    write_down(tx, who, campaign, moved, now, reason=ask.account, files=measure.files, **which)
    await tell(tx, campaign, partial(MeasureReported, **which), who.id, now)
    return campaign


async def judge(
    tx: AsyncSession, who: Actor, campaign_id: UUID, measure_id: UUID, ask: JudgeMeasure, now: datetime
) -> Campaign:
    """Give the verdict on a measure, or ask for a better account."""
    campaign, measure, move = await _begin(tx, who, campaign_id, measure_id, MeasureVerb.JUDGE)
    judged, today = ask.verdict is not None, local_day(tx, now)
    asked.verdict_or_next_day(judged=judged, next_by=ask.next_by)
    asked.results_day_is_fair(ask.next_by, today, int(rules_of(tx).number("campaign.results.longest", today)))
    before, measure.state = measure.state, move.after(measure.state, yes=judged)
    measure.verdict, measure.reason = ask.verdict, ask.reason
    measure.judged_at = now if judged else None
    next_by = None
    if not judged:
        about = campaign.about_item(measure.id)
        due = (
            deadlines.start(tx, about, MEASURE_CLOCK, measure.owner_id, now)
            if ask.next_by is None
            else deadlines.start_until(tx, about, MEASURE_CLOCK, measure.owner_id, ask.next_by, now)
        )
        next_by = local_day(tx, due)
        campaign.results_by = max(campaign.results_by, next_by)
    which: dict[str, Any] = {"measure_id": measure.id, "assisting_id": measure.owner_id}
    moved = (f"measure_{MeasureVerb.JUDGE}", before, measure.state)
    write_down(tx, who, campaign, moved, now, reason=ask.reason, verdict=ask.verdict, **which)
    fact = partial(MeasureJudged, verdict=ask.verdict, reason=ask.reason, next_by=next_by, **which)
    await tell(tx, campaign, fact, who.id, now)
    return campaign


async def _begin(
    tx: AsyncSession, who: Actor, campaign_id: UUID, measure_id: UUID, verb: MeasureVerb
) -> tuple[Campaign, PolicyMeasure, Move[PolicyMeasureState, knowing.ItemCase]]:
    campaign = await seeing.visible(tx, who, campaign_id, lock=True)
    measure = await seeing.measure_of(tx, who, campaign, measure_id)
    case = knowing.item_case(who, campaign, measure.owner_id)
    return campaign, measure, MEASURE.permit(verb, measure.state, who.roles, case)
