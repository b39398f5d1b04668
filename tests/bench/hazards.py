"""How lists, pages and moves of hazards stand a county's growth; without it a million would be met in production."""

import json
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from figures import BenchBroken, Figure, against_floor, at_most, percentile
from hazards_asked import actors, questions
from hazards_county import FULL, HAPPENINGS, PICTURES, hand_out
from hazards_rows import AUTHORITIES, NOW, Handout
from hazards_served import TABLES
from load import Plan
from sqlalchemy import event
from stage import free_port, loaded, running, until_ready

from services.cli.server import settle_memory
from shared.auth import Actor
from shared.embedded.databases import database_of
from shared.embedded.files import temporary_directory
from shared.embedded.postgres import Postgres, postgres
from shared.raw import RawConnection, connect
from shared.testing import ISSUER, Platform, jwks, open_platform, token

NAMES = ("hazards.worklist", "hazards.page", "hazards.transition", "hazards.growth")
SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (1_000, 10_000)
WORKLIST_MS, PAGE_MS = 30.0, 20.0
STATEMENTS = 3
FLOOR_SHARE = 0.5
GROWTH = 2.0
MOVED = 1_800
"""Hazards that wait to be assigned; each is moved once."""
BUFFERS = "1GB"
"""The table of a million hazards has 868 MB; with less a list finds half of its rows outside."""
HERE = Path(__file__).parent
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass
class County:
    """What was measured in a county of this size."""

    hazards: int
    loaded_s: float = 0.0
    lists_ms: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    statements: Counter[int] = field(default_factory=Counter[int])
    pages_ms: list[float] = field(default_factory=list[float])
    moves: list[float] = field(default_factory=list[float])
    floors: list[float] = field(default_factory=list[float])
    moved_ms: list[float] = field(default_factory=list[float])

    @property
    def all_lists_ms(self) -> list[float]:
        return [each for times in self.lists_ms.values() for each in times]


async def hazards(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Measure the same in counties of growing size; the largest is judged."""
    sizes = QUICK_SIZES if quick else SIZES
    if wanted == {"hazards.growth"}:
        wanted = set(NAMES)
    if "hazards.growth" not in wanted:
        sizes = sizes[-1:]
    settle_memory()
    with temporary_directory() as folder:
        roles = dict.fromkeys(("floor", *(_name(size) for size in sizes)), "bench")
        async with postgres(folder / "postgres", roles=roles, shared_buffers=BUFFERS) as server:
            counties = [await _measured(server, folder, size, wanted, quick=quick) for size in sizes]
    largest = counties[-1]
    if "hazards.worklist" in wanted:
        yield _worklist(largest)
    if "hazards.page" in wanted:
        conditions = (
            f"p99 of {len(largest.pages_ms)} readings of one hazard and its timeline ({HAPPENINGS} entries, "
            f"{PICTURES} pictures) among {largest.hazards:,}, by its officers and the committee; "
            f"p50 {median(largest.pages_ms):.1f} ms"
        )
        yield at_most("hazards.page", percentile(largest.pages_ms, 0.99), "ms", PAGE_MS, conditions)
    if "hazards.transition" in wanted:
        conditions = (
            f"assigning one hazard after the other among {largest.hazards:,}: rules, clocks, history, event and the "
            f"whole page as its answer, durable; p50 {median(largest.moved_ms):.1f} ms"
        )
        yield against_floor("hazards.transition", largest.moves, largest.floors, FLOOR_SHARE, conditions)
    if "hazards.growth" in wanted:
        yield _growth(counties)


def _name(size: int) -> str:
    return f"county{size}"


async def _measured(server: Postgres, folder: Path, size: int, wanted: set[str], *, quick: bool) -> County:
    handout, county = Handout(size), County(size)
    url = server.url(_name(size))
    common = {"evidence_url": (folder / "evidence").as_uri()}
    async with open_platform(["inspection"], {"inspection": url}, common) as platform:
        platform.now = NOW
        database = platform.service("inspection").database
        async with database.engine.begin() as tx:
            await tx.run_sync(platform.service("inspection").metadata.create_all)
        began = time.perf_counter()
        await hand_out(server.admin_url_of(database_of(_name(size))), handout)
        county.loaded_s = time.perf_counter() - began
        await database.engine.dispose()  # connections that know the tables as they were
        if wanted & {"hazards.worklist", "hazards.growth"}:
            await _ask(platform, handout, county, rounds=2 if quick else 8)
        if wanted & {"hazards.page", "hazards.growth"}:
            await _read(platform, handout, county, url, rounds=1 if quick else 4)
    if wanted & {"hazards.transition", "hazards.growth"}:
        await _move(server, folder, county, url, rounds=1 if quick else 3)
    return county


async def _ask(platform: Platform, handout: Handout, county: County, rounds: int) -> None:
    """Ask all the questions, in another order each time: first and second pages. The first round warms."""
    draw, asked = Random(1), questions(handout)
    with _statements(platform) as said:
        for nth in range(rounds + 1):
            for who, params in draw.sample(asked, len(asked)):
                async with platform.client("inspection", who) as http:
                    following: dict[str, Any] = {}
                    for _ in range(2):
                        said.clear()
                        began = time.perf_counter()
                        answer = await http.get("/hazards", params={**params, **following})
                        took_ms = (time.perf_counter() - began) * 1000
                        if answer.status_code != 200:
                            raise BenchBroken(f"{who.name} {params}: {answer.text}")
                        if nth:
                            county.lists_ms.setdefault(f"{who.name} {params}", []).append(took_ms)
                            county.statements[len(said)] += 1
                        if (after := answer.json()["next"]) is None:
                            break
                        following = {"after": after}


async def _read(platform: Platform, handout: Handout, county: County, url: str, rounds: int) -> None:
    people = actors(handout)
    connection = await connect(url)
    try:
        found = await connection.fetch(_FULL_ONES)
    finally:
        await connection.close()
    for nth in range(rounds + 1):
        for row in found:
            mine = Actor(people["desk"].id, "authority.officer", row["of"], people["desk"].area_code, "zh", "Officer")
            for who in (mine, people["committee"]):
                async with platform.client("inspection", who) as http:
                    began = time.perf_counter()
                    page = await http.get(f"/hazards/{row['id']}")
                    timeline = await http.get(f"/hazards/{row['id']}/history")
                    took_ms = (time.perf_counter() - began) * 1000
                if page.status_code != 200 or len(timeline.json()["items"]) != HAPPENINGS:
                    raise BenchBroken(f"{row['id']}: {page.text} {timeline.text}")
                if nth:
                    county.pages_ms.append(took_ms)


async def _move(server: Postgres, folder: Path, county: County, url: str, rounds: int) -> None:
    """Assign hazards over HTTP, in turns with the floor; both are served in processes of their own."""
    desk = AUTHORITIES[1]
    connection, bare = await connect(url), await connect(server.url("floor"))
    try:
        moved = [str(row["id"]) for row in await connection.fetch(_WAITING, desk, min(MOVED, county.hazards // 2))]
        await connection.execute("vacuum analyze hazards")
        cases = await _cases(bare, moved)
    finally:
        await connection.close()
        await bare.close()
    log, ports = folder / "served.log", {"floor": free_port(), "inspection": free_port()}
    settings = {
        "floor": {"database_url": server.url("floor")},
        "inspection": {
            "database_url": url, "jwks": jwks(), "issuer": ISSUER, "evidence_url": (folder / "evidence").as_uri(),
        },
    }  # fmt: skip
    who = actors(Handout(county.hazards))["desk"]
    signed = token(who, at=datetime.now(UTC))
    async with AsyncExitStack() as stack:
        for kind, port in ports.items():
            command = [str(HERE / "hazards_served.py"), str(port), kind]
            environment = {"BENCH_SETTINGS": json.dumps(settings[kind])}
            await stack.enter_async_context(running(command, environment, log))
        for port in ports.values():
            await until_ready(port)
        share = len(moved) // rounds
        for nth in range(rounds):
            for kind, subjects in (("floor", cases), ("inspection", moved[nth * share : (nth + 1) * share])):
                path = "/cases/" if kind == "floor" else "/hazards/"
                plan = Plan(
                    ports[kind], path, "{}", [signed], 3.0, connections=1, expect=200, method="POST",
                    subjects=[f"{each}/assign" for each in subjects],
                )  # fmt: skip
                outcome = await loaded(plan)
                rate = 1000 / median(outcome.latencies_ms)
                if kind == "floor":
                    county.floors.append(rate)
                else:
                    county.moves.append(rate)
                    county.moved_ms += outcome.latencies_ms


async def _cases(bare: RawConnection, moved: Sequence[str]) -> list[str]:
    """Fill the floor's table; it may be moved as often as the run lasts."""
    await bare.execute(TABLES)
    await bare.execute("truncate cases, happenings, announcements")
    await bare.execute("insert into cases select id, 'confirmed', 1 from unnest($1::uuid[]) as id", moved)
    return [each for _ in range(12) for each in moved]


_FULL_ONES = f"""
select id, handlers[1] as of from hazards where {FULL} and ordered_at is not null order by serial desc limit 60
"""
_WAITING = """
with chosen as (
    select id from hazards where ordered_at is not null and not self_governed order by serial desc limit $2
), moved as (
    update hazards set state = 'confirmed', grade = 'general', lead_authority_id = $1::uuid,
        handling_authority_id = $1::uuid, handlers = array[$1::uuid], co_authority_ids = '[]',
        routing_rule = 'category', clocks = '{hazard.assign}', next_due_key = 'hazard.assign',
        next_due_at = now() + interval '1 day', next_owed_by = $1::uuid
    where id in (select id from chosen) returning id, area_code
), ended as (
    update deadlines set state = 'met' where object_id in (select id from chosen) and state = 'open'
)
insert into deadlines (id, object_kind, object_id, area_code, key, owed_by, starts_at, due_at, provisional,
                       explanation_en, explanation_zh, state, rung)
select gen_random_uuid(), 'hazard', id, area_code, 'hazard.assign', $1::uuid, now(), now() + interval '1 day', false,
       'By rule of the county.', '依县规定。', 'open', 'supervision'
from moved returning object_id as id
"""
"""Puts the newest hazards before one desk, confirmed and not yet assigned."""


@contextmanager
def _statements(platform: Platform) -> Iterator[list[str]]:
    """Gather what the service says to its database, by whichever way; not the frame of transactions."""
    said: list[str] = []

    def heard(logged: Any) -> None:
        if not logged.query.upper().startswith(_FRAME):
            said.append(logged.query)

    def connected(connection: Any, _: object) -> None:
        connection.driver_connection.add_query_logger(heard)

    engine = platform.service("inspection").database.engine.sync_engine

    def executed(*facts: Any) -> None:
        said.append(facts[2])

    event.listen(engine, "connect", connected)
    event.listen(engine, "before_cursor_execute", executed)  # what is prepared first no logger of asyncpg hears of
    try:
        yield said
    finally:
        event.remove(engine, "connect", connected)
        event.remove(engine, "before_cursor_execute", executed)


def _worklist(county: County) -> Figure:
    most = max(county.statements)
    if most > STATEMENTS:
        raise BenchBroken(f"a list took {most} statements, {STATEMENTS} are allowed")
    times_ms = county.all_lists_ms
    worst = max(county.lists_ms, key=lambda question: percentile(county.lists_ms[question], 0.5))
    conditions = (
        f"p99 of {len(times_ms)} lists of 50 among {county.hazards:,} hazards, {len(county.lists_ms)} questions by two "
        "desks, an officer, the committee, a township and an enterprise, first and second pages, one after the other; "
        f"p50 {median(times_ms):.1f} ms; slowest question {worst}: p50 {median(county.lists_ms[worst]):.1f} ms; "
        f"at most {most} statements; the county was handed out in {county.loaded_s:.0f} s"
    )
    return at_most("hazards.worklist", percentile(times_ms, 0.99), "ms", WORKLIST_MS, conditions)


def _growth(counties: Sequence[County]) -> Figure:
    """Compare medians: what doubles there, doubles for everybody."""
    first, last = counties[0], counties[-1]
    grown = {
        "worklist": median(last.all_lists_ms) / median(first.all_lists_ms),
        "page": median(last.pages_ms) / median(first.pages_ms),
        "transition": median(last.moved_ms) / median(first.moved_ms),
    }
    medians = "; ".join(
        f"{county.hazards:,}: worklist {median(county.all_lists_ms):.1f} ms (p99 "
        f"{percentile(county.all_lists_ms, 0.99):.1f}), page {median(county.pages_ms):.1f} ms, transition "
        f"{median(county.moved_ms):.1f} ms"
        for county in counties
    )
    ratios = ", ".join(f"{name} {ratio:.2f}" for name, ratio in grown.items())
    conditions = f"the largest of: {ratios}; medians at {medians}"
    return at_most("hazards.growth", max(grown.values()), "×", GROWTH, conditions)
