"""Starts and ends clocks; without it a move could be made and its clock forgotten."""

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.deadlines.queries import rules_of
from services.inspection.domain import About
from shared.errors import Conflict


def start(tx: AsyncSession, about: About, key: str, owed_by: UUID | None, now: datetime) -> datetime:
    """Start the clock that the profile calls `key`; return when it runs out."""
    due = rules_of(tx).due(key, now)
    tx.add(
        Deadline(
            object_kind=about.kind,
            object_id=about.id,
            area_code=about.area_code,
            key=key,
            owed_by=owed_by,
            starts_at=now,
            due_at=due.at,
            provisional=due.provisional,
            explanation_en=due.explanation_en,
            explanation_zh=due.explanation_zh,
        )
    )
    return due.at


def start_until(tx: AsyncSession, about: About, key: str, owed_by: UUID | None, last_day: date, now: datetime) -> None:
    """Start a clock that a decision sets and no rule: it ends with its last local day."""
    due_at = datetime.combine(last_day, time(23, 59, 59), rules_of(tx).timezone)
    tx.add(
        Deadline(
            object_kind=about.kind,
            object_id=about.id,
            area_code=about.area_code,
            key=key,
            owed_by=owed_by,
            starts_at=now,
            due_at=due_at,
            explanation_en=f"Set by decision: to the end of {last_day}.",
            explanation_zh=f"依决定：至 {last_day} 终了。",
        )
    )


async def extend(tx: AsyncSession, about: About, key: str, by: str, now: datetime) -> datetime:
    """Move the running clock `key` on by the period `by`, from its end; return when it runs out now.

    Raises 409 when it does not run, or has run out: what is late is not made punctual afterwards.
    """
    query = select(Deadline).where(
        col(Deadline.object_id) == about.id, col(Deadline.key) == key, col(Deadline.state) == DeadlineState.OPEN
    )
    clock = (await tx.execute(query.with_for_update())).scalar_one_or_none()
    if clock is None:
        raise Conflict("no-such-clock", "The deadline that would be extended does not run.", "没有可以延长的期限。")
    if clock.due_at < now:
        raise Conflict("limit-passed", "The limit has passed already.", "期限已届满。", due_at=clock.due_at)
    more = rules_of(tx).due(by, clock.due_at)
    clock.due_at, clock.provisional = more.at, clock.provisional or more.provisional
    clock.explanation_en = f"{clock.explanation_en} Extended: {more.explanation_en}"
    clock.explanation_zh = f"{clock.explanation_zh}延长：{more.explanation_zh}"
    return more.at


async def meet(tx: AsyncSession, about: About, keys: Collection[str], now: datetime) -> None:
    """What was owed was done, in time or late."""
    if keys:
        await _end(tx, about, keys, DeadlineState.MET, now)


async def cancel_all(tx: AsyncSession, about: About, now: datetime) -> None:
    """Nothing more is owed for this object."""
    await _end(tx, about, None, DeadlineState.CANCELLED, now)


async def _end(
    tx: AsyncSession, about: About, keys: Collection[str] | None, state: DeadlineState, now: datetime
) -> None:
    ending = (
        update(Deadline)
        .where(col(Deadline.object_id) == about.id, col(Deadline.state) == DeadlineState.OPEN)
        .values(state=state, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    if keys is not None:
        ending = ending.where(col(Deadline.key).in_(keys))
    await tx.execute(ending)
