"""What an operator does with areas: register them, alone or a county at once, draw their boundaries, retire them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.areas import queries
from services.registry.areas.domain import faults, level_of, parent_of
from services.registry.areas.domain.boundary import Bounds, inside, outline, outside_parent
from services.registry.areas.models import Area, Boundary
from services.registry.areas.shapes import Geometry, KeepArea
from services.registry.domain import refuse
from shared.contracts.registry import AreaRegistered
from shared.contracts.values import area_id
from shared.errors import no_such
from shared.outbox import emit


async def keep_areas(tx: AsyncSession, asks: Sequence[tuple[str, KeepArea]], now: datetime) -> Loaded[Area]:
    """Register areas; each lies in one that is registered, or that is in the same list. Tells every bad row."""
    codes = [code for code, _ in asks]
    refuse(faults(codes, await queries.registered(tx, filter(None, map(parent_of, codes)))))
    bounds = await queries.bounds_of(tx, map(area_id, codes))
    return await keep(tx, Area, [(area_id(code), _state(code, ask)) for code, ask in asks], _facts(bounds, now))


async def keep_boundary(tx: AsyncSession, code: str, ask: Geometry, now: datetime) -> Area:
    """Say where an area ends; the same boundary again changes nothing."""
    area = await locked(tx, code)
    if await draw(tx, area.id, code, parent_of(code), ask):
        await _tell(tx, area, now)
    return area


async def retire(tx: AsyncSession, area: Area, now: datetime) -> None:
    """Take an area out of use until it is registered again; that nothing lies in it any more, the caller knows."""
    if not area.retired:
        area.retired = True
        await _tell(tx, area, now)


async def locked(tx: AsyncSession, code: str) -> Area:
    area = await tx.get(Area, area_id(code), with_for_update=True)
    if area is None:
        raise no_such("area", "区划")
    return area


async def draw(tx: AsyncSession, owner_id: UUID, code: str, parent: str | None, ask: Geometry) -> bool:
    """Keep the boundary of an area or a grid, inside that of what it lies in; tell whether it changed."""
    drawn = outline(ask.type, ask.coordinates, ask.crs.properties.name if ask.crs else None)
    around = await queries.enclosing(tx, parent) if parent else None
    if around is not None and not inside(drawn.bounds, around.bounds):
        raise outside_parent(around.code)
    known = await tx.get(Boundary, owner_id)
    if known is not None and known.wkb == drawn.wkb:
        return False
    west, south, east, north = drawn.bounds
    box = {"west": west, "south": south, "east": east, "north": north}
    await tx.merge(Boundary(id=owner_id, code=code, wkb=drawn.wkb, **box))
    await tx.flush()
    return True


async def _tell(tx: AsyncSession, area: Area, now: datetime) -> None:
    await emit(tx, area, _facts(await queries.bounds_of(tx, [area.id]), now)(area))


def _facts(bounds: Mapping[UUID, Bounds], now: datetime) -> Callable[[Area], AreaRegistered]:
    def fact(area: Area) -> AreaRegistered:
        return AreaRegistered(
            at=now,
            area_code=area.area_code,
            code=area.area_code,
            parent_code=area.parent_code,
            level=area.level,
            name_en=area.name_en,
            name_zh=area.name_zh,
            retired=area.retired,
            bounds=bounds.get(area.id),
        )

    return fact


def _state(code: str, ask: KeepArea) -> dict[str, object]:
    return {
        "area_code": code,
        "parent_code": parent_of(code),
        "level": level_of(code),
        "name_en": ask.name_en or ask.name_zh,
        "name_zh": ask.name_zh,
        "retired": False,
    }
