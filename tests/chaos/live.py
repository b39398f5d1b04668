"""A whole platform in processes of its own, seen as its operator sees it; without it faults could only be pretended."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from services.cli.parts import SERVICES
from shared.broker import STREAM, Incoming
from shared.bus import NatsBus
from shared.bus.streams import Durable, lay_streams
from shared.embedded.keys import Keyring
from shared.raw import DatabaseFault, Record, connect
from shared.settings import ROOT

START_WITHIN_S = 60.0
STOP_WITHIN_S = 30.0
REST_WITHIN_S = 60.0
LOOK_EVERY_S = 0.1
SERVERS = {"nats": "nats-server", "postgres": "postgres"}


@dataclass(frozen=True)
class Live:
    """A platform that runs: who its processes are and how its operator reaches what it keeps."""

    process: asyncio.subprocess.Process
    place: dict[str, Any]
    keys: Keyring
    log: Path

    def find(self, name: str) -> psutil.Process | None:
        """Give the process of a service or a server, if it runs at this moment."""
        for child in psutil.Process(self.process.pid).children():
            try:
                words = child.cmdline()
                if words and (child.name() == SERVERS.get(name) or ("serve" in words and name in words)):
                    return child
            except psutil.Error:
                continue
        return None

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

    @asynccontextmanager
    async def bus(self) -> AsyncIterator[NatsBus]:
        bus = await NatsBus.connect(self.place["nats"], name="platform", seed=self.keys.nats_seed())
        try:
            yield bus
        finally:
            await bus.close()

    async def stream(self) -> list[Incoming]:
        """Read every event that the broker holds, in its order."""
        reader = Durable(f"reader-{uuid4().hex[:8]}", ["cw.>"])
        await lay_streams(self.place["nats"], self.keys.nats_seed(), [reader])
        held: list[Incoming] = []
        async with self.bus() as bus, asyncio.timeout(REST_WITHIN_S):
            last = (await bus.js.stream_info(STREAM)).state.last_seq
            async with aclosing(bus.batches(reader.name)) as batches:
                while not held or held[-1].stream_seq < last:
                    for message in await anext(batches):
                        await message.ack()
                        held.append(message)
        return held

    async def ready(self, *, broker: bool = True) -> None:
        """Wait until every service answers, and says of the broker that it is there or that it is not."""

        async def all_say_so() -> bool:
            async with httpx.AsyncClient(trust_env=False) as client:
                try:
                    answers = [await client.get(f"{url}/health/ready") for url in self.place["services"].values()]
                except httpx.HTTPError:
                    return False
            return all(answer.json() == {"database": True, "broker": broker} for answer in answers)

        await until(all_say_so, f"all services are ready {'with' if broker else 'without'} their broker")

    async def rest(self) -> None:
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

            await until(twice, "everything flowed", REST_WITHIN_S)


async def until(holds: Callable[[], Awaitable[bool]], what: str, within_s: float = START_WITHIN_S) -> None:
    """Look again and again until it holds; a fault of a part that is being started again is no answer."""
    give_up_at = time.monotonic() + within_s
    while True:
        try:
            if await holds():
                return
        except DatabaseFault as away:
            last: object = away
        else:
            last = "not yet"
        assert time.monotonic() < give_up_at, f"{what}: not within {within_s:.0f} s ({last})"
        await asyncio.sleep(LOOK_EVERY_S)


@asynccontextmanager
async def platform(var: Path, *options: str) -> AsyncIterator[Live]:
    """Run `commonwatch up` on free ports until the block ends; its log stands beside `var`."""
    log = var.with_name(f"{var.name}.log")
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.cli", "up", "--var", str(var), "--gateway-port", "0", *options),
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield Live(process, await _place(process, var, log), Keyring(var), log)
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
    family = [*_family(live.process.pid)]
    os.kill(live.process.pid, signal.SIGKILL)
    await live.process.wait()
    _, alive = await asyncio.to_thread(psutil.wait_procs, family, timeout=10)
    assert alive == [], "whatever it started ends with it"
