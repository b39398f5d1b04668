"""What is done with grids: drawn and numbered by an operator, staffed and filled by the township too."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.actions import Loaded, keep
from services.registry.areas import actions as areas
from services.registry.areas.models import Area
from services.registry.areas.queries import bounds_of, in_use_below, registered
from services.registry.areas.shapes import Geometry
from services.registry.domain import Fault, refuse
from services.registry.grids import queries
from services.registry.grids.domain import (
    Post,
    area_of,
    elsewhere,
    faults,
    lies_in,
    placed_already,
    still_in_use,
    term_fault,
    unfit,
)
from services.registry.grids.models import Grid, GridObject, GridPost
from services.registry.grids.queries import grid_id, objects
from services.registry.grids.shapes import KeepGrid, KeepPost, PlaceObject
from services.registry.people.queries import local_day
from shared.auth import Actor
from shared.contracts.registry import GridObjectPlaced, GridRegistered
from shared.errors import no_such
from shared.outbox import emit


async def keep_grids(tx: AsyncSession, asks: Sequence[tuple[str, KeepGrid]], now: datetime) -> Loaded[Grid]:
    """Register grids in areas that are in use; tells every bad row."""
    codes = [code for code, _ in asks]
    refuse(faults(codes, await registered(tx, map(area_of, codes))))
    fact = await _facts(tx, map(grid_id, codes), now)
    wanted = [
        (
            grid_id(code),
            {
                "area_code": area_of(code),
                "code": code,
                "name_en": ask.name_en or ask.name_zh,
                "name_zh": ask.name_zh,
                "retired": False,
            },
        )
        for code, ask in asks
    ]
    return await keep(tx, Grid, wanted, fact)


async def keep_boundary(tx: AsyncSession, code: str, ask: Geometry, now: datetime) -> Grid:
    """Say where a grid ends; the same boundary again changes nothing."""
    grid = await _locked(tx, code)
    if await areas.draw(tx, grid.id, code, grid.area_code, ask):
        await _tell(tx, grid, now)
    return grid


async def staff(tx: AsyncSession, who: Actor, code: str, post: Post, ask: KeepPost, now: datetime) -> Grid:
    """Give a post to a person who is fit for it; whoever held it leaves it on that day and stays in the history."""
    grid = await _locked(tx, code, who, "grid.staff")
    held = (await queries.present(tx, [grid.id])).get(grid.id, {}).get(post)
    if held is not None and (held.person_id, held.since) == (ask.person_id, ask.since):
        return grid
    today = local_day(tx, now)
    if fault := term_fault(ask.since, held and held.since, today):
        raise fault
    if not await queries.fits(tx, ask.person_id, post, grid.area_code, today):
        raise unfit(post)
    if held is not None and held.since == ask.since:
        held.person_id = ask.person_id  # said wrongly on the same day: nobody was in the post in between
    else:
        if held is not None:
            held.until = ask.since
            await tx.flush()  # the index of present holders must be free for the next
        tx.add(GridPost(id=uuid4(), grid_id=grid.id, post=post, person_id=ask.person_id, since=ask.since))
    await tx.flush()
    await _tell(tx, grid, now)
    return grid


async def place(tx: AsyncSession, who: Actor, code: str, asks: Sequence[PlaceObject], now: datetime) -> int:
    """Put objects into a grid; what stands in another one is moved only when that is said. Tells every bad row."""
    grid = await _locked(tx, code, who, "grid.place")
    if grid.retired:
        raise no_such("grid", "网格")
    ids = [ask.object_id for ask in asks]
    known, present = await objects.objects(tx, ids), await objects.placed(tx, ids)
    refuse(_unplaceable(grid, asks, known, present))

    def fact(placed: GridObject) -> GridObjectPlaced:
        return GridObjectPlaced(
            at=now,
            area_code=placed.area_code,
            object_id=placed.id,
            enterprise_id=placed.enterprise_id,
            grid_id=grid.id,
            grid_code=grid.code,
        )

    wanted = [
        (each, {"enterprise_id": known[each]["enterprise_id"], "grid_id": grid.id, "area_code": grid.area_code})
        for each in ids
    ]
    return (await keep(tx, GridObject, wanted, fact)).changed


async def retire_grid(tx: AsyncSession, code: str, now: datetime) -> None:
    """Take a grid out of use; whatever still stands in it must go to another first."""
    grid = await _locked(tx, code)
    if grid.retired:
        return
    if count := await objects.left_in(tx, grid=grid):
        raise still_in_use("supervised objects", "监管对象", count)
    grid.retired = True
    await _tell(tx, grid, now)


async def retire_area(tx: AsyncSession, code: str, now: datetime) -> Area:
    """Take an area out of use when no enterprise, grid or area in use lies in it."""
    area = await areas.locked(tx, code)
    if count := await objects.left_in(tx, area=code):
        raise still_in_use("supervised objects", "监管对象", count)
    if count := await queries.in_use_in(tx, code):
        raise still_in_use("grids", "网格", count)
    if count := await in_use_below(tx, code):
        raise still_in_use("areas", "下级区划", count)
    await areas.retire(tx, area, now)
    return area


async def _locked(tx: AsyncSession, code: str, who: Actor | None = None, verb: str = "") -> Grid:
    """Give a grid under its lock, and to `who` only one that the verb reaches."""
    if who is not None and await queries.seen(tx, who, verb, code) is None:
        raise no_such("grid", "网格")
    grid = await tx.get(Grid, grid_id(code), with_for_update=True)
    if grid is None:
        raise no_such("grid", "网格")
    return grid


def _unplaceable(
    grid: Grid, asks: Sequence[PlaceObject], known: Mapping[UUID, RowMapping], present: Mapping[UUID, Grid]
) -> Iterator[Fault]:
    for index, ask in enumerate(asks):
        if ask.object_id not in known:
            yield Fault(
                index,
                "object_id",
                "unknown-object",
                "There is no such enterprise or site, or it is gone.",
                "没有该监管对象，或已注销、迁出。",
            )
            continue
        if not lies_in(grid.area_code, known[ask.object_id]["area_code"]):
            yield elsewhere(index, grid.code, known[ask.object_id]["area_code"])
        now_in = present.get(ask.object_id)
        if now_in is not None and now_in.id != grid.id and ask.moved_from != now_in.code:
            yield placed_already(index, now_in.code, now_in.name_en, now_in.name_zh)


async def _tell(tx: AsyncSession, grid: Grid, now: datetime) -> None:
    await emit(tx, grid, (await _facts(tx, [grid.id], now))(grid))


async def _facts(tx: AsyncSession, ids: Iterable[UUID], now: datetime) -> Callable[[Grid], GridRegistered]:
    wanted = list(ids)
    bounds, posts = await bounds_of(tx, wanted), await queries.present(tx, wanted)

    def holder(grid: Grid, post: Post) -> UUID | None:
        return (held := posts.get(grid.id, {}).get(post)) and held.person_id

    def fact(grid: Grid) -> GridRegistered:
        return GridRegistered(
            at=now,
            area_code=grid.area_code,
            grid_id=grid.id,
            code=grid.code,
            name_en=grid.name_en,
            name_zh=grid.name_zh,
            grid_worker_id=holder(grid, Post.WORKER),
            safety_supervisor_id=holder(grid, Post.SUPERVISOR),
            contact_leader_id=holder(grid, Post.LEADER),
            retired=grid.retired,
            bounds=bounds.get(grid.id),
        )

    return fact
