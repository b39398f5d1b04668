"""What is held in a hazard, and what each reader may do about it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.domain import Officer
from services.inspection.hazards.domain import OPEN
from services.inspection.hazards.domain.measures import MEASURE, MeasureCase, askable
from services.inspection.hazards.domain.readers import Reader, reader_of
from services.inspection.hazards.models import Appraisal, Hazard, Measure
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.measures import MeasureList, MeasureView, OwnMeasureView
from shared.auth import Actor
from shared.contracts.inspection import (
    HazardState,
    MeasureState,
)
from shared.errors import no_such


async def measure_of(tx: AsyncSession, hazard: Hazard, measure_id: UUID) -> Measure:
    """Give one measure of this hazard; 404 also for one of another."""
    measure = await tx.get(Measure, measure_id)
    if measure is None or measure.hazard_id != hazard.id:
        raise no_such("measure", "措施")
    return measure


def case_of(
    who: Actor,
    hazard: Hazard,
    measure: Measure | None,
    standing: knowing.Standing,
    officers: tuple[Officer, ...] | None = None,
) -> MeasureCase:
    """Gather what the rules look at; `measure` None: something is to be taken."""
    acting = hazard.lead_authority_id or hazard.handling_authority_id
    return MeasureCase(
        who_id=who.id,
        party_id=who.party_id,
        authority_id=measure.authority_id if measure else acting,
        certified=standing.certified,
        recused=hazard.id in standing.stepped_aside,
        in_hand=hazard.state in OPEN - {HazardState.SUSPECTED} and hazard.enterprise_id is not None,
        today=standing.today,
        kind=measure.kind if measure else None,
        until=measure.until if measure else None,
        unapproved=measure is not None and measure.approve_by is not None,
        in_appraisal=measure is not None and measure.appraisal_id is not None,
        officers=officers,
    )


async def listed(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime) -> MeasureList:
    """Show everything that is or was held, the oldest first."""
    query = select(Measure).where(col(Measure.hazard_id) == hazard.id).order_by(col(Measure.taken_at), col(Measure.id))
    rows = list((await tx.execute(query)).scalars())
    tests = await _tests_of(tx, rows)
    known = {row.id: row.model_dump() | {"appraisals": tests.get(row.id, [])} for row in rows}
    if reader_of(who.roles) is not Reader.OFFICIAL:
        return MeasureList(items=[OwnMeasureView.model_validate(known[row.id]) for row in rows], offers=[])
    standing = await knowing.standing_of(tx, who, [hazard.enterprise_id], now)
    shown = [
        MeasureView.model_validate(
            known[row.id]
            | {
                "overdue": row.state is not MeasureState.ENDED and row.until < standing.today,
                "offers": MEASURE.offers(row.state, who.roles, case_of(who, hazard, row, standing)),
            }
        )
        for row in rows
    ]
    return MeasureList(items=list(shown), offers=askable(who.roles, case_of(who, hazard, None, standing)))


async def test_of(tx: AsyncSession, measure: Measure) -> Appraisal | None:
    """Give the test that is under way, if one is."""
    return None if measure.appraisal_id is None else await tx.get_one(Appraisal, measure.appraisal_id)


async def days_tested(tx: AsyncSession, measure: Measure) -> timedelta:
    """Give how many days did not count because of all tests that are over."""
    query = select(func.sum(Appraisal.days)).where(col(Appraisal.measure_id) == measure.id)
    return timedelta(days=(await tx.execute(query)).scalar_one() or 0)


async def _tests_of(tx: AsyncSession, measures: Iterable[Measure]) -> dict[UUID, list[Appraisal]]:
    ids = [measure.id for measure in measures]
    query = select(Appraisal).where(col(Appraisal.measure_id).in_(ids)).order_by(col(Appraisal.sent_at))
    found: dict[UUID, list[Appraisal]] = {}
    for test in (await tx.execute(query)).scalars() if ids else ():
        found.setdefault(test.measure_id, []).append(test)
    return found
