"""The frame of every move of a measure: without it what is held and its history could tell different things."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.domain import About
from services.inspection.hazards.actions.listed import keep_for_lists
from services.inspection.hazards.actions.moving import common
from services.inspection.hazards.domain.measures import MEASURE, MeasureVerb
from services.inspection.hazards.models import Hazard, Measure
from services.inspection.hazards.queries import knowing, measures, seeing
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import MeasureFact, MeasureState
from shared.outbox import emit

Moved = tuple[MeasureVerb, MeasureState | None]
"""What was done, and where the measure stood before."""


async def begin(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, verb: MeasureVerb, now: datetime
) -> tuple[Hazard, Measure, Moved]:
    """Lock the hazard, for which all that is held in it waits, and let the table decide."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    measure = await measures.measure_of(tx, hazard, measure_id)
    standing = await knowing.standing_of(tx, who, [hazard.enterprise_id], now)
    move = MEASURE.permit(verb, measure.state, who.roles, measures.case_of(who, hazard, measure, standing))
    before, measure.state = measure.state, move.after(measure.state)
    return hazard, measure, (verb, before)


async def finish(
    tx: AsyncSession,
    who: Actor,
    hazard: Hazard,
    measure: Measure,
    moved: Moved,
    fact: Callable[..., MeasureFact],
    now: datetime,
    *,
    reason: str,
    **kept: Any,
) -> Hazard:
    """Keep the hazard's clocks in step, write history and state the fact."""
    await keep_for_lists(tx, hazard, None)
    said = await common(tx, who, hazard, now) | {
        "measure_id": measure.id,
        "kind": measure.kind,
        "measure_state": measure.state,
        "until": measure.until,
    }
    event = fact(**said)
    verb, before = moved
    own = {"measure_id": measure.id, "kind": measure.kind, "things": measure.things, "until": measure.until}
    step = (f"measure_{verb}", before, measure.state)
    record(tx, who, hazard.about, step, now, reason=reason, basis=measure.basis, **own, **kept)
    await emit(tx, hazard, event)
    return hazard


def about(hazard: Hazard, measure: Measure) -> About:
    """Name one measure, whose clocks run beside those of the hazard and of other measures."""
    return About(hazard.about.kind, hazard.id, hazard.area_code, measure.id)
