"""How many durable reports a second, beside the floor; without the floor a figure would only describe the machine."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from statistics import median

import nats
from figures import BenchBroken, Figure, against_floor
from load import Plan
from stage import Stage, loaded, staged

from shared.embedded.files import temporary_directory
from shared.raw import connect

NAMES = ("floor.http", "floor.nats", "intake.direct", "intake.gateway")
DIRECT_SHARE = 0.6
GATEWAY_SHARE = 0.3
VOLUNTEERS = 64
CONNECTIONS = 32
NATS_MESSAGES = 3000
NATS_WINDOW = 500
NATS_WITHIN_S = 20.0
DRAINED_WITHIN_S = 30.0
BODY = json.dumps(
    {
        "place": {"area_code": "990901001001", "address": "12 Mill Lane, gate 3", "lon": 110.0312, "lat": 40.6571},
        "category": "fire",
        "what": "The fire exit behind the workshop is blocked with pallets, and the door is chained during the shift.",
    }
)


async def intake(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Take floor, direct and gateway in turns, so that what else the machine does meets all of them."""
    rounds, measure_s = (1, 2.0) if quick else (3, 4.0)
    with temporary_directory() as folder:
        async with AsyncExitStack() as stack:
            stage = await stack.enter_async_context(staged(folder))
            if "floor.nats" in wanted:
                yield await _floor_of_nats(stage)
            subjects = wanted & {"intake.direct", "intake.gateway"}
            if not subjects | wanted & {"floor.http"}:
                return
            floor_port = await stack.enter_async_context(stage.floor())
            ports = await stack.enter_async_context(stage.services("volunteer", "gateway")) if subjects else {}
            tokens = stage.volunteer_tokens(VOLUNTEERS, datetime.now(UTC))
            targets = {"floor.http": (floor_port, "/reports/")}
            if "intake.direct" in wanted:
                targets["intake.direct"] = (ports["volunteer"], "/reports/")
            if "intake.gateway" in wanted:
                targets["intake.gateway"] = (ports["gateway"], "/api/v1/reports/")
            rates: dict[str, list[float]] = {name: [] for name in targets}
            said: dict[str, str] = {}
            for _ in range(rounds):
                for name, (port, path) in targets.items():
                    plan = Plan(port, path, BODY, tokens, measure_s, connections=CONNECTIONS)
                    outcome = await loaded(plan)
                    rates[name].append(outcome.answered / outcome.elapsed_s)
                    said[name] = (
                        f"{CONNECTIONS} connections, p50 {median(outcome.latencies_ms):.1f} ms, load generator "
                        f"{outcome.client_cpu_s / (plan.warm_s + measure_s):.0%} of a core"
                    )
                    if name != "floor.http":
                        said[name] += f", {await _drained(stage)} events left to relay at the end"
    floors = rates["floor.http"]
    yield Figure("floor.http", median(floors), "requests/s", conditions=f"{rounds} rounds; {said['floor.http']}")
    for name, share in (("intake.direct", DIRECT_SHARE), ("intake.gateway", GATEWAY_SHARE)):
        if name in rates:
            yield against_floor(name, rates[name], floors, share, said[name])


async def _drained(stage: Stage) -> int:
    """Let the relay finish, so that it does not eat into the next round; tell how much it had left to do."""
    connection = await connect(stage.server.url("volunteer"))
    try:
        left: int = await connection.fetchval("select count(*) from outbox")
        until = time.monotonic() + DRAINED_WITHIN_S
        while await connection.fetchval("select exists (select from outbox)"):
            if time.monotonic() > until:
                raise BenchBroken("the relay did not drain the outbox")
            await asyncio.sleep(0.1)
        return left
    finally:
        await connection.close()


async def _floor_of_nats(stage: Stage) -> Figure:
    """Plain nats-py, every message on disk before its acknowledgement."""
    seed = stage.installation.keys.nats_seed()
    client = await nats.connect(stage.installation.nats_url, nkeys_seed_str=seed)
    try:
        js = client.jetstream(publish_async_max_pending=NATS_WINDOW)
        # Subjects that no service uses and the platform's own user may publish.
        await js.add_stream(name="FLOOR", subjects=["poke.floor"])
        began = time.perf_counter()
        async with asyncio.timeout(NATS_WITHIN_S):
            await asyncio.gather(*[await js.publish_async("poke.floor", BODY.encode()) for _ in range(NATS_MESSAGES)])
        took_s = time.perf_counter() - began
        await js.delete_stream("FLOOR")
    finally:
        await client.close()
    said = f"{NATS_MESSAGES} messages, publish_async, window {NATS_WINDOW}, sync_interval always, one fsync each"
    return Figure("floor.nats", NATS_MESSAGES / took_s, "messages/s", conditions=said)
