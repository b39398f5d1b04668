"""Starts clocks; without it a move could be made and its clock forgotten."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.models import Deadline
from services.inspection.deadlines.queries import end_of, rules_of
from services.inspection.deadlines.rungs import Clock, next_at
from services.inspection.domain import About
from shared.contracts.inspection import RIGHTS


def start(tx: AsyncSession, about: About, key: str, owed_by: UUID | None, now: datetime) -> datetime:
    """Start the clock that the profile calls `key`; return when it runs out."""
    rules = rules_of(tx)
    due = rules.due(key, now)
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
            next_at=next_at(rules, Clock(now, due.at, right=key in RIGHTS)),
            rules_hash=rules.content_hash,
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
    due_at = end_of(tx, last_day)
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
            next_at=next_at(rules_of(tx), Clock(now, due_at, right=key in RIGHTS)),
        )
    )
    return due_at.astimezone(UTC)
