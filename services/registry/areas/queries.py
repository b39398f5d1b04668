"""What is asked about areas: which exist, which lie in another."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.areas.domain import unknown_area
from services.registry.areas.models import Area
from shared.paging import Page, page


async def registered(tx: AsyncSession, codes: Iterable[str]) -> set[str]:
    """Tell which of the codes name an area."""
    return set(await tx.scalars(select(Area.area_code).where(col(Area.area_code).in_(set(codes)))))


async def all_registered(tx: AsyncSession, codes: list[str]) -> None:
    """Raise `BadInput`, naming the index, for the first code that names no area."""
    known = await registered(tx, codes)
    for index, code in enumerate(codes):
        if code not in known:
            raise unknown_area(code, index)


async def areas(tx: AsyncSession, parent: str | None, after: UUID | None, limit: int) -> Page[Area]:
    """List areas by code, all or those directly in `parent`."""
    query = select(Area)
    if parent is not None:
        query = query.where(col(Area.parent_code) == parent)
    return await page(tx, query, Area.area_code, after, limit)
