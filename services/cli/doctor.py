"""`commonwatch doctor`: finds what is wrong and says what to do; without it the operator at 3 a.m. would guess."""

import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from services.cli.parts import SERVICES
from services.cli.up import RUN_FILE
from shared.broker import ADVISORY_STREAM, OUTSIDE_STREAM, STREAM
from shared.bus.streams import stream_names
from shared.embedded.faults import Misconfigured
from shared.embedded.keys import Keyring
from shared.profile import BadProfile, load
from shared.raw import DatabaseFault, Raw, connect
from shared.settings import ROOT

LOW_DISK_BYTES = 1024**3
OLD_S = 60
_OLDEST = "select coalesce(extract(epoch from now() - min(occurred_at)), 0) from outbox"
_STUCK = """
select count(*) filter (where state = 'open') as open, count(*) filter (where state = 'waiting') as waiting
from dead_letter
"""

_LATE = """
select count(*) filter (where next_at < now() - interval '1 minute') as late,
    count(*) filter (where tries > 0) as put_off
from deadlines where state = 'open' and (next_at < now() - interval '1 minute' or tries > 0)
"""

Finding = tuple[str, str | None]
"""What was looked at, and what to do about it (None: nothing)."""


async def examine(var: Path, console: Console) -> bool:
    """Print every finding; tell whether all is well."""
    well = True
    async for what, remedy in _findings(var):
        well = well and remedy is None
        console.print(
            f"  [green]ok[/]     {what}" if remedy is None else f"  [red]fault[/]  {what}\n         → {remedy}"
        )
    console.print("all is well" if well else "something needs a hand")
    return well


async def _findings(var: Path) -> AsyncIterator[Finding]:
    yield _disk(var)
    for finding in _keys(var):
        yield finding
    place = _place(var)
    yield _profile(place["profile"] if place else "cn")
    if place is None:
        yield "the platform is not running", "Start it with `commonwatch up`, then ask the doctor again."
        return
    async for finding in _services(place):
        yield finding
    for name in SERVICES:
        yield await _database(var, place, name)
    yield await _clocks(var, place)
    yield await _streams(var, place)


def _disk(var: Path) -> Finding:
    existing = next(folder for folder in (var, *var.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    said = f"{free / 1024**3:.1f} GiB free for {var}"
    return said, None if free > LOW_DISK_BYTES else "Free some space: PostgreSQL stops when the disk is full."


def _profile(name: str) -> Finding:
    try:
        profile = load(name, Path(os.environ.get("COMMONWATCH_PROFILES_DIR", ROOT / "profiles")))
    except BadProfile as bad:
        kept = "services that run keep the rules they had"
        return f"profile {name} cannot be used; {kept}", f"`commonwatch profile check {name}`: {bad}"
    return f"profile {profile.name}: {len(profile.rules)} rules", None


def _keys(var: Path) -> list[Finding]:
    if not (var / "keys").is_dir():
        return [("no keys yet", None)]
    keys = Keyring(var)
    try:
        keys.signing_key()
        keys.vault_key()
        keys.factor_key()
        keys.operator_secret()
        for name in SERVICES:
            keys.nats_seed(name)
            keys.database_password(name)
    except Misconfigured as fault:
        return [("keys", str(fault))]
    return [("keys are whole and closed to others", None)]


def _place(var: Path) -> dict[str, Any] | None:
    try:
        place: dict[str, Any] = json.loads((var / RUN_FILE).read_text())
        os.kill(place["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return place


async def _services(place: dict[str, Any]) -> AsyncIterator[Finding]:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        for name, url in place["services"].items():
            try:
                answer = await client.get(f"{url}/health/ready")
            except httpx.HTTPError:
                yield f"{name} does not answer at {url}", "Stop the platform and start it again; see its output."
                continue
            for finding in readiness(name, answer.json(), place["profile"]):
                yield finding


def readiness(name: str, checks: Mapping[str, bool], profile: str) -> Iterator[Finding]:
    """Read what a service says of itself. Old rules are no reason to close its door, but to mend its profile."""
    away = [what for what, fine in checks.items() if not fine and what != "rules"]
    yield f"{name}: {'ready' if not away else ', '.join(away) + ' away'}", _remedy(away)
    if not checks.get("rules", True):
        mend = f"Mend what `commonwatch profile check {profile}` names; it is read again by itself."
        yield f"{name} keeps the rules it had: its profile's files cannot be used", mend


def _remedy(away: list[str]) -> str | None:
    if not away:
        return None
    return f"See the server's log: var/{'postgres' if 'database' in away else 'nats'}/server.log."


async def _database(var: Path, place: dict[str, Any], name: str) -> Finding:
    try:
        connection = await connect(place["databases"][name], password=Keyring(var).database_password(name), timeout_s=5)
    except DatabaseFault as away:
        return f"database of {name}: {type(away).__name__}", "See var/postgres/server.log."
    try:
        version = await connection.fetchval("select version_num from alembic_version")
        unsent = await connection.fetchval("select count(*) from outbox")
        age_s = await connection.fetchval(_OLDEST)
        stuck = await connection.fetchrow(_STUCK)
    except DatabaseFault as broken:
        return f"database of {name}: {broken}", f"Run `commonwatch migrate {name}`."
    finally:
        await connection.close()
    assert stuck is not None, "counts are always one row"
    letters = f"{stuck['open']} letters open, {stuck['waiting']} waiting"
    said = f"database of {name}: version {version}, {unsent} events to send, {letters}"
    if stuck["open"]:
        return said, f"`commonwatch deadletters list --service {name}` names each cause; replay or discard each."
    if stuck["waiting"]:
        return said, "Earlier versions are missing; they are asked for again by themselves. `commonwatch events verify`"
    if age_s > OLD_S:
        return said, "The oldest event waits for more than a minute: is NATS reachable? See var/nats/server.log."
    return said, None


async def _clocks(var: Path, place: dict[str, Any]) -> Finding:
    password = Keyring(var).database_password("inspection")
    try:
        connection = await connect(place["databases"]["inspection"], password=password, timeout_s=5)
    except DatabaseFault as away:
        return f"deadlines: {type(away).__name__}", "See var/postgres/server.log."
    try:
        return await clocks(connection)
    except DatabaseFault as broken:
        return f"deadlines: {broken}", "Run `commonwatch migrate inspection`."
    finally:
        await connection.close()


async def clocks(inspection: Raw) -> Finding:
    """Tell of rungs that should have been fired a minute ago, and of those that cannot be fired."""
    row = await inspection.fetchrow(_LATE)
    assert row is not None, "counts are always one row"
    said = f"deadlines: {row['late']} late, {row['put_off']} put off"
    if row["put_off"]:
        return (
            said,
            "Some rung fails each time; the log of inspection names the deadline, the error and where it arose.",
        )
    return said, "Is inspection running, and is its clock right? It catches up by itself." if row["late"] else None


async def _streams(var: Path, place: dict[str, Any]) -> Finding:
    try:
        found = await stream_names(place["nats"], Keyring(var).nats_seed())
    except (OSError, TimeoutError) as away:
        return f"NATS: {away!r}", "See var/nats/server.log."
    missing = sorted({STREAM, OUTSIDE_STREAM, ADVISORY_STREAM} - set(found))
    said = f"streams: {', '.join(found)}"
    return said, f"Missing {', '.join(missing)}: run `commonwatch streams`." if missing else None
