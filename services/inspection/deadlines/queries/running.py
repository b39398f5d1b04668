"""Which clocks run, and by whose rules."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import GOING, Deadline, DeadlineState
from shared.db import raw_of
from shared.profile import Profile

_RUNNING = "select due_at, key, owed_by from deadlines where object_id = $1 and state = 'open'"


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


async def going_deadlines(tx: AsyncSession, object_id: UUID) -> list[Deadline]:
    """List the clocks of one object that have not come to their end: those that run, then those that are paused."""
    query = (
        select(Deadline)
        .where(col(Deadline.object_id) == object_id, text(f"deadlines.{GOING}"))
        .order_by(col(Deadline.state), col(Deadline.due_at))
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
