"""Routes: areas, which everybody may read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from services.registry.actions import Loaded
from services.registry.areas import actions, queries
from services.registry.areas.domain import LENGTHS, Level
from services.registry.areas.domain.boundary import geojson
from services.registry.areas.models import Area, Boundary
from services.registry.areas.shapes import (
    AreaView,
    BoundaryView,
    CountsView,
    Geometry,
    KeepArea,
    KeepListedArea,
    Lat,
    Lon,
)
from services.registry.shapes import AtOnce, Limit, Listed, LoadedView
from shared.contracts.values import AreaCode, area_id
from shared.errors import no_such
from shared.paging import Page
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Tx

router = APIRouter(tags=["areas"], dependencies=[versioned(Area, "code", area_id)])


@router.put("/areas", response_model=LoadedView, dependencies=[allowed("area.keep")])
async def keep_areas(asks: AtOnce[KeepListedArea], now: Now, tx: Tx) -> Loaded[Area]:
    """Register a list of areas in one transaction."""
    return await actions.keep_areas(tx, [(ask.code, ask) for ask in asks], now)


@router.put("/areas/{code}", response_model=AreaView, dependencies=[allowed("area.keep")])
async def keep_area(code: AreaCode, ask: KeepArea, now: Now, tx: Tx) -> Area:
    return (await actions.keep_areas(tx, [(code, ask)], now)).rows[0]


@router.put("/areas/{code}/boundary", response_model=AreaView, dependencies=[allowed("area.keep")])
async def keep_boundary(code: AreaCode, ask: Geometry, now: Now, tx: Tx) -> Area:
    """Draw where an area ends, as GeoJSON."""
    return await actions.keep_boundary(tx, code, ask, now)


@router.get("/areas", response_model=Listed[AreaView], dependencies=[allowed("area.read")])
async def list_areas(
    tx: Tx,
    parent: AreaCode | None = None,
    within: AreaCode | None = None,
    level: Level | None = None,
    retired: bool = False,
    after: UUID | None = None,
    limit: Limit = 50,
) -> Page[Area]:
    """List areas by code: those directly in `parent`, or the whole subtree `within`; `retired` adds the old ones."""
    return await queries.areas(tx, parent, within, level, after, limit, retired=retired)


@router.get("/areas/counts", response_model=CountsView, dependencies=[allowed("area.read")])
async def count_areas(tx: Tx, within: AreaCode | None = None) -> dict[Level, int]:
    return await queries.counts(tx, within)


@router.get("/areas/at", response_model=list[AreaView], dependencies=[allowed("area.read")])
async def find_area_at(lon: Lon, lat: Lat, tx: Tx) -> Sequence[Area]:
    """Tell in which areas a place lies, from the county down, as far as boundaries are known.

    On a line between two it lies in the one with the lower code.
    """
    codes = await queries.codes_at(tx, lon, lat, LENGTHS)
    return await queries.path(tx, codes[0]) if codes else []


@router.get("/areas/{code}", response_model=AreaView, dependencies=[allowed("area.read")])
async def show_area(code: AreaCode, tx: Tx) -> Area:
    if (area := await tx.get(Area, area_id(code))) is None:
        raise no_such("area", "区划")
    return area


@router.get("/areas/{code}/path", response_model=list[AreaView], dependencies=[allowed("area.read")])
async def show_path(code: AreaCode, tx: Tx) -> Sequence[Area]:
    """Give the areas that this one lies in, from the county down to itself."""
    found = await queries.path(tx, code)
    if not found or found[-1].area_code != code:
        raise no_such("area", "区划")
    return found


@router.get("/areas/{code}/boundary", response_model=BoundaryView, dependencies=[allowed("area.read")])
async def show_boundary(code: AreaCode, tx: Tx) -> dict[str, Any]:
    if (boundary := await tx.get(Boundary, area_id(code))) is None:
        raise no_such("boundary", "边界")
    return geojson(boundary.wkb)
