"""The real servers, started and stopped, killed and cancelled."""

import asyncio
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import asyncpg
import nats
import psutil
import pytest
from nats.aio.client import Client
from nats.js.api import ConsumerConfig

from shared.embedded import process
from shared.embedded.faults import Misconfigured
from shared.embedded.files import temporary_directory
from shared.embedded.instance import instance_lock
from shared.embedded.keys import Keyring
from shared.embedded.nats import Nats, nats_server
from shared.embedded.nats_rights import admin_user, inbox_prefix, service_user
from shared.embedded.postgres import Postgres, postgres

ROLES = {"volunteer": "one:/@ '\"\\ % 密", "notify": "two"}
ROOT = Path(__file__).parents[2]
SERVERS = {"postgres", "nats-server", "initdb"}


@pytest.fixture
def var() -> Iterator[Path]:
    """A deep directory with a space and Chinese characters."""
    with temporary_directory() as root:
        deep = root / "共治 安全" / ("县" * 40)
        deep.mkdir(parents=True)
        yield deep


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


def servers_of(parent: int) -> list[psutil.Process]:
    return [child for child in psutil.Process(parent).children(recursive=True) if name_of(child) in SERVERS]


def name_of(child: psutil.Process) -> str | None:
    """None once it has ended, whether or not anybody has asked for its exit code."""
    with suppress(psutil.NoSuchProcess):
        return None if child.status() == psutil.STATUS_ZOMBIE else child.name()
    return None


def above(child: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return child.parents()
    return []


@pytest.fixture(scope="module")
async def pg() -> AsyncIterator[Postgres]:
    with temporary_directory() as var:
        async with postgres(var / "postgres", ROLES) as running:
            yield running


async def test_each_service_owns_its_database_alone(pg: Postgres):
    async with connected(pg.url("volunteer")) as tx:
        await tx.execute("create table reports (what text)")
        assert await tx.fetchval("select current_user || ' in ' || current_database()") == "volunteer in cw_volunteer"
        rights = await tx.fetchrow("select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = user")
        assert not any(rights)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(pg.url("notify", database="cw_volunteer"))
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(pg.url("notify").replace("two", "three"))


async def test_chinese_words_have_trigrams_also_in_a_database_made_later(pg: Postgres):
    async with connected(pg.admin_url) as admin:
        await admin.execute("create database scratch owner volunteer")
    for database in ("cw_volunteer", "scratch"):
        async with connected(pg.url("volunteer", database)) as tx:
            assert await tx.fetchval("select similarity('消防通道堵塞', '消防通道被堵塞')") > 0.3


async def test_the_database_is_durable_and_not_on_the_network(pg: Postgres):
    async with connected(pg.admin_url) as admin:
        settings = [await admin.fetchval(f"show {name}") for name in ("fsync", "synchronous_commit", "data_checksums")]
    assert settings == ["on", "on", "on"]
    assert psutil.Process(pg.server.pid).net_connections("inet") == []
    assert mode_of(pg.sockets) == 0o700


async def test_a_second_start_keeps_the_data_and_takes_the_new_password(var: Path):
    async with postgres(var / "postgres", ROLES) as pg, connected(pg.url("volunteer")) as tx:
        await tx.execute("create table reports as select 'blocked exit' as what")
    assert not pg.server.alive
    assert not pg.sockets.exists()
    async with postgres(var / "postgres", {"volunteer": "new"}) as pg, connected(pg.url("volunteer")) as tx:
        assert await tx.fetchval("select what from reports") == "blocked exit"


@contextmanager
def namesake_of(data: Path) -> Iterator[None]:
    """A living process with the number of the dead server, and of its user: PostgreSQL itself would fear it."""
    user = data.stat().st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=user) as namesake:
        lock = data / "postmaster.pid"
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(namesake.pid), *lines[1:]]) + "\n")
        try:
            yield
        finally:
            namesake.kill()


async def test_a_crashed_server_starts_again_though_its_number_was_given_to_another(var: Path):
    async with postgres(var / "postgres", ROLES) as pg:
        async with connected(pg.url("volunteer")) as tx:
            await tx.execute("create table reports as select 'blocked exit' as what")
        os.kill(pg.server.pid, signal.SIGKILL)
        assert await pg.server.ended() == -signal.SIGKILL
    with namesake_of(pg.data):
        async with postgres(var / "postgres", ROLES) as pg, connected(pg.url("volunteer")) as tx:
            assert await tx.fetchval("select what from reports") == "blocked exit"


async def test_a_rival_on_the_same_directory_is_named(var: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "PREDECESSOR_GRACE_S", 0.1)
    async with postgres(var / "postgres", ROLES) as pg:
        with pytest.raises(Misconfigured, match=rf"process {pg.server.pid}\) is already running on"):
            await postgres(var / "postgres", ROLES).__aenter__()
        async with connected(pg.url("volunteer")) as tx:
            assert await tx.fetchval("select 1") == 1
    async with nats_server(var / "nats", []) as running:
        with pytest.raises(Misconfigured, match=rf"process {running.server.pid}\) is already running on"):
            await nats_server(var / "nats", []).__aenter__()


@contextmanager
def platform_in_a_process(var: Path) -> Iterator[subprocess.Popen[bytes]]:
    program = """
import asyncio, sys
from pathlib import Path
from shared.embedded.nats import nats_server
from shared.embedded.postgres import postgres
async def main(var):
    async with postgres(var / "postgres", {"volunteer": "one"}), nats_server(var / "nats", []):
        print("ready", flush=True)
        await asyncio.Event().wait()
asyncio.run(main(Path(sys.argv[1])))
"""
    with subprocess.Popen([sys.executable, "-c", program, var], stdout=subprocess.PIPE, cwd=ROOT) as process:
        try:
            assert process.stdout.readline() == b"ready\n"
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
async def test_servers_die_with_a_killed_parent_and_the_next_start_finds_the_data(var: Path):
    with platform_in_a_process(var) as killed:
        servers = servers_of(killed.pid)
        assert {server.name() for server in servers} >= {"postgres", "nats-server"}
        leftover = (var / "postgres" / "sockets").readlink()
    async with postgres(var / "postgres", ROLES) as pg, nats_server(var / "nats", []):
        async with connected(pg.url("volunteer")) as tx:
            assert await tx.fetchval("select 1") == 1
        assert not [server for server in servers if name_of(server)]
        assert not leftover.exists()


async def test_a_start_that_is_cancelled_leaves_no_process(var: Path):
    async def start() -> None:
        async with postgres(var / "postgres", ROLES), nats_server(var / "nats", []):
            await asyncio.Event().wait()

    others = set(servers_of(os.getpid()))

    def started() -> list[psutil.Process]:
        """Leave out what another test's PostgreSQL starts for itself meanwhile."""
        new = [server for server in servers_of(os.getpid()) if server not in others]
        return [server for server in new if not others.intersection(above(server))]

    for program in ("initdb", "postgres", "nats-server"):
        task = asyncio.create_task(start())
        while program not in map(name_of, started()):
            assert not task.done()
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert started() == []


async def test_a_server_that_gives_up_says_why(var: Path):
    async with postgres(var / "postgres", ROLES) as pg:
        pass
    (pg.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Misconfigured, match=r"PostgreSQL did not start: .*FATAL.*incompatible") as told:
        await postgres(var / "postgres", ROLES).__aenter__()
    assert "The whole log is" in str(told.value)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def closed(var: Path) -> Path:
    var.chmod(0o700)
    return var


@pytest.mark.skipif(os.geteuid() != 0, reason="only for root PostgreSQL runs as another user")
async def test_below_a_closed_directory_roots_cluster_goes_to_the_shelter(closed: Path):
    shelter = closed.parent / "shelter"
    async with postgres(closed / "postgres", ROLES, shelter) as pg, connected(pg.url("volunteer")) as tx:
        await tx.execute("create table reports ()")
        assert pg.data.parent == shelter
    async with postgres(closed / "postgres", ROLES, shelter) as pg, connected(pg.url("volunteer")) as tx:
        assert await tx.fetchval("select count(*) from reports") == 0
    assert mode_of(closed) == 0o700
    shutil.rmtree(pg.data)
    with pytest.raises(Misconfigured, match=r"was kept in .*, which is gone: put it back"):
        await postgres(closed / "postgres", ROLES, shelter).__aenter__()


@asynccontextmanager
async def county(var: Path) -> AsyncIterator[tuple[Nats, Client, Client]]:
    keys = Keyring(var)
    users = [service_user(name, keys.nats_public(name), durable=name) for name in ("volunteer", "notify")]
    async with nats_server(var / "nats", [admin_user("platform", keys.nats_public()), *users]) as server:
        platform = await nats.connect(server.url, nkeys_seed_str=keys.nats_seed())
        volunteer = await nats.connect(
            server.url, nkeys_seed_str=keys.nats_seed("volunteer"), inbox_prefix=inbox_prefix("volunteer")
        )
        try:
            yield server, platform, volunteer
        finally:
            await platform.close()
            await volunteer.close()


async def test_a_service_states_its_own_facts_and_pulls_its_own_consumer(var: Path):
    async with county(var) as (_, platform, volunteer):
        await platform.jetstream().add_stream(name="CW", subjects=["cw.>"])
        consumer = ConsumerConfig(durable_name="volunteer", ack_policy="explicit")
        await platform.jetstream().add_consumer("CW", consumer)
        await volunteer.jetstream().publish("cw.f01.volunteer.report.submitted", b"1", stream="CW")
        pull = await volunteer.jetstream().pull_subscribe_bind("volunteer", "CW")
        [message] = await pull.fetch(1, timeout=1)
        await message.ack_sync(timeout=1)
        assert (await platform.jetstream().consumer_info("CW", "volunteer")).num_ack_pending == 0


async def test_a_service_cannot_forge_anothers_facts_or_touch_the_streams(var: Path):
    async with county(var) as (_, platform, volunteer):
        await platform.jetstream().add_stream(name="CW", subjects=["cw.>"])
        refusals: asyncio.Queue[str] = asyncio.Queue()

        async def note(fault: Exception) -> None:
            refusals.put_nowait(str(fault).lower())

        volunteer._error_cb = note
        for subject in (
            "cw.f01.inspection.hazard.closed",
            "cwout.f01.volunteer.report.submitted",
            "poke.notify",
            "$JS.API.STREAM.DELETE.CW",
            "$JS.API.CONSUMER.MSG.NEXT.CW.notify",
            "$JS.API.CONSUMER.CREATE.CW.spy",
            "$JS.ACK.CW.notify.1.1.1.1.0",
        ):
            await volunteer.publish(subject, b"forged")
            assert f'permissions violation for publish to "{subject.lower()}"' in await refusals.get()
        for subject in ("cw.>", "_INBOX_notify.>", ">"):
            await volunteer.subscribe(subject)
            assert f'permissions violation for subscription to "{subject.lower()}"' in await refusals.get()
        assert (await platform.jetstream().stream_info("CW")).state.messages == 0


async def test_a_stranger_is_not_let_in(var: Path):
    stranger = Keyring(var / "stranger").nats_seed()
    async with county(var) as (server, _, _):
        for credentials in ({}, {"nkeys_seed_str": stranger}):
            client = Client()
            try:
                with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
                    await client.connect(server.url, allow_reconnect=False, **credentials)
            finally:
                await client.close()


async def test_nats_keeps_its_port_and_its_streams(var: Path):
    async with county(var) as (first, platform, _):
        await platform.jetstream().add_stream(name="CW", subjects=["cw.>"])
        await platform.jetstream().publish("cw.f01.volunteer.report.submitted", b"1")
    assert not first.server.alive
    async with county(var) as (second, platform, _):
        assert second.port == first.port
        assert (await platform.jetstream().stream_info("CW")).state.messages == 1


async def test_a_taken_port_is_a_sentence(var: Path):
    with socket.create_server(("127.0.0.1", 0)) as rival:
        port = rival.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"Port {port} on 127.0.0.1 is taken by another program"):
            await nats_server(var / "nats", [], port=port).__aenter__()


async def test_one_directory_serves_one_commonwatch(var: Path):
    with (
        instance_lock(var),
        pytest.raises(Misconfigured, match=rf"Another Commonwatch \(process {os.getpid()}\) already uses"),
        instance_lock(var),
    ):
        pass
    with instance_lock(var):
        assert (var / "lock").read_text() == f"{os.getpid()}\n"
