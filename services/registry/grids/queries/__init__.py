"""What is asked about grids: which there are, who answers for them, what stands in them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, literal
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.areas.queries import codes_at
from services.registry.grids.domain import CODE_LENGTH, FITTING, Post, lies_in
from services.registry.grids.models import Grid, GridPost
from services.registry.people.models import Membership, Person
from services.registry.people.policy import acting
from shared.auth import Actor
from shared.contracts.values import derived_id
from shared.paging import Page, page
from shared.permission import in_area, visible


def grid_id(code: str) -> UUID:
    return derived_id("grid", code)


async def grids(tx: AsyncSession, within: str | None, after: UUID | None, limit: int, *, retired: bool) -> Page[Grid]:
    query = select(Grid)
    if within is not None:
        query = query.where(col(Grid.area_code).startswith(within, autoescape=True))
    if not retired:
        query = query.where(col(Grid.retired).is_(other=False))
    return await page(tx, query, Grid.code, after, limit)


async def seen(tx: AsyncSession, who: Actor, verb: str, code: str) -> Grid | None:
    """Give a grid that the verb reaches, or None."""
    reached = visible(who, verb, area=in_area(who, Grid.area_code))
    return (await tx.scalars(select(Grid).where(col(Grid.code) == code, reached))).one_or_none()


async def in_use_in(tx: AsyncSession, area_code: str) -> int:
    """Count the grids in use in an area and below it."""
    inside = col(Grid.area_code).startswith(area_code, autoescape=True)
    query = select(func.count()).select_from(Grid).where(inside, col(Grid.retired).is_(other=False))
    return (await tx.scalars(query)).one()


async def present(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, dict[Post, GridPost]]:
    """Give who answers for these grids today."""
    query = select(GridPost).where(col(GridPost.grid_id).in_(set(ids)), col(GridPost.until).is_(None))
    found: dict[UUID, dict[Post, GridPost]] = {}
    for held in await tx.scalars(query):
        found.setdefault(held.grid_id, {})[held.post] = held
    return found


async def at(tx: AsyncSession, lon: float, lat: float) -> Grid | None:
    """Give the grid in use in which a place lies; on a line between two, the one with the lower code."""
    for code in await codes_at(tx, lon, lat, [CODE_LENGTH]):
        grid = await tx.get(Grid, grid_id(code))
        if grid is not None and not grid.retired:
            return grid
    return None


async def suggested(tx: AsyncSession, known: RowMapping) -> tuple[Grid | None, str]:
    """Propose the grid of a supervised object: where its point lies, or the only one of its area."""
    if known["lon"] is not None and known["lat"] is not None:
        grid = await at(tx, known["lon"], known["lat"])
        if grid is not None and lies_in(grid.area_code, known["area_code"]):
            return grid, "point"
    there = select(Grid).where(col(Grid.area_code) == known["area_code"], col(Grid.retired).is_(other=False))
    grids = (await tx.scalars(there.limit(2))).all()
    return (grids[0], "only_one") if len(grids) == 1 else (None, "unknown")


Held = tuple[GridPost, str]
"""Who holds or held a post, and the person's name."""


async def posts(tx: AsyncSession, grid: Grid) -> Sequence[Held]:
    """Give who answers for a grid and who did, each with the name: the present first, then backwards."""
    query = select(GridPost, Person.name).join(Person, col(Person.id) == col(GridPost.person_id))
    ordered = query.where(col(GridPost.grid_id) == grid.id).order_by(
        col(GridPost.until).desc().nulls_first(), col(GridPost.post), col(GridPost.since).desc()
    )
    return [(held, name) for held, name in await tx.execute(ordered)]


def is_fit(person_id: Any, post: Any, area_code: Any, on: date) -> ColumnElement[bool]:
    """Give the condition, of three columns, that the person may hold the post there on a day: by a membership."""
    kind = func.split_part(col(Membership.role), ".", 1)
    fits = case(
        *((post == name, kind.in_(sorted(words))) for name, words in FITTING.items()),
        else_=literal(value=False),
    )
    reaches = area_code.startswith(col(Membership.area_code))
    return exists().where(col(Membership.person_id) == person_id, acting(on), reaches, fits)


async def fits(tx: AsyncSession, person_id: UUID, post: Post, area_code: str, on: date) -> bool:
    """Tell whether a membership in force makes the person fit for the post there."""
    query = select(Membership.role, Membership.area_code).where(col(Membership.person_id) == person_id, acting(on))
    held = await tx.execute(query)
    return any(
        role.partition(".")[0] in FITTING[post] and area_code.startswith(reaching) for role, reaching in held.all()
    )
