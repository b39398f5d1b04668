"""A whole platform in processes of its own, seen as its operator sees it; without it faults could only be pretended."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psutil
from chaos.wire import Wire
from nats.errors import Error as NatsError

from services.cli.parts import SERVICES
from shared.broker import STREAM, Incoming, decode_headers
from shared.bus import NatsBus
from shared.embedded.cluster import SUPERUSER
from shared.embedded.keys import Keyring
from shared.raw import DatabaseFault, Record, connect
from shared.settings import ROOT

START_WITHIN_S = 60.0
STOP_WITHIN_S = 30.0
REST_WITHIN_S = 60.0
LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Live:
    """A platform that runs: who its processes are and how its operator reaches what it keeps."""

    pid: int
    """Whose children the processes are."""
    var: Path
    place: dict[str, Any]
    wires: Mapping[tuple[str, str], Wire] = field(default_factory=dict[tuple[str, str], Wire])
    """By process and server, where the lines can be cut."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    @property
    def keys(self) -> Keyring:
        return Keyring(self.var)

    @property
    def log(self) -> Path:
        return self.var.with_name(f"{self.var.name}.log")

    def processes(self, name: str) -> list[psutil.Process]:
        """Give the processes of a service or a server that run at this moment, oldest first."""
        sockets = parse_qs(urlsplit(self.place["databases"]["registry"]).query)["host"][0]
        marks = {"nats": str(self.var.resolve() / "nats" / "nats.json"), "postgres": f'"{sockets}"'}
        found: list[tuple[float, psutil.Process]] = []
        for child in psutil.Process(self.pid).children():
            try:
                words = child.cmdline()
                ours = marks[name] in " ".join(words) if name in marks else {"serve", name} <= {*words}
                if ours:
                    found.append((child.create_time(), child))
            except psutil.Error:
                continue
        return [child for _, child in sorted(found, key=lambda pair: pair[0])]

    def find(self, name: str) -> psutil.Process | None:
        """Give the process of a service or a server; of two, the elder."""
        return next(iter(self.processes(name)), None)

    def send(self, name: str, number: signal.Signals) -> bool:
        """Signal a process of this platform; False when it is not there."""
        found = self.find(name)
        if found is None:
            return False
        try:
            found.send_signal(number)
        except psutil.NoSuchProcess:
            return False
        return True

    async def rows(self, service: str, query: str, *values: object) -> list[Record]:
        """Ask a service's database, as its own role."""
        password = self.keys.database_password(service)
        connection = await connect(self.place["databases"][service], password=password)
        try:
            return await connection.fetch(query, *values)
        finally:
            await connection.close()

    def database(self, name: str) -> str:
        """Reach a database as the system user that started the server."""
        return f"postgresql://{SUPERUSER}@/{name}?{urlsplit(self.place['databases']['registry']).query}"

    @asynccontextmanager
    async def bus(self) -> AsyncIterator[NatsBus]:
        bus = await NatsBus.connect(self.place["nats"], name="platform", seed=self.keys.nats_seed())
        try:
            yield bus
        finally:
            await bus.close()

    async def stream(self) -> list[Incoming]:
        """Read every event that the broker holds, in its order."""
        held: list[Incoming] = []
        async with self.bus() as bus:
            last = (await bus.js.stream_info(STREAM)).state.last_seq
            reader = await bus.js.subscribe("cw.>", stream=STREAM, ordered_consumer=True)
            while not held or held[-1].stream_seq < last:
                told = await reader.next_msg(timeout=REST_WITHIN_S)
                place = told.metadata.sequence.stream
                headers = decode_headers(told.headers or {})
                held.append(Incoming(told.subject, headers, told.data, place, 1, _nothing, _nothing, _nothing))
            await reader.unsubscribe()
        return held

    async def ready(self, *, broker: bool = True) -> None:
        """Wait until every service answers, and says of the broker that it is there or that it is not."""

        async with httpx.AsyncClient(trust_env=False, verify=False) as client:

            async def all_say_so() -> bool:
                try:
                    answers = [await client.get(f"{url}/health/ready") for url in self.place["services"].values()]
                except httpx.HTTPError:
                    return False
                return all(answer.json() == {"database": True, "rules": True, "broker": broker} for answer in answers)

            await until(all_say_so, f"all services are ready {'with' if broker else 'without'} their broker")

    async def rest(self, within_s: float = REST_WITHIN_S) -> None:
        """Wait until every service is ready and every fact was sent, heard and acknowledged."""
        await self.ready()
        async with self.bus() as bus:

            async def at_rest() -> bool:
                if any([await self.rows(service, "select 1 from outbox limit 1") for service in SERVICES]):
                    return False
                consumers = await bus.js.consumers_info(STREAM)
                return not any(one.num_pending or one.num_ack_pending for one in consumers if one.name in SERVICES)

            async def twice() -> bool:
                """What a consumer did just now may have left a new fact."""
                return await at_rest() and await at_rest()

            await until(twice, "everything flowed", within_s)


async def until(holds: Callable[[], Awaitable[bool]], what: str, within_s: float = START_WITHIN_S) -> None:
    """Look again and again until it holds; a fault of a part that is being started again is no answer."""
    give_up_at = time.monotonic() + within_s
    while True:
        try:
            if await holds():
                return
        except (*DatabaseFault, NatsError) as away:
            last: object = away
        else:
            last = "not yet"
        assert time.monotonic() < give_up_at, f"{what}: not within {within_s:.0f} s ({last})"
        await asyncio.sleep(LOOK_EVERY_S)


async def _nothing(_: object = None) -> None:
    """End a message that was only read."""


@asynccontextmanager
async def platform(var: Path, *options: str) -> AsyncIterator[Live]:
    """Run `commonwatch up` on free ports until the block ends; its log stands beside `var`."""
    log = var.with_name(f"{var.name}.log")
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.cli", "up", "--var", str(var), "--gateway-port", "0", *options),
            cwd=ROOT,
            # Its people sign in as programs, from nothing: nobody there holds an app to set up.
            env={**os.environ, "COMMONWATCH_SECOND_FACTOR_REQUIRED": "false"},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield Live(process.pid, var, await _place(process, var, log))
    except BaseException as failed:
        failed.add_note("\n".join(log.read_text("utf-8", "replace").splitlines()[-40:]))
        raise
    finally:
        await _stop(process)


async def _place(process: asyncio.subprocess.Process, var: Path, log: Path) -> dict[str, Any]:
    place: dict[str, Any] = {}

    async def told() -> bool:
        assert process.returncode is None, f"it did not start; {log} says why"
        if (var / "run.json").exists():
            place.update(json.loads((var / "run.json").read_text("utf-8")))
        return place.get("pid") == process.pid

    await until(told, "the platform is ready")
    return place


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    family = [*_family(process.pid)]
    for member in family:
        if member.is_running() and member.status() == psutil.STATUS_STOPPED:
            member.resume()
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    _, alive = await asyncio.to_thread(psutil.wait_procs, family, timeout=5)
    assert alive == [], "nobody stays behind"


def _family(pid: int) -> Iterator[psutil.Process]:
    parent = psutil.Process(pid)
    yield parent
    yield from parent.children(recursive=True)


async def killed(live: Live) -> None:
    """End the platform as a power cut does, and see that nothing of it goes on."""
    parent, *family = _family(live.pid)
    parent.kill()

    async def gone() -> bool:
        return not parent.is_running()

    await until(gone, "the platform is gone")
    _, alive = await asyncio.to_thread(psutil.wait_procs, family, timeout=10)
    assert alive == [], "whatever it started ends with it"
