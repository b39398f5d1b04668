"""How lists are turned page by page without counting or skipping rows; without it each list would invent its marks.

A list with one natural order is turned by the id of its last row (`page`); a list with a composite order by an
opaque mark of the place reached (`mark`, `read_mark`).
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from shared.db import Stored
from shared.errors import Malformed

R = TypeVar("R", bound=Stored)


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    items: Sequence[R]
    next: UUID | None


async def page(
    tx: AsyncSession,
    query: SelectOfScalar[R],
    order: Any,
    after: UUID | None,
    limit: int,
    *,
    newest_first: bool = False,
) -> Page[R]:
    """Give the rows of `query` by the column `order` that follow the row `after`, itself one of the query's."""
    table: Any = order.class_
    key = tuple_(col(order), col(table.id))
    if after is not None:
        last = (await tx.scalars(query.where(col(table.id) == after))).one_or_none()
        if last is None:
            raise unknown_mark()
        where = (getattr(last, order.key), after)
        query = query.where(key < where if newest_first else key > where)
    direction = [column.desc() if newest_first else column.asc() for column in (col(order), col(table.id))]
    found = (await tx.scalars(query.order_by(*direction).limit(limit + 1))).all()
    shown = found[:limit]
    following: Any = shown[-1] if len(found) > limit else None
    return Page(shown, following and following.id)


Place = bool | int | datetime | UUID
_MAX_BIGINT = 2**63 - 1


def mark(*place: Place) -> str:
    """Write the place reached in a list."""
    words = [one if isinstance(one, bool) else str(one) for one in place]
    return base64.urlsafe_b64encode(json.dumps(words).encode()).decode()


def read_mark(given: str | None, *kinds: type[Place]) -> tuple[Any, ...] | None:
    """Read a mark that `mark` wrote for these kinds; raises `Malformed` for anything else."""
    if given is None:
        return None
    try:
        words = json.loads(base64.urlsafe_b64decode(given))
        return tuple(_READERS[kind](word) for kind, word in zip(kinds, words, strict=True))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as bad:
        raise unknown_mark() from bad


def unknown_mark() -> Malformed:
    return Malformed("bad-cursor", "This page mark is not one of ours.", "分页标记无效。")


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit()) or (number := int(word)) > _MAX_BIGINT:
        raise ValueError(word)
    return number


_READERS: dict[type[Place], Callable[[Any], Place]] = {
    bool: bool,
    int: _number,
    datetime: lambda word: datetime.fromisoformat(word).astimezone(UTC),
    UUID: UUID,
}
