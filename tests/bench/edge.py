"""What the gateway adds to a request, beside the service alone; without it nobody would see the door grow heavy."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

import httpx
from figures import BenchBroken, Figure, against_floor, at_most
from intake import BODY
from load import Outcome, Plan
from stage import loaded, staged

from shared.embedded.files import temporary_directory

NAMES = ("edge.overhead", "edge.throughput")
ADDED_MS = 3.0
SHARE = 0.35
RATE = 100.0
CONNECTIONS = 32
CREATED = 201


async def edge(wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Take the service alone and behind the gateway in turns, so that what else the machine does meets both."""
    rounds, measure_s = (1, 2.0) if quick else (3, 4.0)
    with temporary_directory() as folder:
        async with AsyncExitStack() as stack:
            stage = await stack.enter_async_context(staged(folder))
            ports = await stack.enter_async_context(
                stage.services("volunteer", "gateway", requests_per_minute=10_000_000)
            )
            [token] = stage.volunteer_tokens(1, datetime.now(UTC))
            path = await _report(ports["volunteer"], token)
            targets = {"direct": (ports["volunteer"], path), "gateway": (ports["gateway"], f"/api/v1{path}")}
            plans = {
                name: Plan(port, where, "", [token], measure_s, expect=200, method="GET", connections=CONNECTIONS)
                for name, (port, where) in targets.items()
            }
            if "edge.overhead" in wanted:
                yield await _overhead(plans, rounds)
            if "edge.throughput" in wanted:
                yield await _throughput(plans, rounds)


async def _overhead(plans: dict[str, Plan], rounds: int) -> Figure:
    """At a rate that neither side minds, the median of one minus that of the other is what the gateway adds."""
    heard: dict[str, list[Outcome]] = {name: [] for name in plans}
    for _ in range(rounds):
        for name, plan in plans.items():
            heard[name].append(await loaded(_at(plan, RATE)))
    p50 = {name: median([median(one.latencies_ms) for one in outcomes]) for name, outcomes in heard.items()}
    said = f"GET of an own report, signed in, at {RATE:.0f}/s; p50 alone {p50['direct']:.2f} ms"
    return at_most("edge.overhead", p50["gateway"] - p50["direct"], "ms", ADDED_MS, said)


async def _throughput(plans: dict[str, Plan], rounds: int) -> Figure:
    rates: dict[str, list[float]] = {name: [] for name in plans}
    for _ in range(rounds):
        for name, plan in plans.items():
            outcome = await loaded(plan)
            rates[name].append(outcome.answered / outcome.elapsed_s)
    said = f"GET of an own report, signed in, {CONNECTIONS} connections; the floor is the service without the gateway"
    return against_floor("edge.throughput", rates["gateway"], rates["direct"], SHARE, said)


async def _report(port: int, token: str) -> str:
    """File the report that is read."""
    path = f"/reports/{uuid4()}"
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.put(f"http://127.0.0.1:{port}{path}", content=BODY, headers=headers)
    if answer.status_code != CREATED:
        raise BenchBroken(f"a report could not be filed: {answer.text}")
    return path


def _at(plan: Plan, rate: float) -> Plan:
    return Plan(plan.port, plan.path, "", plan.tokens, plan.measure_s, rate=rate, expect=200, method="GET")
