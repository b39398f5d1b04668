"""How many hazards a list has, and of what kinds; without it every board would read whole lists to count them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.domain import Kind
from services.inspection.hazards.domain.kinds import DONE_WITH
from services.inspection.hazards.domain.readers import Reader
from services.inspection.hazards.models import Hazard
from services.inspection.worklists.queries.hazards import WITH_A_CLOCK, Listed, due_of
from services.inspection.worklists.shapes.counts import ArchiveCount, ClockCount, HazardCounts
from shared.contracts.inspection import (
    HazardState,
    Suspension,
)

COUNTED = 1_000
"""So many of each state of the archive are counted; nobody goes through more."""


async def counts(tx: AsyncSession, asked: Listed, now: datetime) -> HazardCounts:
    """Count what a list holds: all that is unfinished, and of the archive whether it is worth a look."""
    states, grades, suspensions = Counter[HazardState](), Counter[str](), Counter[Suspension]()
    overdue = 0
    for row in await _unfinished(tx, asked, now) if False in asked.halves else ():
        many: int = row["many"]
        states[row["state"]] += many
        grades[row["grade"] or "ungraded"] += many
        suspensions[row["suspension"]] += many
        overdue += many if row["late"] else 0
    claimant = asked.reader is Reader.CLAIMANT
    return HazardCounts(
        unfinished=states.total(),
        states=states,
        grades=grades,
        overdue=None if claimant else overdue,
        suspensions={} if claimant else suspensions,
        clocks={} if claimant else await _clocks(tx, asked, now),
        archive=await _archive(tx, asked) if True in asked.halves else {},
    )


async def _unfinished(tx: AsyncSession, asked: Listed, now: datetime) -> Sequence[Any]:
    """Give each kind of what is unfinished with how many there are of it."""
    late = func.coalesce(due_of(asked) < now, False)
    kinds = select(col(Hazard.state), col(Hazard.grade), col(Hazard.suspension), late.label("late"))
    rows = kinds.where(*asked.half(finished=False), *asked.conditions).subquery()
    counted = select(*rows.c, func.count().label("many")).group_by(*rows.c)
    return (await tx.execute(counted)).mappings().all()


async def _clocks(tx: AsyncSession, asked: Listed, now: datetime) -> dict[str, ClockCount]:
    """Count the clocks that run by their keys; an enterprise is told of its own."""
    which = [
        select(col(Hazard.id)).where(*asked.half(finished=half), WITH_A_CLOCK, *asked.conditions)
        for half in asked.halves
    ]
    hazards = union_all(*which).subquery()
    key: Any = col(Deadline.key)
    late = func.count().filter(col(Deadline.due_at) < now)
    query: Any = (
        select(key.label("key"), func.count().label("running"), late.label("overdue"))
        .join(hazards, hazards.c.id == col(Deadline.object_id))
        .where(col(Deadline.state) == DeadlineState.OPEN, col(Deadline.object_kind) == Kind.HAZARD)
        .group_by(key)
    )
    if asked.reader is Reader.ENTERPRISE:
        query = query.where(col(Deadline.owed_by) == asked.who.party_id)
    rows = (await tx.execute(query)).mappings()
    return {row["key"]: ClockCount(running=row["running"], overdue=row["overdue"]) for row in rows}


async def _archive(tx: AsyncSession, asked: Listed) -> dict[HazardState, ArchiveCount]:
    """Count each state of the archive, up to a bound."""
    pieces: list[Any] = []
    for state in sorted(asked.states & DONE_WITH):
        which = (*asked.half(finished=True), col(Hazard.state) == state, *asked.conditions)
        rows = select(col(Hazard.id)).where(*which).limit(COUNTED + 1).subquery()
        many = select(literal(state.value).label("state"), func.count().label("many"))
        pieces.append(many.select_from(rows))
    found = (await tx.execute(union_all(*pieces))).mappings()
    counted: dict[HazardState, int] = {HazardState(row["state"]): row["many"] for row in found}
    return {state: ArchiveCount(count=min(many, COUNTED), at_least=many > COUNTED) for state, many in counted.items()}
