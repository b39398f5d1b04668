"""Servers and service processes of a bench, in a folder of their own; nothing of them is left behind."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
from figures import BenchBroken
from joserfc import jwt
from load import Outcome, Plan

from services.cli.installation import ISSUER, Installation, Wanted
from services.cli.parts import build
from services.cli.up import durables
from shared.auth import AUDIENCE
from shared.bus.streams import lay_streams
from shared.embedded.cluster import SUPERUSER
from shared.embedded.keys import Keyring
from shared.embedded.nats import nats_server
from shared.embedded.nats_rights import admin_user, service_user
from shared.embedded.postgres import Postgres, postgres
from shared.migrate import upgrade
from shared.settings import ROOT

HERE = Path(__file__).parent
COUNTY = "990901"
READY_S = 60.0
STOP_S = 15.0
TOKEN_S = 3600


@dataclass(frozen=True, slots=True)
class Stage:
    """Real servers with nothing of Commonwatch on them yet but keys."""

    installation: Installation
    server: Postgres
    log: Path

    @asynccontextmanager
    async def services(self, *names: str, **changes: object) -> AsyncGenerator[dict[str, int]]:
        """Run these services, a process each, with these settings changed; give their ports."""
        ports = {name: free_port() for name in (*names, "registry", "inspection", "thirdparty", "notify", "gateway")}
        settings = {name: {**self.installation.settings(name, ports, COUNTY), **changes} for name in names}
        parts = [build(name, settings[name]) for name in names]
        for part in parts:
            await upgrade(part.name, part.metadata, part.database_url)
        await lay_streams(self.installation.nats_url, self.installation.nats_admin_seed, durables(parts))
        async with AsyncExitStack() as stack:
            for name in names:
                command = ["-m", "services.cli", "serve", name, "--port", str(ports[name])]
                await stack.enter_async_context(running(command, _environment(settings[name]), self.log))
            await asyncio.gather(*(until_ready(ports[name]) for name in names))
            yield ports

    @asynccontextmanager
    async def floor(self) -> AsyncGenerator[int]:
        """Run the floor on a database of its own; give its port."""
        port = free_port()
        environment = {"FLOOR_DATABASE_URL": self.server.url("floor")}
        async with running([str(HERE / "floor.py"), str(port)], environment, self.log):
            await until_ready(port)
            yield port

    def volunteer_tokens(self, how_many: int, now: datetime) -> list[str]:
        """Sign as many volunteers in, as the gateway would."""
        return [self._token(uuid4(), "volunteer", now) for _ in range(how_many)]

    def _token(self, person_id: UUID, role: str, now: datetime) -> str:
        key = self.installation.keys.signing_key()
        issued = int(now.timestamp())
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": str(person_id), "iat": issued, "exp": issued + TOKEN_S,
            "jti": uuid4().hex, "role": role, "party": None, "area": COUNTY, "lang": "zh", "name": "Bench",
        }  # fmt: skip
        header = {"alg": "Ed25519", "typ": "at+jwt", "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=["Ed25519"])


@asynccontextmanager
async def staged(folder: Path) -> AsyncGenerator[Stage]:
    """Start PostgreSQL and NATS for the services whose intake is measured."""
    names = ("floor", "volunteer", "gateway")
    keys = Keyring(folder)
    users = [admin_user("platform", keys.nats_public())]
    users += [service_user(name, keys.nats_public(name), name) for name in names]
    async with (
        postgres(folder / "postgres", {name: keys.database_password(name) for name in names}) as server,
        nats_server(folder / "nats", users) as nats,
    ):
        urls = {name: server.url(name) for name in names}
        installation = Installation(Wanted(folder), keys, nats.url, keys.nats_seed(), "smtp://127.0.0.1:1", urls)
        yield Stage(installation, server, folder / "services.log")


async def loaded(plan: Plan) -> Outcome:
    """Run the load generator; raises `BenchBroken` when an answer was not as expected."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(HERE / "load.py"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        told, _ = await process.communicate(json.dumps(asdict(plan)).encode())
    finally:
        await _stop(process)
    if process.returncode != 0:
        raise BenchBroken(f"the load generator ended with {process.returncode}")
    outcome = Outcome(**json.loads(told))
    if outcome.wrong or not outcome.answered:
        raise BenchBroken(
            f"{plan.method} {plan.path}… was answered with {outcome.wrong or 'nothing'}: {outcome.first_wrong}"
        )
    return outcome


@asynccontextmanager
async def running(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run a Python program for as long as the block lasts; when it fails, its last words are told."""
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process
    except BenchBroken as broken:
        broken.add_note(_last_words(log))
        raise
    finally:
        await _stop(process)


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])


async def until_ready(port: int) -> None:
    until = asyncio.get_running_loop().time() + READY_S
    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        while asyncio.get_running_loop().time() < until:
            try:
                if (await client.get(f"http://127.0.0.1:{port}/health/ready")).is_success:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    raise BenchBroken(f"nothing was ready on port {port} within {READY_S:.0f} s")


def database(place: Mapping[str, Any], name: str) -> str:
    """Reach a database as the system user that started the server."""
    sockets = urlsplit(place["databases"]["registry"]).query
    return f"postgresql://{SUPERUSER}@/{name}?{sockets}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    return {f"COMMONWATCH_{name.upper()}": str(value) for name, value in settings.items() if value is not None}


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()
