"""`commonwatch up`: the whole platform on one machine, from nothing to ready, and cleanly down again."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from services.cli.installation import Installation, Wanted, installed
from services.cli.parts import PORTS, SERVICES, Part, build
from services.cli.server import listen, port_of, serving, settle_memory, until_told_to_stop
from shared.bus.streams import Durable, lay_streams
from shared.embedded.faults import Misconfigured
from shared.embedded.files import write_private
from shared.embedded.instance import instance_lock
from shared.embedded.process import leashed
from shared.migrate import upgrade
from shared.settings import ROOT

READY_S = 60.0
STOP_S = 15.0
RESTART_S = 0.5
RUN_FILE = "run.json"


async def up(wanted: Wanted, *, processes: bool, console: Console) -> None:
    """Run until told to stop. Raises `Misconfigured` with a sentence for every fault an operator can mend."""
    began = time.perf_counter()
    with instance_lock(wanted.var), console.status("starting") as status:
        run_file = wanted.var / RUN_FILE
        run_file.unlink(missing_ok=True)
        async with AsyncExitStack() as stack:
            status.update("starting PostgreSQL, NATS and the mail server")
            installation = await stack.enter_async_context(installed(wanted, console.print))
            sockets = {name: listen(_port(wanted, name)) for name in SERVICES}
            ports = {name: port_of(sock) for name, sock in sockets.items()}
            settings = {name: installation.settings(name, ports, county_code(wanted)) for name in SERVICES}
            parts = [build(name, settings[name]) for name in SERVICES]
            status.update("bringing databases and streams to their newest form")
            await prepare(parts, installation)
            status.update("starting six services")
            if processes:
                for sock in sockets.values():
                    sock.close()
                await stack.enter_async_context(_children(settings, ports, console))
            else:
                for part in parts:
                    await stack.enter_async_context(serving(part, sockets[part.name]))
            gateway = f"http://127.0.0.1:{ports['gateway']}"
            sign_ins = wanted.var / "demo-sign-ins.json"
            if wanted.demo:
                seed = import_module("demo.seed").seed
                await seed(gateway, installation.keys.operator_secret(), sign_ins, status.update)
            settle_memory()
            place = _place(installation, ports, sign_ins)
            write_private(run_file, json.dumps(place, indent=2) + "\n")
            stack.callback(run_file.unlink, missing_ok=True)
            status.stop()
            _tell(console, place, wanted, time.perf_counter() - began)
            await until_told_to_stop()
            console.print("stopping …")
    console.print("stopped; the data stays in", str(wanted.var))


async def prepare(parts: list[Part], installation: Installation) -> None:
    """Migrate every database and lay the streams: what a deployment's jobs do before a rollout."""
    for part in parts:  # one after the other: Alembic keeps what it works on in module globals
        await upgrade(part.name, part.metadata, part.database_url)
    await lay_streams(installation.nats_url, installation.nats_admin_seed, durables(parts))


def durables(parts: list[Part]) -> list[Durable]:
    """Name the consumer of each service that listens."""
    heard = ((part.name, part.service.reactions.filters()) for part in parts)
    return [Durable(name, filters) for name, filters in heard if filters]


def county_code(wanted: Wanted) -> str:
    """Give the division code of the deployment: the demo county's, or the environment's."""
    if wanted.demo:
        code: str = import_module("demo.county").COUNTY_CODE
        return code
    return os.environ.get("COMMONWATCH_COUNTY_CODE", "000000")


def _port(wanted: Wanted, name: str) -> int:
    if wanted.gateway_port is None:
        return PORTS[name]
    return 0 if wanted.gateway_port == 0 or name != "gateway" else wanted.gateway_port


@asynccontextmanager
async def _children(
    settings: Mapping[str, Mapping[str, Any]], ports: Mapping[str, int], console: Console
) -> AsyncGenerator[None]:
    """Run one process for each service, as production does; whichever ends by itself is started again."""
    async with AsyncExitStack() as stack:
        for name, port in ports.items():
            keeper = asyncio.create_task(_kept_alive(name, port, _environment(settings[name]), console))
            stack.push_async_callback(_ended, keeper)
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            await asyncio.gather(*(_ready(client, name, port) for name, port in ports.items()))
        yield


async def _kept_alive(name: str, port: int, environment: Mapping[str, str], console: Console) -> None:
    """Run a service's process for ever; when cancelled, end it and wait until it is gone."""
    command = leashed([sys.executable, "-m", "services.cli", "serve", name, "--port", str(port)], signal.SIGKILL)
    while True:
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **environment}, cwd=ROOT, start_new_session=True
        )
        try:
            code = await process.wait()
        finally:
            await asyncio.shield(_end(process))
        console.print(f"the {name} service ended (exit code {code}); starting it again")
        await asyncio.sleep(RESTART_S)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _ended(keeper: "asyncio.Task[None]") -> None:
    keeper.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeper


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    return {f"COMMONWATCH_{name.upper()}": str(value) for name, value in settings.items() if value is not None}


async def _ready(client: httpx.AsyncClient, name: str, port: int) -> None:
    until = asyncio.get_running_loop().time() + READY_S
    while asyncio.get_running_loop().time() < until:
        try:
            if (await client.get(f"http://127.0.0.1:{port}/health/ready")).is_success:
                return
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.1)
    raise Misconfigured(f"The {name} service was not ready within {READY_S:.0f} seconds; its log above says why.")


def _place(installation: Installation, ports: Mapping[str, int], sign_ins: Path) -> dict[str, Any]:
    """Say where everything is: for `make demo`, `commonwatch doctor` and the bench. No secrets."""
    wanted = installation.wanted
    return {
        "pid": os.getpid(),
        "gateway": f"http://127.0.0.1:{ports['gateway']}",
        "services": {name: f"http://127.0.0.1:{port}" for name, port in ports.items()},
        "nats": installation.nats_url,
        "databases": {name: _without_password(url) for name, url in installation.database_urls.items()},
        "profile": wanted.profile,
        "operator_secret_file": str(wanted.var / "keys" / "operator-client.secret"),
        "sign_ins": str(sign_ins) if wanted.demo else None,
        "mail": str(wanted.var / "mail"),
    }


def _without_password(url: str) -> str:
    return re.sub(r"(://[^:/@]+):[^@]*@", r"\1@", url)


def _tell(console: Console, place: Mapping[str, Any], wanted: Wanted, took_s: float) -> None:
    console.print(f"\n[bold green]ready[/] after {took_s:.1f} s\n")
    console.print(f"  pages and API   {place['gateway']}")
    console.print(f"  API reference   {place['gateway']}/api/docs")
    for name, url in place["services"].items():
        console.print(f"  {name:<14}  {url}/health/ready")
    console.print(f"  mail sent       {place['mail']}")
    if wanted.demo:
        console.print("\n  [bold]Demo County F is invented.[/] Sign-ins of this installation:")
        for line in _sign_in_lines(Path(place["sign_ins"])):
            console.print(f"    {line}", highlight=False)
        console.print("\n  See a hazard travel through every party:  make demo   (in another terminal)")
    console.print("  Stop with Ctrl-C; the data stays.\n")


def _sign_in_lines(path: Path) -> list[str]:
    accounts: dict[str, Any] = json.loads(path.read_text())["accounts"]
    shown = [(login, account) for login, account in accounts.items() if account.get("show")]
    width = max((len(login) for login, _ in shown), default=0)
    return [f"{login:<{width}}  {account['password']}  {account['title']}" for login, account in shown]
