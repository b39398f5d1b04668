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

from services.inspection.deadlines.rungs import Clock, Rung, steps
from services.inspection.hazards.models import Hazard
from services.inspection.models import Row
from shared.clock import system_clock
from shared.embedded.files import temporary_directory
from shared.embedded.postgres import postgres
from shared.profile import load
from shared.raw import RawConnection, connect

sys.path.append(str(Path(__file__).parent.parent / "service"))

import inspection_county as county
from worklist_stages import clock, hazard

NAMES = ("clocks.fire", "clocks.lag")
MANY, QUICK_MANY = 100_000, 5_000
GOAL_PER_S = 1_000
LAG_S = 1.0
SINGLE, QUICK_SINGLE = 300, 40
SPREAD_S = 30
STUCK_S = 60
STARTED_BEFORE = timedelta(days=10)
KILLED_AFTER = 0.4
"""The share of all that is fired when one of the two is killed."""
LOOK_S = 0.005
HERE = Path(__file__).parent
PROFILES = HERE.parents[1] / "profiles"
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
_PAST = """
insert into history (object_kind, object_id, at, capacity, verb, state_to, reason, basis, facts)
select 'hazard', id, registered_at, 'authority', verb, state, '', '', '{}'
from hazards, unnest('{register, confirm, order}'::text[]) verb
"""
_NEARER = "update deadlines set due_at = due_at - $1::interval, next_at = next_at - $1::interval"
_FIRED = "select count(*) from deadlines where rung = 'reminder'"
_ONCE = """
select (select count(*) from outbox where type like '%missed%') as misses,
    (select count(*) from outbox where type like '%letter.sent%') as sendings,
    (select count(*) from outbox where type like '%escalated%') as escalations,
    (select count(*) from outbox) / 3 as facts,
    (select count(*) from deadline_changes where what = 'fired') / 2 as rungs,
    (select count(distinct (aggregate_id, version)) from outbox) / 3 as versions,
    (select count(distinct root_id) from letters) as letters,
    (select max(last) from order_numbers) as last_number,
    (select count(*) from history where capacity = 'system') / 2 as history,
    (select count(*) from hazards where escalation = 1) as raised
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
    schedulers = [await _scheduler(url, folder) for _ in range(2)]
    connection = await _planted(url, many, _late_enough_for_a_letter(system_clock()), timedelta(0))
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
    if row is None or set(row.values()) != {many}:
        raise BenchBroken(f"of {many} deadlines there are {row and dict(row)}")
    rate = many / took_s
    conditions = (
        f"{many:,} deadlines due at once, each missed and reminded of: three events, a numbered letter, two lines of "
        f"history, two of the clock, a hazard raised; two schedulers, one killed after {killed_s:.1f} s, all exactly "
        f"once in {took_s:.1f} s; no broker"
    )
    return Figure("clocks.fire", rate, "deadlines/s", f"≥ {GOAL_PER_S:,}/s", rate >= GOAL_PER_S, conditions=conditions)


def _late_enough_for_a_letter(now: datetime) -> datetime:
    """Give the latest instant of which one is reminded by now."""
    rules = load("cn", PROFILES)
    days = (now - timedelta(days=n) for n in range(1, 30))
    reminded = ((due, steps(rules, Clock(due - STARTED_BEFORE, due))) for due in days)
    return next(due for due, rungs in reminded if any(step.rung is Rung.REMINDER and step.at <= now for step in rungs))


async def _until(connection: RawConnection, fired: int) -> None:
    """Wait until so many are fired; raises `BenchBroken` when for a while none is."""
    last, since = 0, perf_counter()
    while (now := await connection.fetchval(_FIRED)) < fired:
        if now > last:
            last, since = now, perf_counter()
        if perf_counter() - since > STUCK_S:
            raise BenchBroken(f"no more deadlines are fired after {now}")
        await asyncio.sleep(0.1)


async def _single(url: str, folder: Path, many: int) -> Figure:
    first = system_clock() + timedelta(days=1)
    scheduler = await _scheduler(url, folder)
    connection = await _planted(url, many, first, timedelta(seconds=SPREAD_S / many))
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
    """Put many hazards with one clock each into the tables."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    started = first - STARTED_BEFORE
    async with engine.begin() as tx:
        for table, rows in _parties().items():
            await tx.execute(Row.metadata.tables[table].insert(), rows)
        await tx.execute(Row.metadata.tables["hazards"].insert(), [_row(hazard(1, registered_at=started))])
        await tx.execute(
            Row.metadata.tables["deadlines"].insert(),
            [{**clock(1, "hazard.plan", first).model_dump(), "starts_at": started, "explanation_en": "5 working days"}],
        )
    await engine.dispose()
    connection = await connect(url)
    await connection.execute(_HAZARDS, many)
    await connection.execute(_CLOCKS, first, step)
    await connection.execute(_PAST)
    await connection.execute("delete from deadlines where rung is null")
    await connection.execute("analyze")
    return connection


def _parties() -> dict[str, list[dict[str, object]]]:
    """Give who is written to, its leader, and the committee that writes."""
    bureau = {"id": county.EMERGENCY, "kind": "authority", "name_en": "Emergency bureau", "name_zh": "应急局"}
    office = {"id": county.COMMITTEE, "kind": "committee", "name_en": "Safety committee", "name_zh": "安委办"}
    heads = {"id": county.HEAD, "person_id": county.HEAD, "party_id": county.EMERGENCY, "role": "authority_head"}
    return {
        "parties": [party | {"area_code": county.COUNTY} for party in (bureau, office)],
        "people": [{"id": county.HEAD, "name": "长"}],
        "memberships": [heads | {"area_code": county.COUNTY, "in_force": True}],
    }


def _row(made: Hazard) -> dict[str, object]:
    """Give the columns of a hazard but for its serial, which the table draws."""
    made.kept_for_lists()
    return {name: value for name, value in made.model_dump().items() if name != "serial"}


async def _scheduler(url: str, folder: Path) -> Process:
    """Start one, which lays out the tables if nobody has, and waits for a word."""
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
