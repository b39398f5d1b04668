"""How fast a day's deadlines are told, and how soon a single one; without it the end of a day would be a surprise."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from figures import BenchBroken, Figure, at_most, percentile
from sqlalchemy.ext.asyncio import create_async_engine

from services.inspection.hazards.models import Hazard
from services.inspection.models import Row
from shared.clock import system_clock
from shared.embedded.files import temporary_directory
from shared.embedded.postgres import postgres
from shared.raw import RawConnection, connect

sys.path.append(str(Path(__file__).parent.parent / "service"))

from worklist_stages import clock, hazard

NAMES = ("clocks.fire", "clocks.lag")
MANY, QUICK_MANY = 100_000, 5_000
GOAL_PER_S = 1_000
LAG_S = 1.0
SINGLE, QUICK_SINGLE = 300, 40
SPREAD_S = 30
KILLED_AFTER = 0.4
"""The share of all that is fired when one of the two is killed."""
LOOK_S = 0.005
HERE = Path(__file__).parent
_HAZARDS = """
insert into hazards select made.* from hazards h, generate_series(1, $1) n, lateral jsonb_populate_record(
    null::hazards,
    to_jsonb(h) || jsonb_build_object('id', gen_random_uuid(), 'serial', h.serial + n, 'number', 'H' || n)
) made
"""
_CLOCKS = """
insert into deadlines select made.*
from deadlines d, (select id, row_number() over () as n from hazards) h, lateral jsonb_populate_record(
    null::deadlines,
    to_jsonb(d) || jsonb_build_object(
        'id', gen_random_uuid(), 'object_id', h.id, 'rung', 'approaching',
        'due_at', $1::timestamptz + $2::interval * h.n, 'next_at', $1::timestamptz + $2::interval * h.n
    )
) made where h.id <> d.object_id
"""
_LISTS = "select indexname from pg_indexes where tablename = 'hazards' and indexname like 'ix_%'"
_NEARER = "update deadlines set due_at = due_at - $1::interval, next_at = next_at - $1::interval"
_FIRED = "select count(*) from deadlines where rung = 'missed'"
_ONCE = """
select (select count(*) from outbox) as facts, (select count(distinct aggregate_id) from outbox) as clocks,
    (select count(*) from deadline_changes where what = 'fired') as kept
"""


async def clocks(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Measure many that fall due at once, with two schedulers of which one is killed; then single ones."""
    with temporary_directory() as folder:
        async with postgres(folder / "postgres", dict.fromkeys(("many", "single"), "bench")) as server:
            if "clocks.fire" in wanted:
                yield await _many(server.url("many"), folder, QUICK_MANY if quick else MANY)
            if "clocks.lag" in wanted:
                yield await _single(server.url("single"), folder, QUICK_SINGLE if quick else SINGLE)


async def _many(url: str, folder: Path, many: int) -> Figure:
    connection = await _planted(url, many, system_clock() - timedelta(seconds=1), timedelta(0))
    schedulers = [await _scheduler(url, folder) for _ in range(2)]
    try:
        began = perf_counter()
        for each in schedulers:
            _go(each)
        await _until(connection, int(many * KILLED_AFTER))
        schedulers[0].kill()
        killed_s = perf_counter() - began
        await _until(connection, many)
        took_s = perf_counter() - began
        row = await connection.fetchrow(_ONCE)
    finally:
        await _end(schedulers)
        await connection.close()
    if row is None or {row["facts"], row["clocks"], row["kept"]} != {many}:
        raise BenchBroken(f"of {many} deadlines there are {row and dict(row)}")
    rate = many / took_s
    conditions = (
        f"{many:,} deadlines due at once, each with its event and the line that keeps it, two schedulers, one killed "
        f"after {killed_s:.1f} s, all fired exactly once in {took_s:.1f} s; no broker, no letters"
    )
    return Figure("clocks.fire", rate, "deadlines/s", f"≥ {GOAL_PER_S:,}/s", rate >= GOAL_PER_S, conditions=conditions)


async def _until(connection: RawConnection, fired: int) -> None:
    while True:
        if await connection.fetchval(_FIRED) >= fired:
            return
        await asyncio.sleep(0.1)


async def _single(url: str, folder: Path, many: int) -> Figure:
    first = system_clock() + timedelta(days=1)
    connection = await _planted(url, many, first, timedelta(seconds=SPREAD_S / many))
    scheduler = await _scheduler(url, folder)
    try:
        _go(scheduler)
        await asyncio.sleep(3)  # it has begun: now they come near
        await connection.execute(_NEARER, first - system_clock() - timedelta(seconds=2))
        lags_s = await asyncio.wait_for(_watched(connection, many), SPREAD_S + 60)
    finally:
        await _end([scheduler])
        await connection.close()
    conditions = (
        f"p99 of {many} deadlines over {SPREAD_S} s on an idle system, from the instant to the committed event as "
        f"another connection sees it; p50 {median(lags_s):.2f} s, longest {max(lags_s):.2f} s"
    )
    return at_most("clocks.lag", percentile(lags_s, 0.99), "s", LAG_S, conditions)


async def _watched(connection: RawConnection, many: int) -> list[float]:
    """Look for new facts all the time; give how late each was seen."""
    lags_s: list[float] = []
    last = 0
    while len(lags_s) < many:
        rows = await connection.fetch(
            "select o.id, d.due_at from outbox o join deadlines d on d.id = o.aggregate_id where o.id > $1", last
        )
        seen: datetime = system_clock()
        lags_s += [(seen - row["due_at"]).total_seconds() for row in rows]
        last = max([last, *(row["id"] for row in rows)])
        await asyncio.sleep(LOOK_S)
    return lags_s


async def _planted(url: str, many: int, first: datetime, step: timedelta) -> RawConnection:
    """Lay the tables out and put many hazards with one clock each into them."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    started = first - timedelta(days=10)
    async with engine.begin() as tx:
        await tx.run_sync(Row.metadata.create_all)
        await tx.execute(Row.metadata.tables["hazards"].insert(), [_row(hazard(1, registered_at=started))])
        await tx.execute(
            Row.metadata.tables["deadlines"].insert(),
            [{**clock(1, "hazard.plan", first).model_dump(), "starts_at": started, "explanation_en": "5 working days"}],
        )
    await engine.dispose()
    connection = await connect(url)
    for row in await connection.fetch(_LISTS):  # what is fired locks hazards and changes none: their lists rest
        await connection.execute(f'drop index "{row["indexname"]}"')
    await connection.execute(_HAZARDS, many)
    await connection.execute(_CLOCKS, first, step)
    await connection.execute("delete from deadlines where rung is null")
    await connection.execute("analyze")
    return connection


def _row(made: Hazard) -> dict[str, object]:
    """Give the columns of a hazard but for its serial, which the table draws."""
    made.kept_for_lists()
    return {name: value for name, value in made.model_dump().items() if name != "serial"}


async def _scheduler(url: str, folder: Path) -> Process:
    program = [sys.executable, str(HERE / "clocks_fire.py"), url, str(folder)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe, cwd=HERE.parents[1])
    assert process.stdout is not None
    if await process.stdout.readline() != b"ready\n":
        raise BenchBroken("a scheduler did not start")
    return process


def _go(process: Process) -> None:
    assert process.stdin is not None
    process.stdin.write(b"go\n")


async def _end(processes: list[Process]) -> None:
    for each in processes:
        if each.returncode is None:
            each.kill()
        await each.wait()
