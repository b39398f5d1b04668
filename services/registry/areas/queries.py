"""What is asked about areas: which exist, which lie in another, in which a place lies.

Codes nest by their beginnings, so a subtree is a range of the index on the code, and a path is a list of beginnings:
`ltree` would answer the same questions with a second spelling of the code.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as columns_of
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.areas.domain import Level, path_of, unknown_area
from services.registry.areas.domain.boundary import Bounds, holds
from services.registry.areas.models import Area, Boundary
from shared.paging import Page, page


async def registered(tx: AsyncSession, codes: Iterable[str]) -> set[str]:
    """Tell which of the codes name an area that is in use."""
    known = select(Area.area_code).where(col(Area.area_code).in_(set(codes)), col(Area.retired).is_(other=False))
    return set(await tx.scalars(known))


async def all_registered(tx: AsyncSession, codes: list[str]) -> None:
    """Raise `BadInput`, naming the index, for the first code that names no area."""
    known = await registered(tx, codes)
    for index, code in enumerate(codes):
        if code not in known:
            raise unknown_area(code, index)


async def areas(
    tx: AsyncSession,
    parent: str | None,
    within: str | None,
    level: Level | None,
    after: UUID | None,
    limit: int,
    *,
    retired: bool,
) -> Page[Area]:
    """List areas by code: all, those directly in `parent`, or all `within` one, itself included."""
    query = select(Area)
    if parent is not None:
        query = query.where(col(Area.parent_code) == parent)
    if within is not None:
        query = query.where(col(Area.area_code).startswith(within, autoescape=True))
    if level is not None:
        query = query.where(col(Area.level) == level)
    if not retired:
        query = query.where(col(Area.retired).is_(other=False))
    return await page(tx, query, Area.area_code, after, limit)


async def path(tx: AsyncSession, code: str) -> Sequence[Area]:
    """Give the areas from the county down to this one."""
    query = select(Area).where(col(Area.area_code).in_(path_of(code)))
    return (await tx.scalars(query.order_by(col(Area.area_code)))).all()


async def counts(tx: AsyncSession, within: str | None) -> dict[Level, int]:
    """Count the areas in use by level, in one and below it."""
    query = select(Area.level, func.count()).where(col(Area.retired).is_(other=False)).group_by(col(Area.level))
    if within is not None:
        query = query.where(col(Area.area_code).startswith(within, autoescape=True))
    found = {Level(level): count for level, count in await tx.execute(query)}
    return {level: found.get(level, 0) for level in Level}


async def in_use_below(tx: AsyncSession, code: str) -> int:
    """Count the areas in use that lie in this one."""
    below = col(Area.parent_code).startswith(code, autoescape=True)
    return (await tx.scalars(select(func.count()).where(below, col(Area.retired).is_(other=False)))).one()


async def bounds_of(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Bounds]:
    """Give the boxes around those that have a boundary."""
    box = (col(Boundary.west), col(Boundary.south), col(Boundary.east), col(Boundary.north))
    found = await tx.execute(columns_of(col(Boundary.id), *box).where(col(Boundary.id).in_(set(ids))))
    return {each: (west, south, east, north) for each, west, south, east, north in found}


async def enclosing(tx: AsyncSession, code: str) -> Boundary | None:
    """Give the boundary of the deepest area, from this one upwards, that has one."""
    query = select(Boundary).where(col(Boundary.code).in_(path_of(code)))
    return (await tx.scalars(query.order_by(col(Boundary.code).desc()).limit(1))).one_or_none()


async def codes_at(tx: AsyncSession, lon: float, lat: float, lengths: Iterable[int]) -> list[str]:
    """Give the codes of these lengths whose boundary holds the place: the deepest first, of equals the lowest code.

    The box is asked in the database, the exact form here. On a line between two the place lies in both.
    """
    query = select(Boundary.code, Boundary.wkb).where(
        col(Boundary.west) <= lon,
        col(Boundary.east) >= lon,
        col(Boundary.south) <= lat,
        col(Boundary.north) >= lat,
        func.length(col(Boundary.code)).in_(list(lengths)),
    )
    ordered = query.order_by(func.length(col(Boundary.code)).desc(), col(Boundary.code))
    return [code for code, wkb in await tx.execute(ordered) if holds(wkb, lon, lat)]
