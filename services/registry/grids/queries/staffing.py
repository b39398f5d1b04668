"""What is asked about the posts of grids as a whole: which are vacant, which are held by somebody no longer fit."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy import select as columns_of
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.areas.domain import Level
from services.registry.areas.models import Area
from services.registry.grids.domain import TOWNSHIP, Post
from services.registry.grids.models import Grid, GridPost
from services.registry.grids.queries import is_fit, present
from shared.auth import Actor
from shared.paging import Page, page
from shared.permission import in_area, visible

Gap = tuple[Post, UUID | None]
"""A post, and who holds it without being fit; None: nobody holds it."""


def _well_held(on: date) -> ColumnElement[int]:
    """Give the number of a grid's posts that somebody holds who is fit for it."""
    fit = is_fit(col(GridPost.person_id), col(GridPost.post), col(Grid.area_code), on)
    held = and_(col(GridPost.grid_id) == col(Grid.id), col(GridPost.until).is_(None), fit)
    return columns_of(func.count()).select_from(GridPost).where(held).correlate(Grid).scalar_subquery()


async def lacking(
    tx: AsyncSession, who: Actor, within: str | None, on: date, after: UUID | None, limit: int
) -> tuple[Page[Grid], dict[UUID, list[Gap]]]:
    """List grids that lack one of their three, and what each lacks."""
    query = select(Grid).where(
        col(Grid.retired).is_(other=False),
        visible(who, "grid.gaps", area=in_area(who, Grid.area_code)),
        _well_held(on) < len(Post),
    )
    if within is not None:
        query = query.where(col(Grid.area_code).startswith(within, autoescape=True))
    found = await page(tx, query, Grid.code, after, limit)
    ids = [grid.id for grid in found.items]
    holders, fit = await present(tx, ids), await _held_well(tx, ids, on)
    gaps: dict[UUID, list[Gap]] = {}
    for each in ids:
        for post in Post:
            holder = holders.get(each, {}).get(post)
            if holder is None or holder.id not in fit:
                gaps.setdefault(each, []).append((post, holder and holder.person_id))
    return found, gaps


async def _held_well(tx: AsyncSession, ids: Sequence[UUID], on: date) -> set[UUID]:
    query = (
        select(GridPost.id)
        .join(Grid, col(Grid.id) == col(GridPost.grid_id))
        .where(col(Grid.id).in_(ids), col(GridPost.until).is_(None))
        .where(is_fit(col(GridPost.person_id), col(GridPost.post), col(Grid.area_code), on))
    )
    return set(await tx.scalars(query))


async def staffed(tx: AsyncSession, who: Actor, within: str | None, on: date) -> dict[str, tuple[int, int]]:
    """Give township → (grids in use, those with all three)."""
    township = func.left(col(Grid.area_code), TOWNSHIP)
    query = (
        columns_of(township, func.count(), func.count().filter(_well_held(on) == len(Post)))
        .select_from(Grid)
        .where(col(Grid.retired).is_(other=False))
        .where(visible(who, "grid.gaps", area=in_area(who, Grid.area_code)))
        .group_by(township)
    )
    if within is not None:
        query = query.where(col(Grid.area_code).startswith(within, autoescape=True))
    return {code: (grids, whole) for code, grids, whole in await tx.execute(query)}


async def townships(tx: AsyncSession, who: Actor, within: str | None) -> Sequence[Area]:
    """Give the townships in use, of those that the person sees."""
    query = select(Area).where(
        col(Area.level) == Level.TOWNSHIP,
        col(Area.retired).is_(other=False),
        visible(who, "grid.gaps", area=in_area(who, Area.area_code)),
    )
    if within is not None:
        query = query.where(col(Area.area_code).startswith(within[:TOWNSHIP], autoescape=True))
    return (await tx.scalars(query.order_by(col(Area.area_code)))).all()
