"""How every noun keeps its rows as they are told; without it a repeated registration would be a second fact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.domain import Fault, refuse
from shared.contracts.base import Event
from shared.db import Aggregate
from shared.errors import Conflict
from shared.outbox import emit, emit_many

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[A]):
    """What a list was brought to. The rows of a list of new ones are no part of the session: read them, no more."""

    rows: Sequence[A]
    changed: int

    @property
    def received(self) -> int:
        return len(self.rows)


def _nothing_else(_: UUID) -> bool:
    return False


async def keep(
    tx: AsyncSession,
    table: type[A],
    wanted: Sequence[tuple[UUID, Mapping[str, Any]]],
    fact: Callable[[A], Event],
    changed_elsewhere: Callable[[UUID], bool] = _nothing_else,
) -> Loaded[A]:
    """Bring each row to its wanted state and state the fact; a row that is so already is left alone.

    `changed_elsewhere` tells of a row whether what other tables hold of it is to change. Raises, naming the index,
    `BadInput` for a row wanted twice and `Conflict` when one would repeat what is unique.
    """
    _each_once([row_id for row_id, _ in wanted])
    asked = select(table).where(col(table.id).in_([row_id for row_id, _ in wanted])).order_by(col(table.id))
    known = {row.id: row for row in await tx.scalars(asked.with_for_update())}
    changes: list[tuple[int, A]] = []
    for index, (row_id, state) in enumerate(wanted):
        row = known.get(row_id)
        if row is None:
            row = known[row_id] = table(id=row_id, **state)
        elif all(getattr(row, name) == value for name, value in state.items()) and not changed_elsewhere(row_id):
            continue
        else:
            row.sqlmodel_update(dict(state))
        changes.append((index, row))
    if not await _all_new_at_once(tx, changes, fact):
        await _one_by_one(tx, changes, fact)
    return Loaded([known[row_id] for row_id, _ in wanted], len(changes))


async def _all_new_at_once(tx: AsyncSession, changes: Sequence[tuple[int, A]], fact: Callable[[A], Event]) -> bool:
    """Write a list of nothing but new rows in two statements, as a load of a whole county is."""
    rows = [row for _, row in changes]
    if len(rows) < 2 or any(row.version for row in rows):  # noqa: PLR2004 — of one row nothing is gained
        return False
    try:
        async with tx.begin_nested():
            await emit_many(tx, [(row, fact(row)) for row in rows])
    except IntegrityError:  # which row it was, one by one will tell
        for row in rows:
            row.version = 0
        return False
    return True


async def _one_by_one(tx: AsyncSession, changes: Sequence[tuple[int, A]], fact: Callable[[A], Event]) -> None:
    for index, row in changes:
        try:
            await emit(tx, row, fact(row))
        except IntegrityError as taken:
            raise Conflict(
                "already-exists",
                f"Entry {index} repeats what another entry already holds.",
                f"第 {index} 条（从 0 起）与已有登记重复。",
                index=index,
            ) from taken


def _each_once(ids: Sequence[UUID]) -> None:
    first: dict[UUID, int] = {}
    refuse(
        Fault(
            index,
            "id",
            "listed-twice",
            f"Entry {index} has the same id as entry {first[row_id]} of the list.",
            f"第 {index} 条（从 0 起）与第 {first[row_id]} 条编号相同。",
        )
        for index, row_id in enumerate(ids)
        if first.setdefault(row_id, index) != index
    )
