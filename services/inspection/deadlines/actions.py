"""Starts and ends clocks; without it a move could be made and its clock forgotten."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import Deadline, DeadlineState
from services.inspection.deadlines.queries import rules_of
from services.inspection.domain import About
from shared.db import raw_of
from shared.errors import Conflict

_END = """
update deadlines set state = $3, ended_at = $4
where object_id = $1 and state = 'open' and ($2::text[] is null or key = any($2))
    and not exists (select from unnest($5::text[]) as going_on(began) where starts_with(key, began))
    and ($6::uuid is null or part_id = $6)
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
            part_id=about.part_id,
            starts_at=now,
            due_at=due.at,
            provisional=due.provisional,
            explanation_en=due.explanation_en,
            explanation_zh=due.explanation_zh,
        )
    )
    return due.at


def start_until(
    tx: AsyncSession,
    about: About,
    key: str,
    owed_by: UUID | None,
    last_day: date,
    now: datetime,
    *,
    why: tuple[str, str] = ("", ""),
) -> datetime:
    """Start a clock that a decision sets and no rule: it ends with its last local day; return when that is.

    `why` says more of that day, in English and Chinese.
    """
    due_at = _end_of(tx, last_day)
    tx.add(
        Deadline(
            object_kind=about.kind,
            object_id=about.id,
            area_code=about.area_code,
            key=key,
            owed_by=owed_by,
            part_id=about.part_id,
            starts_at=now,
            due_at=due_at,
            explanation_en=f"Set by decision: to the end of {last_day}. {why[0]}".rstrip(),
            explanation_zh=f"依决定：至 {last_day} 终了。{why[1]}",
        )
    )
    return due_at.astimezone(UTC)


async def extend(tx: AsyncSession, about: About, key: str, last_day: date, why: tuple[str, str]) -> None:
    """Move a running clock to the end of a local day. It goes on and does not start anew: its start stays.

    `why` says in English and Chinese by what it was moved. Nothing happens where the clock does not run.
    """
    moving = (
        update(Deadline)
        .where(col(Deadline.object_id) == about.id, col(Deadline.state) == DeadlineState.OPEN, col(Deadline.key) == key)
        .values(
            due_at=_end_of(tx, last_day),
            explanation_en=col(Deadline.explanation_en) + f" {why[0]}: to the end of {last_day}.",
            explanation_zh=col(Deadline.explanation_zh) + f"{why[1]}：至 {last_day} 终了。",
        )
        .execution_options(synchronize_session=False)
    )
    await tx.execute(moving)


async def cancel(tx: AsyncSession, about: About, keys: Collection[str], now: datetime) -> None:
    """What was owed has lost its object: it was not done, and nobody can do it any more."""
    if keys:
        await _end(tx, about, keys, DeadlineState.CANCELLED, now)


async def extend_by(tx: AsyncSession, about: About, key: str, by: str, now: datetime) -> datetime:
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


async def cancel_all(tx: AsyncSession, about: About, now: datetime, *, but: Collection[str] = ()) -> None:
    """Nothing more is owed for this object with all its parts, or for the one part that is named.

    What goes on beside it is left: keys that begin with one of `but`.
    """
    await _end(tx, about, None, DeadlineState.CANCELLED, now, but)


def _end_of(tx: AsyncSession, day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), rules_of(tx).timezone)


async def _end(
    tx: AsyncSession,
    about: About,
    keys: Collection[str] | None,
    state: DeadlineState,
    now: datetime,
    but: Collection[str] = (),
) -> None:
    # In the driver's own words: the session would first write what the command has changed, and then once more.
    which = None if keys is None else list(keys)
    await (await raw_of(tx)).execute(_END, about.id, which, state, now, list(but), about.part_id)
