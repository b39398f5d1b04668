"""How fast facts flow from outbox to effect; without floors of the same run a figure would only tell of the disk.

One sending and one receiving service of the bench's own (a counter, and a row for each of its facts), real PostgreSQL,
real NATS that syncs every write, relay and consumer in this process as in `commonwatch up`.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from statistics import median
from uuid import UUID, uuid4

from figures import BenchBroken, Figure, at_most, percentile
from sqlalchemy import text
from works import SENDER, Tallied, Works, opened

from services.volunteer.actions import SUBMIT
from services.volunteer.models import Row as VolunteerRow
from shared.bus import NatsBus
from shared.group import Group
from shared.outbox import outbox_row
from shared.raw import Raw, connect
from shared.relay import Relay

NAMES = (
    "events.commit_to_effect.200", "events.commit_to_effect.1000", "events.relay_drain", "events.rebuild",
    "events.outbox_cost",
)  # fmt: skip
GOALS = {200: (5.0, 25.0), 1000: (None, 80.0)}
DRAIN_GOAL, DRAIN_SHARE = 10_000, 0.3
REBUILD_GOAL_S = 60.0
COST_SHARE = 0.6
AREA = "990901"
BODY_BYTES = 500
WRITERS = 8
DRAIN_WITHIN_S = 180.0
WARM_S = 1.0


_COUNT = """
with a as (update tallies set total = total + 1, version = version + 1 where id = $1 returning id, version, total)
insert into outbox (event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at)
select $2, $3, a.id, a.version, $4, $5, '{}',
       convert_to(jsonb_set(convert_from($6, 'utf8')::jsonb, '{total}', to_jsonb(a.total))::text, 'utf8'), $7
from a returning version
"""
_MANY = """
insert into outbox (event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at)
select gen_random_uuid(), 'tally', md5((n % $1)::text)::uuid, 1 + n / $1, $2, $3, '{}', $4, now()
from generate_series(0, $5 - 1) as n
"""
_ARCHIVED = """
insert into outbox_sent (id, event_id, aggregate_type, aggregate_id, version, subject, type, headers, data,
                         occurred_at, js_stream, js_epoch, js_seq)
select n + 1, gen_random_uuid(), 'tally', md5((n % $1)::text)::uuid, 1 + n / $1, $2, $3, '{}', $4, now(),
       'CW', 'epoch', n + 1
from generate_series(0, $5 - 1) as n
"""


_FULL = "select 1 from stream_epoch where refilled_to >= refill_until and refill_until > 0"


async def flow(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Measure each on servers of their own, in one folder after the other."""
    for rate in GOALS:
        if f"events.commit_to_effect.{rate}" in wanted:
            async with opened() as works:
                yield await _commit_to_effect(works, rate, rounds=1 if quick else 3, seconds=4.0 if quick else 8.0)
    if "events.relay_drain" in wanted:
        async with opened() as works:
            yield await _relay_drain(works, 20_000 if quick else 60_000)
    if "events.rebuild" in wanted:
        async with opened() as works:
            yield await _rebuild(works, 100_000 if quick else 1_000_000)
    if "events.outbox_cost" in wanted:
        async with opened() as works:
            yield await _outbox_cost(works, rounds=1 if quick else 3, seconds=1.5 if quick else 3.0)


async def _commit_to_effect(works: Works, rate: int, *, rounds: int, seconds: float) -> Figure:
    """Write at a fixed rate whatever the answers do; from the moment before the write to the effect's commit."""
    middle: list[float] = []
    worst: list[float] = []
    async with works.broker() as bus, works.relaying(bus) as relay, works.consuming():
        pool = await works.source.pool()
        keys = [uuid4() for _ in range(200)]
        for key in keys:
            await pool.execute("insert into tallies (id, version, area_code, total) values ($1, 0, $2, 0)", key, AREA)
        for _ in range(rounds):
            began = await _write_at(pool, relay, keys, rate, seconds)
            await _until(works, began)
            took_ms = [(works.arrived[fact] - at) * 1000 for fact, at in began.items()]
            middle.append(percentile(took_ms, 0.5))
            worst.append(percentile(took_ms, 0.99))
    p50_goal, p99_goal = GOALS[rate]
    p50, p99 = median(middle), median(worst)
    goal = f"p99 ≤ {p99_goal:g} ms" + (f", p50 ≤ {p50_goal:g} ms" if p50_goal else "")
    return Figure(
        f"events.commit_to_effect.{rate}", p99, "ms", goal, p99 <= p99_goal and (p50_goal is None or p50 <= p50_goal),
        conditions=f"p99 at {rate}/s; p50 {p50:.1f} ms; medians of {rounds} rounds of {seconds:g} s "
        f"(p99 {min(worst):.0f} to {max(worst):.0f}); from before the write to after the effect's commit",
    )  # fmt: skip


async def _write_at(
    pool: Raw, relay: Relay, keys: Sequence[UUID], rate: int, seconds: float
) -> dict[tuple[UUID, int], float]:
    began: dict[tuple[UUID, int], float] = {}
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    start, warm = loop.time(), int(rate * WARM_S)

    async def write(number: int) -> None:
        at = time.perf_counter()
        key = keys[number % len(keys)]
        event = Tallied(at=datetime.now(UTC), area_code=AREA, tally_id=key, total=0, what="x" * BODY_BYTES)
        row = outbox_row(uuid4(), key, 0, event)
        version = await pool.fetchval(
            _COUNT, key, row["event_id"], row["aggregate_type"], row["subject"], row["type"], row["data"], event.at
        )
        relay.wake.set()
        if number >= warm:
            began[key, version] = at

    for number in range(int(rate * seconds) + warm):
        await asyncio.sleep(max(0.0, start + number / rate - loop.time()))
        tasks.add(task := asyncio.create_task(write(number)))
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    return began


async def _until(works: Works, began: dict[tuple[UUID, int], float]) -> None:
    async def arrived() -> bool:
        return not began.keys() - works.arrived.keys()

    await _once(arrived, "every fact has its effect")


async def _relay_drain(works: Works, events: int) -> Figure:
    """Let a relay find a full outbox, and publish as many plain messages with nats-py in the same run."""
    connection = await connect(works.source.url)
    rates: list[float] = []
    async with works.broker() as bus:
        await connection.execute(_MANY, events // 20, *_sample(), events)
        async with works.relaying(bus):
            began = time.perf_counter()
            await _once(lambda: connection.fetchval("select not exists (select from outbox)"), "the outbox is empty")
            rates.append(events / (time.perf_counter() - began))
        floor = await _plain(bus, min(events, 20_000))
    await connection.close()
    rate = median(rates)
    return Figure(
        "events.relay_drain", rate, "events/s", f"≥ {DRAIN_GOAL:,} and ≥ {DRAIN_SHARE:g} × floor",
        rate >= DRAIN_GOAL and rate >= DRAIN_SHARE * floor, floor, rate / floor,
        f"{events:,} events of {BODY_BYTES} B in the outbox, until all lie in the archive; every batch synced; "
        "floor: nats-py's publish_async of messages as long, each synced",
    )  # fmt: skip


async def _plain(bus: NatsBus, messages: int) -> float:
    """Publish plainly with nats-py, asynchronously: what a relay could not do without reordering and leaking."""
    body, began = b"x" * BODY_BYTES, time.perf_counter()
    for start in range(0, messages, 500):
        sent = [
            await bus.js.publish_async(f"cw.{AREA}.{SENDER}.plain.sent", body)
            for _ in range(min(500, messages - start))
        ]
        await asyncio.gather(*sent)
    return messages / (time.perf_counter() - began)


async def _rebuild(works: Works, events: int) -> Figure:
    """Lose the whole store and fill a new stream from the log of record."""
    connection = await connect(works.source.url)
    async with works.broker() as bus, works.relaying(bus):
        await _once(lambda: connection.fetchval("select 1 from stream_epoch"), "the relay met the stream")
    await connection.execute(_ARCHIVED, events // 20, *_sample(), events)
    await connection.execute("analyze outbox_sent")
    shutil.rmtree(works.folder / "nats" / "store")
    async with works.broker() as bus:
        began = time.perf_counter()
        async with works.relaying(bus):
            await _once(lambda: connection.fetchval(_FULL), "the stream is filled again")
            took_s = time.perf_counter() - began
            state = await bus.state()
            assert state is not None
            there: set[UUID] = set()
            async for kept in bus.own(SENDER, 1, state.last_seq, bodies=False):
                there |= {one.event_id for one in kept}
    missing = events - len(there)
    await connection.close()
    per_million_s = took_s * 1_000_000 / events
    figure = at_most("events.rebuild", per_million_s, "s a million", REBUILD_GOAL_S, "")
    told = (
        f"{events:,} events of {BODY_BYTES} B took {took_s:.1f} s; {missing} missing in the new stream, read back by id"
    )
    return Figure(
        figure.name, figure.value, figure.unit, figure.goal + ", 0 missing", bool(figure.met) and missing == 0,
        conditions=told,
    )  # fmt: skip


def _sample() -> tuple[str, str, bytes]:
    event = Tallied(at=datetime.now(UTC), area_code=AREA, tally_id=uuid4(), total=1, what="x" * BODY_BYTES)
    row = outbox_row(uuid4(), event.tally_id, 1, event)
    return row["subject"], row["type"], row["data"]


async def _once(holds: Callable[[], Awaitable[object]], what: str) -> None:
    give_up_at = time.perf_counter() + DRAIN_WITHIN_S
    while True:
        if await holds():
            return
        if time.perf_counter() > give_up_at:
            raise BenchBroken(f"{what}: not within {DRAIN_WITHIN_S:.0f} s")
        await asyncio.sleep(0.02)


async def _outbox_cost(works: Works, *, rounds: int, seconds: float) -> Figure:
    """File reports by the volunteer service's own statement, with and without its outbox row, in turns."""
    async with works.source.engine.begin() as tx:
        for table in ("reports", "identities"):
            await tx.run_sync(VolunteerRow.metadata.tables[table].create)
    pool = await works.source.pool()
    bare = SUBMIT[: SUBMIT.index("insert into outbox")] + "select id as key from report"
    rates: dict[str, list[float]] = {SUBMIT: [], bare: []}
    for _ in range(rounds):
        for statement, found in rates.items():
            found.append(await _filed(pool, statement, seconds))
            async with works.source.engine.begin() as tx:
                await tx.execute(text("truncate outbox, reports, identities"))
    ratios = [with_row / without for with_row, without in zip(*rates.values(), strict=True)]
    value, floor = (median(found) for found in rates.values())
    return Figure(
        "events.outbox_cost", value, "reports/s", f"≥ {COST_SHARE:g} × floor", value / floor >= COST_SHARE, floor,
        value / floor, f"{rounds} rounds, ratio {min(ratios):.2f} to {max(ratios):.2f}; the statement that files a "
        "report, 32 at once in groups, against the same without its outbox row",
    )  # fmt: skip


async def _filed(pool: Raw, statement: str, seconds: float) -> float:
    group, done, began = Group(statement), 0, time.perf_counter()
    place = '{"area_code": "990901001001", "address": "12 Mill Lane, gate 3"}'
    data, what = _sample()[2], "The fire exit behind the workshop is blocked with pallets."

    async def file_for_a_while() -> None:
        nonlocal done
        while time.perf_counter() - began < seconds:
            key = uuid4()
            columns = (
                key, AREA, uuid4(), "owner", None, "volunteer", place, None, "fire", what, "[]", False, None,
                datetime.now(UTC), b"s" * 120, 1, uuid4(), "report", f"cw.{AREA}.volunteer.report.submitted",
                "commonwatch.volunteer.report.submitted.v1", "{}", data, False,
            )  # fmt: skip
            await group.write(pool, key, columns)
            done += 1

    await asyncio.gather(*(file_for_a_while() for _ in range(4 * WRITERS)))
    return done / (time.perf_counter() - began)
