"""Ends clocks; without it what was done in time would be told as missed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.actions.taking_back import take_back_ended
from services.inspection.deadlines.models import DeadlineState
from services.inspection.domain import About
from shared.contracts.inspection import DeadlineTurn
from shared.db import raw_of

_END = """
with ended as (
    update deadlines set state = $3, ended_at = $4, next_at = null
    where object_id = $1 and state in ('open', 'paused') and ($2::text[] is null or key = any($2))
        and not exists (select from unnest($5::text[]) as going_on(began) where starts_with(key, began))
        and ($6::uuid is null or part_id = $6)
    returning id, version, area_code, key, object_kind, object_id, due_at, rung
)
select * from ended where rung is not null order by id
"""
"""Ends clocks and gives those of which something was told."""


async def meet(tx: AsyncSession, about: About, keys: Collection[str], now: datetime) -> None:
    """What was owed was done, in time or late."""
    if keys:
        await _end(tx, about, keys, DeadlineState.MET, now)


async def cancel(tx: AsyncSession, about: About, keys: Collection[str], now: datetime) -> None:
    """What was owed has lost its object: it was not done, and nobody can do it any more."""
    if keys:
        await _end(tx, about, keys, DeadlineState.CANCELLED, now)


async def cancel_all(tx: AsyncSession, about: About, now: datetime, *, but: Collection[str] = ()) -> None:
    """Nothing more is owed for this object with all its parts, or for the one part that is named.

    What goes on beside it is left: keys that begin with one of `but`.
    """
    await _end(tx, about, None, DeadlineState.CANCELLED, now, but)


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
    told = await (await raw_of(tx)).fetch(_END, about.id, which, state, now, list(but), about.part_id)
    if told:
        await take_back_ended(tx, told, DeadlineTurn(state), now)
