"""What is asked about supervised objects: every enterprise that is not gone, and every other site of one."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, false, func, null, or_, union_all
from sqlalchemy import select as columns_of
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.registry.grids.domain import TOWNSHIP
from services.registry.grids.models import Grid, GridObject
from services.registry.parties.models import Enterprise, EnterpriseSite
from shared.auth import Actor
from shared.contracts.enterprises import Standing
from shared.permission import in_area, visible

GONE = [standing for standing in Standing if standing.ended]


def supervised() -> Subquery:
    """Give all that is to stand in a grid: one row for each place."""
    active = col(Enterprise.standing).not_in(GONE)
    own: Any = col(Enterprise.id)
    main = columns_of(
        own.label("object_id"),
        own.label("enterprise_id"),
        col(Enterprise.name_en),
        col(Enterprise.name_zh),
        null().label("site"),
        col(Enterprise.area_code),
        col(Enterprise.address),
        col(Enterprise.lon),
        col(Enterprise.lat),
    ).where(active)
    others = (
        columns_of(
            col(EnterpriseSite.id),
            col(Enterprise.id),
            col(Enterprise.name_en),
            col(Enterprise.name_zh),
            col(EnterpriseSite.name),
            col(EnterpriseSite.area_code),
            col(EnterpriseSite.address),
            col(EnterpriseSite.lon),
            col(EnterpriseSite.lat),
        )
        .join(Enterprise, col(Enterprise.id) == col(EnterpriseSite.enterprise_id))
        .where(active, col(EnterpriseSite.closed).is_(false()))
    )
    return union_all(main, others).subquery("supervised")


Found = Sequence[RowMapping]


async def objects(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, RowMapping]:
    """Give those of these that are supervised objects."""
    every = supervised()
    found = await tx.execute(columns_of(every).where(every.c.object_id.in_(list(set(ids)))))
    return {row["object_id"]: row for row in found.mappings()}


async def standing_in(tx: AsyncSession, grid: Grid, after: UUID | None, limit: int) -> Found:
    """List what stands in a grid, one row more than a page."""
    every = supervised()
    query = columns_of(every).join(
        GridObject, and_(col(GridObject.id) == every.c.object_id, col(GridObject.grid_id) == grid.id)
    )
    return await _paged(tx, query, every, after, limit)


async def unplaced(tx: AsyncSession, who: Actor, within: str | None, after: UUID | None, limit: int) -> Found:
    """List what stands in no grid, or in one of another place than its own, one row more than a page."""
    every = supervised()
    nowhere = col(GridObject.id).is_(None)
    query = (
        columns_of(every, case((nowhere, "no_grid"), else_="grid_elsewhere").label("why"))
        .outerjoin(GridObject, col(GridObject.id) == every.c.object_id)
        .outerjoin(Grid, col(Grid.id) == col(GridObject.grid_id))
        .where(or_(nowhere, ~_in_place(every)))
        .where(visible(who, "grid.gaps", area=in_area(who, every.c.area_code)))
    )
    if within is not None:
        query = query.where(every.c.area_code.startswith(within, autoescape=True))
    return await _paged(tx, query, every, after, limit)


async def placed(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Grid]:
    """Give the grids in which these stand now."""
    query = columns_of(col(GridObject.id), Grid).join(Grid, col(Grid.id) == col(GridObject.grid_id))
    found = await tx.execute(query.where(col(GridObject.id).in_(set(ids))))
    return {each: grid for each, grid in found}  # noqa: C416 — a result is no mapping


async def left_in(tx: AsyncSession, *, area: str | None = None, grid: Grid | None = None) -> int:
    """Count what is still supervised in an area and below it, or in a grid."""
    every = supervised()
    query = columns_of(func.count()).select_from(every)
    if area is not None:
        query = query.where(every.c.area_code.startswith(area, autoescape=True))
    if grid is not None:
        query = query.join(GridObject, col(GridObject.id) == every.c.object_id).where(
            col(GridObject.grid_id) == grid.id
        )
    return (await tx.scalars(query)).one()


async def covered(tx: AsyncSession, who: Actor, within: str | None) -> dict[str, tuple[int, int]]:
    """Give township → (objects, those that stand in a grid of their place)."""
    every = supervised()
    township = func.left(every.c.area_code, TOWNSHIP)
    query = (
        columns_of(township, func.count(), func.count(col(Grid.id)).filter(_in_place(every)))
        .select_from(every)
        .outerjoin(GridObject, col(GridObject.id) == every.c.object_id)
        .outerjoin(Grid, col(Grid.id) == col(GridObject.grid_id))
        .where(visible(who, "grid.gaps", area=in_area(who, every.c.area_code)))
        .group_by(township)
    )
    if within is not None:
        query = query.where(every.c.area_code.startswith(within, autoescape=True))
    return {code: (all_there, in_place) for code, all_there, in_place in await tx.execute(query)}


def _in_place(every: Subquery) -> ColumnElement[bool]:
    """Give the condition that the grid lies where the object stands (`domain.lies_in`), and is in use."""
    deeper = col(Grid.area_code).startswith(every.c.area_code)
    return and_(or_(deeper, every.c.area_code.startswith(col(Grid.area_code))), col(Grid.retired).is_(false()))


async def _paged(tx: AsyncSession, query: Select[Any], every: Subquery, after: UUID | None, limit: int) -> Found:
    if after is not None:
        query = query.where(every.c.object_id > after)
    return (await tx.execute(query.order_by(every.c.object_id).limit(limit + 1))).mappings().all()
