"""Goods are seized and evidence is registered for a time, and what becomes of them is decided in it (§4.3)."""

from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.domain import About
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.listed import keep_for_lists
from services.inspection.hazards.actions.moving import common
from services.inspection.hazards.actions.ordering import cited
from services.inspection.hazards.domain.measures import CLOCKS, ENDS, MEASURE, MeasureVerb, ends_lawfully
from services.inspection.hazards.models import Hazard, Measure
from services.inspection.hazards.queries import knowing, measures, seeing
from services.inspection.hazards.shapes.measures import EndMeasure, ExtendMeasure, TakeMeasure
from services.inspection.hazards.shapes.words import written
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import (
    MeasureEnded,
    MeasureExtended,
    MeasureFact,
    MeasureState,
    MeasureTaken,
)
from shared.errors import Conflict
from shared.outbox import emit

EXTENDED = "seizure.extension"


async def take(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: TakeMeasure, now: datetime
) -> Hazard:
    """Hold something; sent again with the same id and things, it is the same measure."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    if (known := await tx.get(Measure, measure_id)) is not None:
        if known.hazard_id == hazard.id and (known.kind, known.things) == (ask.kind, list(ask.things)):
            return hazard
        raise Conflict("id-taken", "This id stands for something else.", "该编号已用于其他事项。")
    standing = await knowing.standing_of(tx, who, [hazard.enterprise_id], now)
    named = await knowing.officers(tx, who.party_id, hazard.id, ask.officers, now)
    MEASURE.permit(MeasureVerb.TAKE, None, who.roles, measures.case_of(who, hazard, None, standing, named))
    await cited(tx, ask.basis_ids, now)
    await proven(tx, who, hazard_id, ask.evidence)
    key = CLOCKS[ask.kind]
    assert who.party_id is not None, "officers act for an authority"
    measure = Measure(
        id=measure_id,
        hazard_id=hazard.id,
        cycle=hazard.cycle,
        authority_id=who.party_id,
        kind=ask.kind,
        state=MeasureState.STANDING,
        things=list(ask.things),
        kept_at=ask.kept_at,
        reason=ask.reason,
        basis=ask.basis,
        basis_ids=[str(each) for each in ask.basis_ids],
        officers=[str(each) for each in ask.officers],
        evidence=written(ask.evidence),
        taken_by=who.id,
        taken_at=now,
        until=local_day(tx, rules_of(tx).due(key, now).at),
    )
    tx.add(measure)
    hazard.ordered_at = hazard.ordered_at or now
    deadlines.start(tx, _about(hazard, measure), key, measure.authority_id, now)
    fact = partial(MeasureTaken, things=ask.things, basis=ask.basis)
    moved = (MeasureVerb.TAKE, None)
    return await _finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason, evidence=ask.evidence)


async def extend(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: ExtendMeasure, now: datetime
) -> Hazard:
    """Hold seized goods longer: once, by the head, before the time is over. The new time follows on the old."""
    hazard, measure, moved = await _begin(tx, who, hazard_id, measure_id, MeasureVerb.EXTEND, now)
    ends = datetime.combine(measure.until, time(23, 59, 59), rules_of(tx).timezone)
    about = _about(hazard, measure)
    await deadlines.meet(tx, about, ENDS[MeasureVerb.EXTEND], now)
    measure.until = local_day(tx, deadlines.start(tx, about, EXTENDED, measure.authority_id, ends))
    measure.why_extended, measure.extended_by, measure.extended_at = ask.reason, who.id, now
    fact = partial(MeasureExtended, reason=ask.reason)
    return await _finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason)


async def end(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: EndMeasure, now: datetime
) -> Hazard:
    """Decide what becomes of it; what was held too long is given back."""
    hazard, measure, moved = await _begin(tx, who, hazard_id, measure_id, MeasureVerb.END, now)
    ends_lawfully(ask.outcome, measure.kind, measure.until, local_day(tx, now))
    await proven(tx, who, hazard_id, ask.evidence)
    await deadlines.meet(tx, _about(hazard, measure), ENDS[MeasureVerb.END], now)
    measure.outcome, measure.decision, measure.decision_evidence = ask.outcome, ask.reason, written(ask.evidence)
    measure.ended_by, measure.ended_at = who.id, now
    fact = partial(MeasureEnded, outcome=ask.outcome, reason=ask.reason)
    return await _finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason, evidence=ask.evidence)


async def _begin(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, verb: MeasureVerb, now: datetime
) -> tuple[Hazard, Measure, tuple[MeasureVerb, MeasureState | None]]:
    """Lock the hazard, for which all that is held in it waits, and let the table decide."""
    hazard = await seeing.visible(tx, who, hazard_id, lock=True)
    measure = await measures.measure_of(tx, hazard, measure_id)
    standing = await knowing.standing_of(tx, who, [hazard.enterprise_id], now)
    move = MEASURE.permit(verb, measure.state, who.roles, measures.case_of(who, hazard, measure, standing))
    before, measure.state = measure.state, move.after(measure.state)
    return hazard, measure, (verb, before)


async def _finish(
    tx: AsyncSession,
    who: Actor,
    hazard: Hazard,
    measure: Measure,
    moved: tuple[MeasureVerb, MeasureState | None],
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


def _about(hazard: Hazard, measure: Measure) -> About:
    """Name one measure, whose clocks run beside those of the hazard and of other measures."""
    return About(hazard.about.kind, hazard.id, hazard.area_code, measure.id)
