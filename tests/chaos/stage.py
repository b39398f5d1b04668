"""The platform as production runs it, with a wire on every line to its servers; without it no network could fail.

Servers, keys and rights are those of `commonwatch up`. Only who starts the processes differs: this test does, so that
each is told to reach PostgreSQL and NATS by wires of its own, and so that one service can have a second process.
"""

import asyncio
import os
import random
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chaos.live import Live
from chaos.wire import HOST, Wire, wire

from services.cli.installation import Installation, Wanted, installed
from services.cli.parts import SERVICES, build
from services.cli.up import prepare
from shared.embedded.process import leashed
from shared.settings import ROOT

STANDBY = "volunteer's standby"
PROCESSES = {**{name: name for name in SERVICES}, STANDBY: "volunteer"}
"""Name of a process → its service. The standby's relay waits for the other's lock; both consume."""
COUNTY = "990101"
PORTS = range(20_000, 32_000)
AGAIN_S = 0.3
STOP_S = 10.0


@asynccontextmanager
async def staged(var: Path) -> AsyncIterator[Live]:
    """Run everything until the block ends; its log stands beside `var`."""
    log = var.with_name(f"{var.name}.log")
    async with AsyncExitStack() as stack:
        try:
            out = stack.enter_context(log.open("a", encoding="utf-8"))
            told = partial(print, file=out, flush=True)
            installation = await stack.enter_async_context(installed(Wanted(var, gateway_port=0), told))
            ports = dict(zip(PROCESSES, free_ports(len(PROCESSES)), strict=True))
            settings = {name: installation.settings(name, _services(ports), COUNTY) for name in SERVICES}
            settings["gateway"]["second_factor_required"] = False  # its people sign in as programs, from nothing
            await prepare([build(name, settings[name]) for name in SERVICES], installation)
            wires: dict[tuple[str, str], Wire] = {}
            for name, service in PROCESSES.items():
                own = {"nats": _nats(installation), "postgres": _postgres(installation.database_urls[service])}
                for server, reach in own.items():
                    wires[name, server] = await stack.enter_async_context(wire(reach))
                told_of = {
                    **settings[service],
                    "nats_url": f"nats://{HOST}:{wires[name, 'nats'].port}",
                    "database_url": _by_wire(installation.database_urls[service], wires[name, "postgres"].port),
                }
                keeper = asyncio.create_task(_kept_alive(service, ports[name], environment(told_of), out.fileno()))
                stack.push_async_callback(_ended, keeper)
            live = Live(os.getpid(), var, _place(installation, ports), wires, settings)
            await live.ready()
        except BaseException as failed:
            failed.add_note("\n".join(log.read_text("utf-8", "replace").splitlines()[-40:]))
            raise
        yield live


def free_ports(number: int) -> list[int]:
    """Choose ports below those that the system lends: a service must find its own again after each death."""
    chosen: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            chosen.append(port)
        if len(chosen) == number:
            return chosen
    raise AssertionError("no ports are free")


def environment(settings: Mapping[str, Any]) -> dict[str, str]:
    return {f"COMMONWATCH_{name.upper()}": str(value) for name, value in settings.items() if value is not None}


def _services(ports: Mapping[str, int]) -> dict[str, int]:
    """Lead requests to the standby: what strikes the relay that is active first then does not keep people waiting."""
    return {**{name: ports[name] for name in SERVICES}, "volunteer": ports[STANDBY]}


def _nats(installation: Installation) -> partial[Any]:
    server = urlsplit(installation.nats_url)
    return partial(asyncio.open_connection, server.hostname, server.port)


def _postgres(url: str) -> partial[Any]:
    where = parse_qs(urlsplit(url).query)
    return partial(asyncio.open_unix_connection, f"{where['host'][0]}/.s.PGSQL.{where['port'][0]}")


def _by_wire(url: str, port: int) -> str:
    return re.sub(r"@(/[^?]*).*", rf"@{HOST}:{port}\1", url)


def _place(installation: Installation, ports: Mapping[str, int]) -> dict[str, Any]:
    """Say where everything is, as `run.json` does."""
    return {
        "gateway": f"http://{HOST}:{ports['gateway']}",
        "services": {name: f"http://{HOST}:{port}" for name, port in ports.items()},
        "nats": installation.nats_url,
        "databases": {name: re.sub(r":[^:@/]+@", "@", url) for name, url in installation.database_urls.items()},
    }


async def _kept_alive(service: str, port: int, told: Mapping[str, str], out: int) -> None:
    """Run a service's process for ever; when cancelled, end it and wait until it is gone."""
    command = leashed([sys.executable, "-m", "services.cli", "serve", service, "--port", str(port)], signal.SIGKILL)
    while True:
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **told}, cwd=ROOT, stdout=out, stderr=out, start_new_session=True
        )
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(process.wait()), STOP_S)
            if process.returncode is None:
                process.kill()
                await asyncio.shield(process.wait())
        await asyncio.sleep(AGAIN_S)


async def _ended(keeper: "asyncio.Task[None]") -> None:
    keeper.cancel()
    with suppress(asyncio.CancelledError):
        await keeper
