"""How every noun turns the pages of its lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from services.registry.models import Row
from shared.errors import Malformed

R = TypeVar("R", bound=Row)


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
    """Give the rows of `query` by the column `order`, those that follow the row `after`."""
    table: Any = order.class_
    key = tuple_(col(order), col(table.id))
    if after is not None:
        last = await tx.get(table, after)
        if last is None:
            raise Malformed("bad-cursor", "This page mark is not one of ours.", "分页标记无效。")
        where = (getattr(last, order.key), after)
        query = query.where(key < where if newest_first else key > where)
    direction = [column.desc() if newest_first else column.asc() for column in (col(order), col(table.id))]
    found = (await tx.scalars(query.order_by(*direction).limit(limit + 1))).all()
    shown = found[:limit]
    following: Any = shown[-1] if len(found) > limit else None
    return Page(shown, following and following.id)
