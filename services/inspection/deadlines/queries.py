"""Which clocks run, and by whose rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, text
from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Enterprise
from services.inspection.deadlines.models import Change, Deadline, DeadlineChange, DeadlineState
from services.inspection.deadlines.rungs import Rung
from shared.db import Aggregate, raw_of, table_of
from shared.profile import Profile

_RUNNING = "select due_at, key, owed_by from deadlines where object_id = $1 and state = 'open'"

_OPEN = text("deadlines.state = 'open'")
"""In words that the partial indexes know: of a parameter the planner could not tell that it is this one."""


@dataclass(frozen=True, slots=True)
class Running:
    """What a list tells of a clock."""

    due_at: datetime
    key: str
    owed_by: UUID | None


def rules_of(tx: AsyncSession) -> Profile:
    """Give the jurisdiction's profile, which every transaction of a service carries."""
    profile: Profile = tx.info["profile"]
    return profile


def end_of(tx: AsyncSession, day: date) -> datetime:
    """Give the last second of a day in the county."""
    return datetime.combine(day, time(23, 59, 59), rules_of(tx).timezone)


def local_day(tx: AsyncSession, now: datetime) -> date:
    """Give the date in the county: certificates, criteria and limits end with local days."""
    return now.astimezone(rules_of(tx).timezone).date()


def next_due(object_id: Any, owed_by: UUID | None = None) -> Any:
    """Give the SQL expression for the earliest open deadline of an object, of one party only if it is named."""
    query = select(func.min(Deadline.due_at)).where(
        col(Deadline.object_id) == object_id, col(Deadline.state) == DeadlineState.OPEN
    )
    if owed_by is not None:
        query = query.where(col(Deadline.owed_by) == owed_by)
    return query.scalar_subquery()


async def all_running(tx: AsyncSession, object_id: UUID) -> list[Running]:
    """Give the clocks that run, the first to run out before the others; also those that this command has started.

    Asked of the database without writing first what the command has changed: the object itself is written once.
    """
    stored = await (await raw_of(tx)).fetch(_RUNNING, object_id)
    started = [each for each in tx.new if isinstance(each, Deadline) and each.object_id == object_id]
    clocks = [Running(row["due_at"], row["key"], row["owed_by"]) for row in stored]
    clocks += [Running(each.due_at, each.key, each.owed_by) for each in started if each.state is DeadlineState.OPEN]
    return sorted(clocks, key=lambda clock: (clock.due_at, clock.key))


async def open_deadlines(tx: AsyncSession, object_id: UUID) -> list[Deadline]:
    """List the running clocks of one object, the earliest first."""
    query = (
        select(Deadline)
        .where(col(Deadline.object_id) == object_id, col(Deadline.state) == DeadlineState.OPEN)
        .order_by(col(Deadline.due_at))
    )
    return list((await tx.execute(query)).scalars())


async def running(tx: AsyncSession, object_id: UUID, key: str) -> Deadline | None:
    """Give the running clock of an object that bears this key, if one runs."""
    query = select(Deadline).where(
        col(Deadline.object_id) == object_id, col(Deadline.key) == key, col(Deadline.state) == DeadlineState.OPEN
    )
    return (await tx.execute(query)).scalars().first()


async def met_in_time(tx: AsyncSession, object_id: UUID, key: str) -> bool:
    """Tell whether the clock that ended last was met before it ran out."""
    query = (
        select(Deadline)
        .where(
            col(Deadline.object_id) == object_id,
            col(Deadline.key) == key,
            col(Deadline.state) == DeadlineState.MET,
        )
        .order_by(col(Deadline.ended_at).desc())
        .limit(1)
    )
    clock = (await tx.execute(query)).scalar_one_or_none()
    return clock is not None and clock.ended_at is not None and clock.ended_at <= clock.due_at


async def fired_for(tx: AsyncSession, deadline_id: UUID, due_at: datetime) -> Rung | None:
    """Give the last rung that was fired for this very date of a clock, which may have had others since."""
    query = (
        select(DeadlineChange.rung)
        .where(
            col(DeadlineChange.deadline_id) == deadline_id,
            col(DeadlineChange.what) == Change.FIRED,
            col(DeadlineChange.due_at) == due_at,
        )
        .order_by(col(DeadlineChange.id).desc())
        .limit(1)
    )
    return (await tx.execute(query)).scalar_one_or_none()


async def due_now(
    tx: AsyncSession, now: datetime, at_most: int, only: Collection[UUID] | None = None
) -> Sequence[Deadline]:
    """Take clocks of which something has fallen due, those due longest first; not what another replica has taken."""
    query = (
        select(Deadline)
        .where(_OPEN, col(Deadline.next_at) <= now)
        .order_by(col(Deadline.next_at), col(Deadline.id))
        .limit(at_most)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if only is not None:
        query = query.where(col(Deadline.id).in_(only))
    return (await tx.execute(query)).scalars().all()


async def held(
    tx: AsyncSession, kind: type[Aggregate], ids: Collection[UUID], *, waiting: bool = False
) -> dict[UUID, Mapping[str, Any]]:
    """Lock objects and give of each what is told with its clocks; those that somebody moves are left out.

    `waiting`: they are waited for instead, in the order of their ids.
    """
    table = table_of(kind)
    lead = next((name for name in ("lead_authority_id", "authority_id", "sender_id") if name in table.columns), None)
    query = (
        select_rows(
            table.c.id,
            (table.c.number if "number" in table.columns else literal(None)).label("number"),
            (table.c.grade if "grade" in table.columns else literal(None)).label("grade"),
            (literal(None) if lead is None else table.c[lead]).label("lead"),
        )
        .where(table.c.id.in_(ids))
        .order_by(table.c.id)
        .with_for_update(key_share=True, skip_locked=not waiting)
    )
    return {row["id"]: dict(row) for row in (await tx.execute(query)).mappings()}


async def enterprises_among(tx: AsyncSession, parties: Collection[UUID]) -> frozenset[UUID]:
    """Tell which of these parties are enterprises."""
    if not parties:
        return frozenset()
    return frozenset((await tx.execute(select(Enterprise.id).where(col(Enterprise.id).in_(parties)))).scalars())


async def oldest_due(tx: AsyncSession) -> datetime | None:
    """Give when the next of all rungs falls due, or fell due."""
    query = select(func.min(Deadline.next_at)).where(_OPEN, col(Deadline.next_at).is_not(None))
    return (await tx.execute(query)).scalar_one_or_none()
