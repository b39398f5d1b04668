"""Starts and ends clocks; without it a move could be made and its clock forgotten."""

from collections.abc import Collection
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.deadlines.queries import rules_of
from services.inspection.domain import About
from shared.db import raw_of

_END = """
update deadlines set state = $3, ended_at = $4
where object_id = $1 and state = 'open' and ($2::text[] is null or key = any($2))
"""


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
    # In the driver's own words: the session would first write what the command has changed, and then once more.
    await (await raw_of(tx)).execute(_END, about.id, None if keys is None else list(keys), state, now)
