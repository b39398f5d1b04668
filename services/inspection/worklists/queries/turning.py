"""How a list is turned page by page where half of it has another order than the other.

A list is one run of rows or two. Of two, the second begins where the first ends (what is finished after what waits),
or both are merged in one order. The database looks into the second only as far as the first left room.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select, tuple_, union_all

from shared.paging import Place, mark, read_mark, unknown_mark

_APART = "."
"""Between the number of the run and the place in it; no character of a place."""

PLANNED: Mapping[str, str] = {
    "random_page_cost": "0.05",
    "seq_page_cost": "0.05",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
}
"""What PostgreSQL must know before it plans a list.

A county's hazards lie in memory, where a page costs little more than its rows; told of a turning disk, it would rather
pass twenty thousand rows in order than pick two thousand. What is rare for one authority is common for another, so that
a plan is made for what is asked. And a plan that is compiled takes longer than the whole list.
"""


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order."""

    name: str
    column: Any
    kind: type[Place]


@dataclass(frozen=True, slots=True)
class Run:
    """Rows in one order: those of `where`, by `keys`, the last of which is different in each row."""

    where: Sequence[ColumnElement[bool]]
    keys: tuple[Key, ...]
    falling: bool = False

    def rows(self, ident: Any, conditions: Sequence[ColumnElement[bool]], limit: int) -> Any:
        """Ask for the first of them."""
        columns = [key.column for key in self.keys]
        ordered = [column.desc() if self.falling else column.asc() for column in columns]
        told = {"id": ident, **{key.name: key.column for key in self.keys}}
        query: Any = select(*(column.label(name) for name, column in told.items()))
        query = query.where(*self.where, *conditions)
        return query.order_by(*ordered).limit(limit)

    def beyond(self, place: tuple[Any, ...]) -> ColumnElement[bool]:
        here = tuple_(*(key.column for key in self.keys))
        return here < place if self.falling else here > place


@dataclass(frozen=True, slots=True)
class Turning:
    """The order of a whole list. `merged`: its runs have the same order."""

    runs: tuple[Run, ...]
    merged: bool = False

    def found(self, ident: Any, conditions: Sequence[ColumnElement[bool]], after: str | None, limit: int) -> Subquery:
        """Give the ids of a page as a table: `id`, and `nth`, their order. Raises `Malformed` for a strange mark."""
        number, place = self._read(after)
        pieces: list[Any] = []
        for nth, run in enumerate(self.runs):
            if self.merged or nth >= number:
                here = [run.beyond(place)] if place is not None and (self.merged or nth == number) else []
                pieces.append(run.rows(ident, [*conditions, *here], limit).subquery())
        if self.merged:
            return self._in_order(pieces, limit)
        rows = union_all(*(select(each.c.id) for each in pieces)).limit(limit).subquery()
        return select(rows.c.id, func.row_number().over().label("nth")).subquery()

    def _in_order(self, pieces: Sequence[Subquery], limit: int) -> Subquery:
        rows = union_all(*(select(each) for each in pieces)).subquery()
        keys = [rows.c[key.name] for key in self.runs[0].keys]
        order = [key.desc() if self.runs[0].falling else key.asc() for key in keys]
        nth = func.row_number().over(order_by=order).label("nth")
        return select(rows.c.id, nth).order_by(*order).limit(limit).subquery()

    def mark(self, number: int, row: Mapping[str, Any]) -> str:
        """Write the place of a row that belongs to the run of this number."""
        place = mark(*(row[key.name] for key in self.runs[number].keys))
        return f"{number}{_APART}{place}"

    def _read(self, given: str | None) -> tuple[int, tuple[Any, ...] | None]:
        if given is None:
            return 0, None
        number, _, place = given.partition(_APART)
        if not (number.isascii() and number.isdigit() and len(number) == 1 and int(number) < len(self.runs)):
            raise unknown_mark()
        run = self.runs[int(number)]
        return int(number), read_mark(place, *(key.kind for key in run.keys))
