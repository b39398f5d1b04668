"""PostgreSQL with one streaming replica that can take its place; without it failover would be a matter of belief.

Services reach whichever server is primary through one door, as they do through the read-write Service of an operator
in Kubernetes; the replica reaches the primary over a line that can be cut.
"""

import os
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT, SIGQUIT, SIGSTOP
from typing import Any

import psutil
from chaos.live import until

from shared.embedded import postgres as single
from shared.embedded.cluster import SUPERUSER, clear_predecessor, prepare
from shared.embedded.databases import make_databases, session
from shared.embedded.files import private_directory
from shared.embedded.place import Place, place_for
from shared.embedded.postgres import Postgres
from shared.embedded.process import Child, child

STANDBY = "standby"
"""The replica's name, and that of the slot which keeps for it what it has not received."""
MAY_REPLICATE = f"local replication {SUPERUSER} peer map=commonwatch\n"
SETTINGS = {**single.SETTINGS, "autovacuum": "off", "wal_retrieve_retry_interval": "200ms"}
"""As `commonwatch up` has it, but only what a test does is written to the log, and a mended line is soon seen."""


@dataclass(eq=False)
class Server:
    """One PostgreSQL; its files outlive its processes."""

    place: Place
    sockets: Path
    running: Child | None = None
    _process: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def admin_url(self) -> str:
        assert self.running
        return Postgres(self.place.data, self.sockets, self.running, {}).admin_url

    async def start(self) -> None:
        await clear_predecessor(self.place.data)
        settings = {**SETTINGS, "unix_socket_directories": f'"{self.sockets}"'}
        self.running = await self._process.enter_async_context(
            child(
                [self.place.programs / "postgres", "-D", self.place.data, *(f"--{k}={v}" for k, v in settings.items())],
                home=self.place.data,
                log=self.place.home / "server.log",
                account=self.place.account,
                stop=(SIGINT, SIGQUIT),
            )
        )
        await single._ready(Postgres(self.place.data, self.sockets, self.running, {}))

    async def stop(self) -> None:
        self.running = None
        await self._process.aclose()

    async def kill(self) -> None:
        """End every process of the server at once, as the loss of its machine does."""
        assert self.running
        children = psutil.Process(self.running.pid).children()
        self.running.process.kill()
        for process in children:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        await self.stop()

        async def all_gone() -> bool:
            return not any(_runs(process) for process in children)

        await until(all_gone, "every process of the server is gone")

    def keep_unwritten(self) -> None:
        """Stop the process that writes the log for those who did not wait for it."""
        assert self.running
        [writer] = [
            process
            for process in psutil.Process(self.running.pid).children()
            if "walwriter" in " ".join(process.cmdline())
        ]
        writer.send_signal(SIGSTOP)

    async def ask(self, query: str) -> Any:
        async with session(self.admin_url) as admin:
            return await admin.fetchval(query)


@dataclass
class Pair:
    """A primary and its replica."""

    primary: Server
    replica: Server
    door: Path
    line: Path
    passwords: Mapping[str, str]

    def url(self, service: str) -> str:
        """Sign in as the service at whichever server stands behind the door."""
        assert self.primary.running
        return Postgres(self.primary.place.data, self.door, self.primary.running, self.passwords).url(service)

    async def set(self, name: str, value: str) -> None:
        """Change a setting of the primary for all."""
        await self.primary.ask(f"alter system set {name} = '{value}'")
        await self.primary.ask("select pg_reload_conf()")

    async def wait_for_replica(self, wait: bool) -> None:
        """Let commits wait until the replica has them on disk, or not."""
        await self.set("synchronous_standby_names", f"ANY 1 ({STANDBY})" if wait else "")

        async def in_force() -> bool:
            state = await self.primary.ask("select sync_state from pg_stat_replication")
            return state == ("quorum" if wait else "async")

        await until(in_force, "the replica has its part")

    async def caught_up(self) -> None:
        """Wait until the replica has on disk all that the primary has written."""
        behind = "select coalesce(max(pg_current_wal_lsn() - flush_lsn), 1) from pg_stat_replication"

        async def level() -> bool:
            return not await self.primary.ask(behind)

        await until(level, "the replica caught up")

    async def cut(self) -> None:
        """Cut the line: what is written from now on the replica never receives."""
        self.line.unlink()
        await self.primary.ask("select pg_terminate_backend(pid) from pg_stat_replication")

        async def gone() -> bool:
            return not await self.primary.ask("select count(*) from pg_stat_replication")

        await until(gone, "the replica is cut off")

    def mend(self) -> None:
        self.line.symlink_to(self.primary.sockets)

    async def promote(self) -> None:
        """Make the replica the primary and open the door to it."""
        assert await self.replica.ask("select pg_promote()")
        self.primary, self.replica = self.replica, self.primary
        new = self.door.with_name(f"{self.door.name}.new")
        new.symlink_to(self.primary.sockets)
        new.rename(self.door)


@asynccontextmanager
async def primary_and_replica(home: Path, passwords: Mapping[str, str]) -> AsyncGenerator[Pair]:
    """Run both for as long as the block lasts, with a database for each of `passwords` (service → password)."""
    with _server(home / "primary") as primary, _server(home / "replica") as replica:
        # Beside the sockets, because a socket's address must be short and PostgreSQL's system user must reach it.
        door, line = (primary.sockets.with_name(f"{primary.sockets.name}-{name}") for name in ("door", "line"))
        pair = Pair(primary, replica, door, line, passwords)
        try:
            for link in (door, line):
                link.symlink_to(primary.sockets)
            await prepare(primary.place)
            with (primary.place.data / "pg_hba.conf").open("a", encoding="ascii") as sign_in:
                sign_in.write(MAY_REPLICATE)
            await primary.start()
            assert primary.running
            await make_databases(
                Postgres(primary.place.data, primary.sockets, primary.running, passwords).admin_url_of, passwords
            )
            await _copy(pair)
            await replica.start()
            await pair.wait_for_replica(wait=False)
            yield pair
        finally:
            for server in (replica, primary):
                await server.stop()
            for link in (door, line):
                link.unlink(missing_ok=True)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def _server(home: Path) -> Generator[Server]:
    place = place_for(private_directory(home).resolve())
    with single._socket_directory(place) as sockets:
        yield Server(place, sockets)


async def _copy(pair: Pair) -> None:
    """Make the replica's files from a running primary, with a slot that keeps what comes after them."""
    place = pair.replica.place
    place.data.mkdir(mode=0o700)
    os.chown(place.data, place.account.uid, place.account.gid)
    source = f"host={pair.line} port={single.PORT} user={SUPERUSER} application_name={STANDBY}"
    command = [place.programs / "pg_basebackup", "-D", place.data, "-d", source]
    command += ["--write-recovery-conf", "--create-slot", "--slot", STANDBY, "--checkpoint=fast", "--no-sync"]
    log = place.home / "basebackup.log"
    async with child(command, home=place.data, log=log, account=place.account) as copying:
        assert await copying.ended() == 0, log.read_text("utf-8", "replace")
