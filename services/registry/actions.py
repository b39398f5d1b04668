"""How every noun keeps its rows as they are told; without it a repeated registration would be a second fact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from shared.contracts.base import Event
from shared.db import Aggregate
from shared.errors import BadInput, Conflict
from shared.outbox import emit

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[A]):
    rows: Sequence[A]
    changed: int

    @property
    def received(self) -> int:
        return len(self.rows)


async def keep(
    tx: AsyncSession, table: type[A], wanted: Sequence[tuple[UUID, Mapping[str, Any]]], fact: Callable[[A], Event]
) -> Loaded[A]:
    """Bring each row to its wanted state and state the fact; a row that is so already is left alone.

    Raises, naming the index, `BadInput` for a row wanted twice and `Conflict` when one would repeat what is unique.
    """
    _each_once([row_id for row_id, _ in wanted])
    asked = select(table).where(col(table.id).in_([row_id for row_id, _ in wanted])).order_by(col(table.id))
    known = {row.id: row for row in await tx.scalars(asked.with_for_update())}
    changed = 0
    for index, (row_id, state) in enumerate(wanted):
        row = known.get(row_id)
        if row is None:
            row = known[row_id] = table(id=row_id, **state)
        elif all(getattr(row, name) == value for name, value in state.items()):
            continue
        else:
            row.sqlmodel_update(dict(state))
        changed += 1
        try:
            await emit(tx, row, fact(row))
        except IntegrityError as taken:
            raise Conflict(
                "already-exists",
                f"Entry {index} repeats what another entry already holds.",
                f"第 {index} 条（从 0 起）与已有登记重复。",
                index=index,
            ) from taken
    return Loaded([known[row_id] for row_id, _ in wanted], changed)


def _each_once(ids: Sequence[UUID]) -> None:
    seen: set[UUID] = set()
    for index, row_id in enumerate(ids):
        if row_id in seen:
            raise BadInput(
                "listed-twice",
                f"Entry {index} has the same id as an earlier one of the list.",
                f"第 {index} 条（从 0 起）与列表中前面的编号相同。",
                index=index,
            )
        seen.add(row_id)
