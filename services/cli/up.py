"""`commonwatch up`: the whole platform on one machine, from nothing to ready, and cleanly down again."""

import asyncio
import json
import os
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
from shared.bus import Durable, lay_streams
from shared.embedded.faults import Misconfigured
from shared.embedded.files import write_private
from shared.embedded.instance import instance_lock
from shared.migrate import upgrade
from shared.settings import ROOT

READY_S = 60.0
STOP_S = 15.0
RUN_FILE = "run.json"


async def up(wanted: Wanted, *, processes: bool, console: Console) -> None:
    """Run until told to stop. Raises `Misconfigured` with a sentence for every fault an operator can mend."""
    began = time.perf_counter()
    with instance_lock(wanted.var), console.status("starting") as status:
        run_file = wanted.var / RUN_FILE
        run_file.unlink(missing_ok=True)
        async with AsyncExitStack() as stack:
            status.update("starting PostgreSQL, NATS and the mail server")
            installation = await stack.enter_async_context(installed(wanted))
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
                await stack.enter_async_context(_children(settings, ports))
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
async def _children(settings: Mapping[str, Mapping[str, Any]], ports: Mapping[str, int]) -> AsyncGenerator[None]:
    """Run one process for each service, as production does."""
    processes: list[asyncio.subprocess.Process] = []
    try:
        for name, port in ports.items():
            processes.append(
                await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "services.cli",
                    "serve",
                    name,
                    "--port",
                    str(port),
                    env={**os.environ, **_environment(settings[name])},
                    cwd=ROOT,
                    start_new_session=True,
                )
            )
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            await asyncio.gather(*(_ready(client, name, port) for name, port in ports.items()))
        yield
    finally:
        for process in processes:
            if process.returncode is None:
                process.terminate()
        for process in processes:
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()


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
        "postgres_sockets": str((wanted.var / "postgres" / "sockets").resolve()),
        "operator_secret_file": str(wanted.var / "keys" / "operator-client.secret"),
        "sign_ins": str(sign_ins) if wanted.demo else None,
        "mail": str(wanted.var / "mail"),
    }


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
