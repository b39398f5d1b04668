"""Which clocks time or a calendar moves, and what they are about, locked as far as nobody else is there.

Nothing here waits for a lock of an object: who holds one and waits for its clock would wait in a ring.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, text
from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.models import Enterprise
from services.inspection.deadlines.models import Change, Deadline, DeadlineChange
from services.inspection.deadlines.queries.running import rules_of
from services.inspection.deadlines.rungs import Rung
from services.inspection.domain import Kind
from shared.contracts.inspection import RIGHTS
from shared.db import Aggregate, table_of

_OPEN = text("deadlines.state = 'open'")
"""In words that the partial indexes know: of a parameter the planner could not tell that it is this one."""


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


async def held(tx: AsyncSession, kind: type[Aggregate], ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Lock objects and give of each what is told with its clocks; those that somebody moves are left out."""
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
        .with_for_update(key_share=True, skip_locked=True)
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clock whose date may be another now, and what it is about."""

    id: UUID
    object_kind: Kind
    object_id: UUID


async def computed_otherwise(tx: AsyncSession, after: UUID | None, at_most: int) -> list[Candidate]:
    """Give running clocks whose date is provisional or came from other rules, in the order of their ids."""
    query = (
        select_rows(col(Deadline.id), col(Deadline.object_kind), col(Deadline.object_id))
        .where(
            _OPEN,
            col(Deadline.rules_hash).is_not(None),
            col(Deadline.provisional) | (col(Deadline.rules_hash) != rules_of(tx).content_hash),
        )
        .order_by(col(Deadline.id))
        .limit(at_most)
    )
    if after is not None:
        query = query.where(col(Deadline.id) > after)
    return [Candidate(*row) for row in await tx.execute(query)]


async def locked(tx: AsyncSession, ids: Collection[UUID]) -> Sequence[Deadline]:
    """Lock running clocks whose objects are held already."""
    query = (
        select(Deadline)
        .where(col(Deadline.id).in_(ids), _OPEN)
        .order_by(col(Deadline.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await tx.execute(query)).scalars().all()


async def unscheduled(tx: AsyncSession, at_most: int) -> Sequence[Deadline]:
    """Take running clocks of which nothing says when anything is to happen. Of a right, nothing need be to come."""
    never = text("deadlines.next_at is null and deadlines.rung is null")
    query = (
        select(Deadline)
        .where(_OPEN, never, col(Deadline.key).not_in(sorted(RIGHTS)))
        .order_by(col(Deadline.id))
        .limit(at_most)
    )
    return (await tx.execute(query.with_for_update(skip_locked=True))).scalars().all()
