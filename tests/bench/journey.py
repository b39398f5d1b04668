"""How long a report travels until its effect is committed; without it the platform could be busy and yet late.

Reports arrive at a fixed rate whether or not earlier ones were answered. The clock starts when a request is due, and
stops at the commit time that PostgreSQL keeps for the row that the report caused in another service.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from figures import BenchBroken, Figure, at_most, percentile
from load import Plan
from stage import database, loaded

from demo.county.areas import areas
from shared.raw import connect

JOURNEYS = ("report_to_docket", "report_to_notice")
DOCKET_RATE, NOTICE_RATE = 200, 100
DOCKET_P50_MS, DOCKET_P99_MS, NOTICE_P99_MS = 15, 60, 200
CONNECTIONS = 64
WARM_RATE, WARM_S = 30, 2.0
"""Sent first and not measured: each process must once have compiled its statements."""
VOLUNTEER = "volunteer-1"
ARRIVED_WITHIN_S = 30.0
MAIL_WITHIN_S = 20.0
LOOK_EVERY_S = 0.1

_ENTRIES = """
select claim_id, id, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 as committed
from docket_entries where claim_id = any($1)
"""
_NOTICES = """
select about_id, min(extract(epoch from pg_xact_commit_timestamp(xmin)))::float8 as committed
from notifications where about_id = any($1) group by about_id
"""
_MAIL_PENDING = "select exists (select from deliveries where state = 'pending')"


async def journeys(place: Mapping[str, Any], wanted: set[str], *, quick: bool) -> AsyncGenerator[Figure]:
    """Send reports of one volunteer at a fixed rate; the median of the runs counts.

    The docket is timed twice: from the volunteer service, and from the gateway before it.
    """
    runs, measure_s = (1, 3.0) if quick else (3, 6.0)
    token = await _sign_in(place)
    door = Door("the gateway", place["gateway"], "/api/v1/reports/")
    service = Door("the volunteer service", place["services"]["volunteer"], "/reports/")
    await _run(place, token, door, WARM_RATE, WARM_S, to_notice=True)
    if "report_to_docket" in wanted:
        for name, entered in (("report_to_docket", service), ("report_to_docket.gateway", door)):
            times = [await _run(place, token, entered, DOCKET_RATE, measure_s, to_notice=False) for _ in range(runs)]
            p50, p99 = (median(percentile(run, share) for run in times) for share in (0.5, 0.99))
            said = _conditions(times, entered, DOCKET_RATE, measure_s)
            yield at_most(f"{name} p50", p50, "ms", DOCKET_P50_MS, said)
            yield at_most(f"{name} p99", p99, "ms", DOCKET_P99_MS, said)
    if "report_to_notice" in wanted:
        times = [await _run(place, token, door, NOTICE_RATE, measure_s, to_notice=True) for _ in range(runs)]
        p99 = median(percentile(run, 0.99) for run in times)
        said = _conditions(times, door, NOTICE_RATE, measure_s)
        yield at_most("report_to_notice p99", p99, "ms", NOTICE_P99_MS, said)


@dataclass(frozen=True, slots=True)
class Door:
    """Where the reports are sent."""

    name: str
    url: str
    path: str


async def _run(
    place: Mapping[str, Any], token: str, door: Door, rate: int, measure_s: float, *, to_notice: bool
) -> list[float]:
    """Give the milliseconds that each report of one run took, once the platform is at rest again."""
    port = urlsplit(door.url).port
    assert port is not None
    plan = Plan(port, door.path, _body(), [token], measure_s, connections=CONNECTIONS, rate=rate)
    outcome = await loaded(plan)
    started = {UUID(key): at for key, at in outcome.started.items()}
    entries = await _committed(place, "cw_inspection", _ENTRIES, "claim_id", list(started))
    began = {row["id"]: started[key] for key, row in entries.items()}
    notices = await _committed(place, "cw_notify", _NOTICES, "about_id", list(began))
    await _mail_sent(place)
    if to_notice:
        return [(row["committed"] - began[key]) * 1000 for key, row in notices.items()]
    return [(row["committed"] - started[key]) * 1000 for key, row in entries.items()]


async def _mail_sent(place: Mapping[str, Any]) -> None:
    """Let the mails of a run go out, so that they do not burden the next."""
    connection = await connect(database(place, "cw_notify"))
    try:
        until = time.monotonic() + MAIL_WITHIN_S
        while await connection.fetchval(_MAIL_PENDING) and time.monotonic() < until:  # noqa: ASYNC110 — another process sends
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await connection.close()


async def _committed(
    place: Mapping[str, Any], name: str, query: str, key: str, wanted: list[UUID]
) -> dict[UUID, Mapping[str, Any]]:
    """Wait until every report's row is there, then give the rows by `key`."""
    connection = await connect(database(place, name))
    try:
        until = time.monotonic() + ARRIVED_WITHIN_S
        while len(rows := await connection.fetch(query, wanted)) < len(wanted):
            if time.monotonic() > until:
                raise BenchBroken(f"of {len(wanted)} reports {len(rows)} arrived in {name} in {ARRIVED_WITHIN_S:.0f} s")
            await asyncio.sleep(LOOK_EVERY_S)
        return {row[key]: row for row in rows}
    finally:
        await connection.close()


async def _sign_in(place: Mapping[str, Any]) -> str:
    password = _password(Path(place["sign_ins"]))
    async with httpx.AsyncClient(base_url=place["gateway"], trust_env=False) as client:
        answer = await client.post("/api/v1/session", json={"login": VOLUNTEER, "password": password})
    if not answer.is_success:
        raise BenchBroken(f"{VOLUNTEER} could not sign in: {answer.status_code} {answer.text}")
    token: str = answer.json()["access_token"]
    return token


def _password(sign_ins: Path) -> str:
    password: str = json.loads(sign_ins.read_text("utf-8"))["accounts"][VOLUNTEER]["password"]
    return password


def _body() -> str:
    """Report a fire hazard, for which the demo county's fire brigade keeps a duty desk."""
    return json.dumps(
        {
            "place": {"area_code": areas()[-1]["code"], "address": "12 Mill Lane", "lon": 165.01, "lat": 30.01},
            "category": "fire",
            "what": "The fire exit behind the workshop is blocked with pallets, and the door is chained.",
        }
    )


def _conditions(times: list[list[float]], door: Door, rate: int, measure_s: float) -> str:
    worst = max(max(run) for run in times)
    return (
        f"{rate}/s open loop to {door.name}, everything running, a process per service, median of {len(times)} runs of "
        f"{measure_s:.0f} s, {sum(map(len, times))} reports, slowest {worst:.0f} ms"
    )
