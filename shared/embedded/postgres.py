"""Without this file a newcomer would have to install, secure and stop a PostgreSQL server by hand."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import asyncpg

from shared.embedded.cluster import GRAVE, SUPERUSER, clear_predecessor, prepare
from shared.embedded.databases import database_of, make_databases, session
from shared.embedded.faults import Misconfigured, told, told_by_log
from shared.embedded.files import private_directory
from shared.embedded.kept import Tell, kept
from shared.embedded.place import SHELTER, Place, may_reach, place_for
from shared.embedded.process import POLL_S, Child, child

PORT = 5432  # names the socket's file; nothing listens on the network
START_S = 120.0  # recovery after a crash replays up to max_wal_size
SOCKET_PREFIX = "commonwatch-"
# A socket's whole path may have 107 bytes.
SOCKET_PARENT_BYTES = 70

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 200,
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A refused statement and its detail may hold what a reporter wrote; more people read the log than the table.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


SHARED_BUFFERS = "128MB"


@dataclass(frozen=True)
class Postgres:
    """A running server: how each service reaches its database, and how the platform reaches them all."""

    data: Path
    sockets: Path
    server: Child
    passwords: Mapping[str, str] = field(repr=False)

    def url(self, service: str, database: str | None = None) -> str:
        """Sign in as the service's role, to its own database unless another is named."""
        secret = quote(self.passwords[service], safe="")
        return self._url(f"{service}:{secret}", database or database_of(service))

    @property
    def admin_url(self) -> str:
        """Sign in as superuser: takes no password, but only from the system user that started the server."""
        return self.admin_url_of(SUPERUSER)

    def admin_url_of(self, database: str) -> str:
        return self._url(SUPERUSER, database)

    def _url(self, who: str, database: str) -> str:
        return f"postgresql://{who}@/{quote(database)}?host={quote(str(self.sockets))}&port={PORT}"


@asynccontextmanager
async def postgres(
    home: Path,
    roles: Mapping[str, str],
    shelter: Path = SHELTER,
    tell: Tell | None = None,
    *,
    shared_buffers: str = SHARED_BUFFERS,
    durable: bool = True,
) -> AsyncGenerator[Postgres]:
    """Run PostgreSQL on the cluster of `home`, with a role and a database for each of `roles` (name → password).

    `shelter` is where root's cluster and programs go when PostgreSQL's system user may not enter `home`. With `tell`
    a server that ends by itself is started again at the same socket. A database of a million rows wants more of
    `shared_buffers`. One that is not `durable` may lose all with the machine's power, and never waits for the disk.
    """
    place = place_for(private_directory(home).resolve(), shelter)
    await prepare(place)
    settings = {**SETTINGS, "shared_buffers": shared_buffers, "fsync": "on" if durable else "off"}
    with _socket_directory(place) as sockets:

        def start() -> AbstractAsyncContextManager[Postgres]:
            return _started(place, sockets, roles, settings)

        async with start() if tell is None else kept("PostgreSQL", start, tell) as running:
            yield running


@asynccontextmanager
async def _started(
    place: Place, sockets: Path, roles: Mapping[str, str], settings: Mapping[str, object]
) -> AsyncGenerator[Postgres]:
    await clear_predecessor(place.data)
    whole = {**settings, "unix_socket_directories": f'"{sockets}"'}
    async with child(
        [place.programs / "postgres", "-D", place.data, *(f"--{name}={value}" for name, value in whole.items())],
        home=place.data,
        log=place.home / "server.log",
        account=place.account,
        # First the fast shutdown; then the immediate one, after which the next start replays the log.
        stop=(signal.SIGINT, signal.SIGQUIT),
    ) as server:
        running = Postgres(place.data, sockets, server, dict(roles))
        await _set_up(running)
        yield running


@contextmanager
def _socket_directory(place: Place) -> Generator[Path]:
    """A short path of its own, because `home` may lie deeper than a socket's address can say."""
    for parent in map(Path, (tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108 - a private directory is made there
        short = len(os.fsencode(parent)) <= SOCKET_PARENT_BYTES
        if short and os.access(parent, os.W_OK) and may_reach(parent / SOCKET_PREFIX, place.account):
            break
    else:
        raise Misconfigured("PostgreSQL finds no place for its socket: make /tmp writable for everybody.")
    # The link finds again what a killed predecessor could not take away.
    link = place.home / "sockets"
    with told(parent):
        if link.is_symlink() and link.readlink().name.startswith(SOCKET_PREFIX):
            shutil.rmtree(link.readlink(), ignore_errors=True)
        link.unlink(missing_ok=True)
        sockets = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=parent))
        link.symlink_to(sockets)
        os.chown(sockets, place.account.uid, place.account.gid)
    try:
        yield sockets
    finally:
        shutil.rmtree(sockets, ignore_errors=True)
        link.unlink(missing_ok=True)


async def _set_up(running: Postgres) -> None:
    try:
        await _ready(running)
        await make_databases(running.admin_url_of, running.passwords)
    except (OSError, asyncpg.PostgresError) as fault:
        raise told_by_log("PostgreSQL", running.server.log, GRAVE) from fault


async def _ready(running: Postgres) -> None:
    async with asyncio.timeout(START_S):
        while running.server.alive:
            with suppress(OSError, asyncpg.CannotConnectNowError):
                async with session(running.admin_url):
                    return
            await asyncio.sleep(POLL_S)
    raise told_by_log("PostgreSQL", running.server.log, GRAVE)
