"""States that what was told of a clock holds no longer; without it people would be reminded of what is done.

Only of clocks of which something was told (`rung`): most are met before anybody hears of them, and cost nothing here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.models import Deadline
from shared.contracts.inspection import DeadlineChanged, DeadlineTurn
from shared.outbox import emit, emit_of_kept


async def take_back(tx: AsyncSession, clock: Deadline, turn: DeadlineTurn, now: datetime) -> None:
    """State it of one clock that is held."""
    await emit(tx, clock, DeadlineChanged(**_said(clock.model_dump(), turn, now)))


async def take_back_ended(
    tx: AsyncSession, ended: Sequence[Mapping[str, Any]], turn: DeadlineTurn, now: datetime
) -> None:
    """State it of clocks that a statement ended; of each row what the fact says, and the version before it."""
    stated = [({"id": row["id"], "version": row["version"] + 1}, _said(row, turn, now)) for row in ended]
    await emit_of_kept(tx, Deadline, DeadlineChanged, stated)


def _said(row: Mapping[str, Any], turn: DeadlineTurn, now: datetime) -> dict[str, Any]:
    """Give what the fact says, in the order of `DeadlineChanged`."""
    return {
        "at": now,
        "area_code": row["area_code"],
        "deadline_id": row["id"],
        "key": row["key"],
        "object_kind": row["object_kind"],
        "object_id": row["object_id"],
        "turn": turn,
        "due_at": row["due_at"],
    }
