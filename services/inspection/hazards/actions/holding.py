"""Goods are seized and evidence is registered for a time, and what becomes of them is decided in it (§4.3)."""

from datetime import datetime, time
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.held import about, begin, finish
from services.inspection.hazards.actions.ordering import cited
from services.inspection.hazards.domain.measures import (
    CLOCKS,
    DROPS,
    ENDS,
    MEASURE,
    MeasureVerb,
    approved_between,
    approver_is_a_head,
    ends_lawfully,
    is_approved_or_urgent,
)
from services.inspection.hazards.models import Hazard, Measure
from services.inspection.hazards.queries import knowing, measures, recusing, seeing
from services.inspection.hazards.shapes.measures import ApproveMeasure, EndMeasure, ExtendMeasure, TakeMeasure
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    MeasureApprovalDecided,
    MeasureEnd,
    MeasureEnded,
    MeasureExtended,
    MeasureState,
    MeasureTaken,
)
from shared.errors import Conflict

EXTENDED, APPROVAL = "seizure.extension", "seizure.approval"


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
    await _approved(tx, who, hazard, ask, now)
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
        approved_by=ask.approved_by,
        approved_at=ask.approved_at,
        why_urgent=ask.urgent,
    )
    tx.add(measure)
    hazard.ordered_at = hazard.ordered_at or now
    deadlines.start(tx, about(hazard, measure), key, measure.authority_id, now)
    if ask.urgent is not None:
        measure.approve_by = deadlines.start(tx, about(hazard, measure), APPROVAL, measure.authority_id, now)
    fact = partial(
        MeasureTaken, things=ask.things, basis=ask.basis, approved_by=ask.approved_by, approve_by=measure.approve_by
    )
    moved = (MeasureVerb.TAKE, None)
    kept = {"evidence": ask.evidence, "approved_by": ask.approved_by, "why_urgent": ask.urgent}
    return await finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason, **kept)


async def approve(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: ApproveMeasure, now: datetime
) -> Hazard:
    """Approve what could not wait, or refuse it: then it is given back at once (Compulsion Law art. 19)."""
    hazard, measure, moved = await begin(tx, who, hazard_id, measure_id, MeasureVerb.APPROVE, now)
    await deadlines.meet(tx, about(hazard, measure), ENDS[MeasureVerb.APPROVE], now)
    measure.approve_by, measure.approval = None, ask.reason
    fact = partial(MeasureApprovalDecided, approved=ask.approved, reason=ask.reason)
    if ask.approved:
        measure.approved_by, measure.approved_at = who.id, now
        return await finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason)
    await finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason)
    stood, measure.state = measure.state, MEASURE.moves[MeasureVerb.APPROVE].after(measure.state, yes=False)
    await _let_go(tx, who, hazard, measure, EndMeasure(outcome=MeasureEnd.RETURNED, reason=ask.reason), now)
    ended = partial(MeasureEnded, outcome=MeasureEnd.RETURNED, reason=ask.reason)
    return await finish(tx, who, hazard, measure, (MeasureVerb.END, stood), ended, now, reason=ask.reason)


async def extend(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: ExtendMeasure, now: datetime
) -> Hazard:
    """Hold seized goods longer: once, by the head, before the time is over. The new time follows on the old."""
    hazard, measure, moved = await begin(tx, who, hazard_id, measure_id, MeasureVerb.EXTEND, now)
    ends = datetime.combine(measure.until, time(23, 59, 59), rules_of(tx).timezone)
    await deadlines.meet(tx, about(hazard, measure), ENDS[MeasureVerb.EXTEND], now)
    due = deadlines.start(tx, about(hazard, measure), EXTENDED, measure.authority_id, ends)
    measure.until = local_day(tx, due)
    measure.why_extended, measure.extended_by, measure.extended_at = ask.reason, who.id, now
    fact = partial(MeasureExtended, reason=ask.reason)
    return await finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason)


async def end(
    tx: AsyncSession, who: Actor, hazard_id: UUID, measure_id: UUID, ask: EndMeasure, now: datetime
) -> Hazard:
    """Decide what becomes of it; what was held too long is given back."""
    hazard, measure, moved = await begin(tx, who, hazard_id, measure_id, MeasureVerb.END, now)
    today = local_day(tx, now)
    ends_lawfully(ask.outcome, measure.kind, measure.until, today, unapproved=measure.approve_by is not None)
    await proven(tx, who, hazard_id, ask.evidence)
    await _let_go(tx, who, hazard, measure, ask, now)
    fact = partial(MeasureEnded, outcome=ask.outcome, reason=ask.reason)
    return await finish(tx, who, hazard, measure, moved, fact, now, reason=ask.reason, evidence=ask.evidence)


async def _approved(tx: AsyncSession, who: Actor, hazard: Hazard, ask: TakeMeasure, now: datetime) -> None:
    """Refuse what no head of the authority approved, unless it could not wait (Compulsion Law art. 18, 19)."""
    by, at = ask.approved_by, ask.approved_at
    is_approved_or_urgent(ask.kind, by=by is not None, at=at is not None, urgent=ask.urgent is not None)
    if by is None or at is None:
        return
    approved_between(at, await knowing.came_to_light(tx, hazard), now)
    heads = await copies.heads_of(tx, [by], who.party_id, local_day(tx, at))
    approver_is_a_head(is_head=by in heads, recused=by in await recusing.stepped_aside(tx, hazard.id, [by]))


async def _let_go(
    tx: AsyncSession, who: Actor, hazard: Hazard, measure: Measure, ask: EndMeasure, now: datetime
) -> None:
    """End its clocks, and write down what was decided."""
    await deadlines.meet(tx, about(hazard, measure), ENDS[MeasureVerb.END], now)
    await deadlines.cancel(tx, about(hazard, measure), DROPS[MeasureVerb.END], now)
    measure.approve_by = measure.appraisal_id = None
    measure.outcome, measure.decision, measure.decision_evidence = ask.outcome, ask.reason, written(ask.evidence)
    measure.ended_by, measure.ended_at = who.id, now
