"""Routes: areas, which everybody may read."""

from uuid import UUID

from fastapi import APIRouter

from services.registry.actions import Loaded
from services.registry.areas import actions, queries
from services.registry.areas.models import Area
from services.registry.areas.shapes import AreaView, KeepArea, KeepListedArea
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


@router.get("/areas", response_model=Listed[AreaView], dependencies=[allowed("area.read")])
async def list_areas(
    tx: Tx, parent: AreaCode | None = None, after: UUID | None = None, limit: Limit = 50
) -> Page[Area]:
    return await queries.areas(tx, parent, after, limit)


@router.get("/areas/{code}", response_model=AreaView, dependencies=[allowed("area.read")])
async def show_area(code: AreaCode, tx: Tx) -> Area:
    if (area := await tx.get(Area, area_id(code))) is None:
        raise no_such("area", "区划")
    return area
