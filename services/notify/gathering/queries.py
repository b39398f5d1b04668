"""Who has what waiting, and what they were told a moment ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.notify.gathering.domain import FACTS, Fresh, Gathered, Lane, Recent
from services.notify.gathering.models import GatheredLine

_WAITS = (col(GatheredLine.told_at).is_(None), col(GatheredLine.left_out_at).is_(None))
_ORDER = (
    col(GatheredLine.urgent).desc(),
    col(GatheredLine.due_at),
    col(GatheredLine.number),
    col(GatheredLine.id),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that waits, without what it says."""

    id: UUID
    urgent: bool
    what: str


async def people_due(tx: AsyncSession, now: datetime, at_most: int) -> list[tuple[UUID, Lane]]:
    """List people and lanes of which something is to be looked at, those that wait longest first."""
    pair = (col(GatheredLine.person_id), col(GatheredLine.lane))
    query = select_rows(*pair).where(*_WAITS, col(GatheredLine.send_at) <= now).group_by(*pair)
    rows = await tx.execute(query.order_by(func.min(GatheredLine.send_at), *pair).limit(at_most))
    return [(person_id, lane) for person_id, lane in rows]


async def alone_with(tx: AsyncSession, person_id: UUID) -> bool:
    """Take care of what a person is told until this transaction ends; False: another replica does."""
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended(f"told {person_id}", 0))
    return bool((await tx.execute(select_rows(lock))).scalar_one())


async def fresh(tx: AsyncSession, person_id: UUID, lane: Lane) -> list[Fresh]:
    """Take the lines of which nothing was decided yet; one that is just being left out is not given."""
    query = select_rows(col(GatheredLine.id), col(GatheredLine.urgent)).where(
        *_of(person_id, lane), col(GatheredLine.held).is_(False)
    )
    return [Fresh(*row) for row in await tx.execute(query.order_by(*_ORDER).with_for_update(skip_locked=True))]


async def held_until(tx: AsyncSession, person_id: UUID, lane: Lane) -> datetime | None:
    """Give when what is gathered goes out; None: nothing is."""
    query = select(func.min(GatheredLine.send_at)).where(*_of(person_id, lane), col(GatheredLine.held))
    return (await tx.execute(query)).scalar_one_or_none()


async def waiting(tx: AsyncSession, person_id: UUID, lane: Lane) -> list[Waiting]:
    """Take all that waits, in the order in which it is told."""
    columns = (col(GatheredLine.id), col(GatheredLine.urgent), col(GatheredLine.what))
    query = select_rows(*columns).where(*_of(person_id, lane)).order_by(*_ORDER)
    return [Waiting(*row) for row in await tx.execute(query.with_for_update(skip_locked=True))]


async def lines(tx: AsyncSession, ids: Sequence[UUID]) -> list[GatheredLine]:
    """Give some lines whole, in the order in which they are told."""
    query = select(GatheredLine).where(col(GatheredLine.id).in_(ids)).order_by(*_ORDER)
    return list((await tx.execute(query)).scalars())


def said(line: GatheredLine) -> Gathered:
    """Give the fact of which a line tells."""
    return FACTS[line.lane].model_validate(line.fact)


async def recent(tx: AsyncSession, person_id: UUID, lane: Lane, since: datetime) -> Recent:
    """Count what a person was told after a moment."""
    alone, pressing = col(GatheredLine.alone), col(GatheredLine.urgent)
    query = select_rows(
        func.count().filter(alone, ~pressing),
        func.count().filter(alone, pressing),
        func.count().filter(~alone),
        func.max(GatheredLine.told_at).filter(~(alone & pressing)),
    ).where(col(GatheredLine.person_id) == person_id, col(GatheredLine.lane) == lane, col(GatheredLine.told_at) > since)
    return Recent(*(await tx.execute(query)).one())


def _of(person_id: UUID, lane: Lane) -> tuple[Any, ...]:
    return (col(GatheredLine.person_id) == person_id, col(GatheredLine.lane) == lane, *_WAITS)
