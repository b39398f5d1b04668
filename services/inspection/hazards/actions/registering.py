"""The enterprise reports its major hazard (T25; WSL art. 41); without it no register would be whole."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.moving import begin, finish
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.models import Hazard, MajorReport
from services.inspection.hazards.shapes.orders import ReportMajor
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import MajorRegistered


async def report_major(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ReportMajor, now: datetime) -> Hazard:
    """T25: state and cause, harm and difficulty, plan (Order 16); reported again, the newest counts."""
    step = await begin(tx, who, hazard_id, Verb.REPORT_MAJOR, now)
    await proven(tx, who, hazard_id, ask.evidence)
    told = MajorReport(
        id=uuid4(),
        hazard_id=hazard_id,
        cycle=step.hazard.cycle,
        state_and_cause=ask.state_and_cause,
        harm_and_difficulty=ask.harm_and_difficulty,
        plan=ask.plan,
        evidence=written(ask.evidence),
        by_id=who.id,
        at=now,
    )
    tx.add(told)
    return await finish(tx, who, step, partial(MajorRegistered, report_id=told.id), now)
