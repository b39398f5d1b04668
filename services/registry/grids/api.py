"""Routes: grids, which everybody may find, and who and what is in them, for those who supervise there."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path

from services.registry.actions import Loaded
from services.registry.areas.domain.boundary import geojson
from services.registry.areas.models import Area, Boundary
from services.registry.areas.shapes import AreaView, BoundaryView, Geometry, Lat, Lon
from services.registry.grids import actions, queries
from services.registry.grids.domain import GridCode, Post
from services.registry.grids.models import Grid
from services.registry.grids.queries import objects, staffing
from services.registry.grids.shapes import (
    CoverageView,
    GridGapsView,
    GridView,
    KeepGrid,
    KeepListedGrid,
    KeepPost,
    ObjectView,
    PlaceObject,
    PostGap,
    PostView,
    SuggestionView,
    UnplacedView,
)
from services.registry.people.queries import local_day
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.auth import Actor
from shared.contracts.values import AreaCode, area_id
from shared.errors import no_such
from shared.paging import Page
from shared.permission import allowed, covers
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(tags=["grids"], dependencies=[versioned(Grid, "code", queries.grid_id)])
retirement = APIRouter(tags=["grids"], dependencies=[versioned(Area, "code", area_id)])
"""Of areas, by this noun: what stands in their grids decides."""
Code = Annotated[GridCode, Path()]


@retirement.put("/areas/{code}/retirement", response_model=AreaView, dependencies=[allowed("area.keep")])
async def retire_area(code: AreaCode, now: Now, tx: Tx) -> Area:
    """Take an area out of use, when nothing in use lies in it any more; registering it again puts it back."""
    return await actions.retire_area(tx, code, now)


@router.put("/grids", response_model=LoadedView, dependencies=[allowed("grid.keep")])
async def keep_grids(asks: AtOnce[KeepListedGrid], now: Now, tx: Tx) -> Loaded[Grid]:
    """Register a list of grids in one transaction."""
    return await actions.keep_grids(tx, [(ask.code, ask) for ask in asks], now)


@router.get("/grids", response_model=Listed[GridView], dependencies=[allowed("grid.read")])
async def list_grids(
    tx: Tx, within: AreaCode | None = None, retired: bool = False, after: UUID | None = None, limit: Limit = 50
) -> Page[Grid]:
    return await queries.grids(tx, within, after, limit, retired=retired)


@router.get("/grids/at", response_model=GridView, dependencies=[allowed("grid.read")])
async def find_grid_at(lon: Lon, lat: Lat, tx: Tx) -> Grid:
    """Tell in which grid a place lies; on a line between two, in the one with the lower code."""
    if (grid := await queries.at(tx, lon, lat)) is None:
        raise no_such("grid", "网格")
    return grid


@router.get("/grids/gaps/objects", response_model=Listed[UnplacedView], dependencies=[allowed("grid.gaps")])
async def list_unplaced(
    who: Who, tx: Tx, within: AreaCode | None = None, after: UUID | None = None, limit: Limit = 50
) -> Mapping[str, Any]:
    """List enterprises, and other sites of theirs, that stand in no grid, or in one of another place."""
    return _listed(await objects.unplaced(tx, who, within, after, limit), limit)


@router.get("/grids/gaps/posts", dependencies=[allowed("grid.gaps")])
async def list_unstaffed(
    who: Who, now: Now, tx: Tx, within: AreaCode | None = None, after: UUID | None = None, limit: Limit = 50
) -> Listed[GridGapsView]:
    """List grids of which one of the three posts is vacant, or held by somebody whose membership was revoked."""
    found, gaps = await staffing.lacking(tx, who, within, local_day(tx, now), after, limit)
    items = [
        GridGapsView(
            **GridView.model_validate(grid).model_dump(),
            gaps=[
                PostGap(post=post, why="unfit" if holder else "vacant", person_id=holder)
                for post, holder in gaps.get(grid.id, [])
            ],
        )
        for grid in found.items
    ]
    return Listed(items=items, next=found.next)


@router.get("/grids/coverage", dependencies=[allowed("grid.gaps")])
async def show_coverage(who: Who, now: Now, tx: Tx, within: AreaCode | None = None) -> list[CoverageView]:
    """Tell, township by township, how many objects stand in a grid and how many grids have their three people."""
    covered = await objects.covered(tx, who, within)
    staffed = await staffing.staffed(tx, who, within, local_day(tx, now))
    return [
        _coverage(area, covered.get(area.code, (0, 0)), staffed.get(area.code, (0, 0)))
        for area in await staffing.townships(tx, who, within)
    ]


@router.get("/grids/suggestion", dependencies=[allowed("grid.place")])
async def suggest(object_id: UUID, who: Who, tx: Tx) -> SuggestionView:
    """Propose the grid for an enterprise or a site, by its point or because its village has only one."""
    known = (await objects.objects(tx, [object_id])).get(object_id)
    if known is None or not covers(who, "grid.place", area=known["area_code"]):
        raise no_such("enterprise or site", "监管对象")
    grid, why = await queries.suggested(tx, known)
    return SuggestionView.model_validate({"grid": grid, "why": why}, from_attributes=True)


@router.get("/grids/{code}", response_model=GridView, dependencies=[allowed("grid.read")])
async def show_grid(code: Code, tx: Tx) -> Grid:
    if (grid := await tx.get(Grid, queries.grid_id(code))) is None:
        raise no_such("grid", "网格")
    return grid


@router.put("/grids/{code}", response_model=GridView, dependencies=[allowed("grid.keep")])
async def keep_grid(code: Code, ask: KeepGrid, now: Now, tx: Tx) -> Grid:
    return (await actions.keep_grids(tx, [(code, ask)], now)).rows[0]


@router.put("/grids/{code}/boundary", response_model=GridView, dependencies=[allowed("grid.keep")])
async def keep_boundary(code: Code, ask: Geometry, now: Now, tx: Tx) -> Grid:
    """Draw where a grid ends, as GeoJSON."""
    return await actions.keep_boundary(tx, code, ask, now)


@router.get("/grids/{code}/boundary", response_model=BoundaryView, dependencies=[allowed("grid.read")])
async def show_boundary(code: Code, tx: Tx) -> dict[str, Any]:
    if (boundary := await tx.get(Boundary, queries.grid_id(code))) is None:
        raise no_such("boundary", "边界")
    return geojson(boundary.wkb)


@router.put("/grids/{code}/retirement", status_code=204, dependencies=[allowed("grid.keep")])
async def retire_grid(code: Code, now: Now, tx: Tx) -> None:
    """Take a grid out of use, when nothing stands in it any more."""
    await actions.retire_grid(tx, code, now)


@router.put("/grids/{code}/posts/{post}", dependencies=[allowed("grid.staff")])
async def staff(code: Code, post: Post, ask: KeepPost, who: Who, now: Now, tx: Tx) -> list[PostView]:
    """Give one of the three posts to a person; whoever held it before stays in the history."""
    grid = await actions.staff(tx, who, code, post, ask, now)
    return _posts(await queries.posts(tx, grid))


@router.get("/grids/{code}/posts", dependencies=[allowed("grid.inside")])
async def list_posts(code: Code, who: Who, tx: Tx) -> list[PostView]:
    """Tell who answers for a grid, and who did."""
    return _posts(await queries.posts(tx, await _inside(tx, who, code)))


@router.put("/grids/{code}/objects", dependencies=[allowed("grid.place")])
async def place(code: Code, asks: AtOnce[PlaceObject], who: Who, now: Now, tx: Tx) -> LoadedView:
    """Put enterprises and sites into a grid: each stands in exactly one, and leaves another only when that is said."""
    return LoadedView(received=len(asks), changed=await actions.place(tx, who, code, asks, now))


@router.get("/grids/{code}/objects", response_model=Listed[ObjectView], dependencies=[allowed("grid.inside")])
async def list_objects(code: Code, who: Who, tx: Tx, after: UUID | None = None, limit: Limit = 50) -> Mapping[str, Any]:
    """List what stands in a grid."""
    return _listed(await objects.standing_in(tx, await _inside(tx, who, code), after, limit), limit)


async def _inside(tx: Tx, who: Actor, code: str) -> Grid:
    if (grid := await queries.seen(tx, who, "grid.inside", code)) is None:
        raise no_such("grid", "网格")
    return grid


def _listed(found: objects.Found, limit: int) -> Mapping[str, Any]:
    following = found[limit - 1]["object_id"] if len(found) > limit else None
    return {"items": [dict(row) for row in found[:limit]], "next": following}


def _posts(held: Sequence[queries.Held]) -> list[PostView]:
    return [
        PostView(post=each.post, person_id=each.person_id, name=name, since=each.since, until=each.until)
        for each, name in held
    ]


def _coverage(area: Area, objects_placed: tuple[int, int], grids_staffed: tuple[int, int]) -> CoverageView:
    every, placed = objects_placed
    grids, staffed = grids_staffed
    return CoverageView(
        area_code=area.code,
        name_en=area.name_en,
        name_zh=area.name_zh,
        grids=grids,
        staffed=staffed,
        objects=every,
        placed=placed,
        share=placed / every if every else None,
    )
