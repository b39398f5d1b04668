"""The real servers, started and stopped, killed and cancelled."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import nats
import psutil
import pytest
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.js.api import ConsumerConfig

from shared.embedded import process
from shared.embedded.faults import Misconfigured
from shared.embedded.instance import instance_lock
from shared.embedded.keys import Keyring
from shared.embedded.nats import Nats, nats_server
from shared.embedded.nats_rights import admin_user, inbox_prefix, service_user
from shared.embedded.postgres import postgres

ROLES = {"volunteer": "one:/@ '\"\\ % 密", "notify": "two"}
SERVERS = {"postgres", "nats-server", "initdb"}


@pytest.fixture
def var() -> Iterator[Path]:
    """A deep directory with a space and Chinese characters, which PostgreSQL's system user may pass through."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o711)
    deep = root / "共治 安全" / ("县" * 40)
    deep.mkdir(parents=True)
    yield deep
    shutil.rmtree(root)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


def servers_of(parent: int) -> list[psutil.Process]:
    return [child for child in psutil.Process(parent).children(recursive=True) if child.name() in SERVERS]


async def test_each_service_owns_its_database_alone(var: Path):
    async with postgres(var / "postgres", ROLES) as pg:
        async with connected(pg.url("volunteer")) as tx:
            await tx.execute("create table reports (what text)")
            assert (
                await tx.fetchval("select current_user || ' in ' || current_database()") == "volunteer in cw_volunteer"
            )
            assert await tx.fetchval("select similarity('消防通道堵塞', '消防通道被堵塞')") > 0.3
            rights = await tx.fetchrow("select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = user")
            assert not any(rights)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(pg.url("notify", database="cw_volunteer"))
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(pg.url("notify").replace("two", "three"))


async def test_a_database_made_later_has_the_same_extensions(var: Path):
    async with postgres(var / "postgres", ROLES) as pg:
        async with connected(pg.admin_url) as admin:
            await admin.execute("create database scratch owner volunteer")
        async with connected(pg.url("volunteer", database="scratch")) as tx:
            assert await tx.fetchval("select similarity('a', 'a')") == 1


async def test_the_database_is_durable_and_not_on_the_network(var: Path):
    async with postgres(var / "postgres", ROLES) as pg, connected(pg.admin_url) as admin:
        settings = [await admin.fetchval(f"show {name}") for name in ("fsync", "synchronous_commit", "data_checksums")]
        assert settings == ["on", "on", "on"]
        assert psutil.Process(pg.server.pid).net_connections("inet") == []
        assert pg.sockets.stat().st_mode & 0o077 == 0


async def test_a_second_start_keeps_the_data_and_takes_the_new_password(var: Path):
    async with postgres(var / "postgres", ROLES) as pg, connected(pg.url("volunteer")) as tx:
        await tx.execute("create table reports as select 'blocked exit' as what")
    assert not pg.server.alive
    assert not pg.sockets.exists()
    async with postgres(var / "postgres", {"volunteer": "new"}) as pg, connected(pg.url("volunteer")) as tx:
        assert await tx.fetchval("select what from reports") == "blocked exit"


async def test_a_crashed_server_starts_again_though_its_number_was_given_to_another(var: Path):
    async with postgres(var / "postgres", ROLES) as pg, connected(pg.url("volunteer")) as tx:
        await tx.execute("create table reports as select 'blocked exit' as what")
        os.kill(pg.server.pid, signal.SIGKILL)
        assert await pg.server.ended() == -signal.SIGKILL
    lock = pg.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    # A process of the same user, so that PostgreSQL itself would believe it to be its rival.
    owner = pg.data.stat().st_uid
    namesake = subprocess.Popen(["sleep", "60"], user=owner if os.geteuid() == 0 else None)
    try:
        lock.write_text("\n".join([str(namesake.pid), *lines[1:]]) + "\n")
        async with postgres(var / "postgres", ROLES) as pg, connected(pg.url("volunteer")) as tx:
            assert await tx.fetchval("select what from reports") == "blocked exit"
    finally:
        namesake.kill()
        namesake.wait()


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


async def test_servers_die_with_a_killed_parent_and_the_next_start_finds_the_data(var: Path):
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent died")
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
    parent = subprocess.Popen([sys.executable, "-c", program, var], stdout=subprocess.PIPE)
    with parent:
        assert await asyncio.to_thread(parent.stdout.readline) == b"ready\n"
        servers = servers_of(parent.pid)
        assert {server.name() for server in servers} == {"postgres", "nats-server"}
        parent.kill()
    async with postgres(var / "postgres", ROLES) as pg, nats_server(var / "nats", []):
        async with connected(pg.url("volunteer")) as tx:
            assert await tx.fetchval("select 1") == 1
        assert not [server for server in servers if server.is_running()]


async def test_a_start_that_is_cancelled_leaves_no_process(var: Path):
    async def start() -> None:
        async with postgres(var / "postgres", ROLES), nats_server(var / "nats", []):
            await asyncio.Event().wait()

    for program in ("initdb", "postgres", "nats-server"):
        task = asyncio.create_task(start())
        while program not in {server.name() for server in servers_of(os.getpid())}:
            assert not task.done()
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert servers_of(os.getpid()) == []


async def test_a_server_that_gives_up_says_why(var: Path):
    async with postgres(var / "postgres", ROLES) as pg:
        pass
    (pg.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Misconfigured, match=r"PostgreSQL did not start: FATAL.*PG_VERSION|not compatible") as told:
        await postgres(var / "postgres", ROLES).__aenter__()
    assert "The whole log is" in str(told.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only for root PostgreSQL runs as another user")
async def test_below_a_closed_directory_roots_cluster_goes_to_the_shelter(var: Path):
    shelter = var.parent / "shelter"
    var.chmod(0o700)
    async with postgres(var / "postgres", ROLES, shelter) as pg, connected(pg.url("volunteer")) as tx:
        await tx.execute("create table reports ()")
        assert pg.data.parent == shelter
    async with postgres(var / "postgres", ROLES, shelter) as pg, connected(pg.url("volunteer")) as tx:
        assert await tx.fetchval("select count(*) from reports") == 0
    assert var.stat().st_mode & 0o077 == 0
    shutil.rmtree(pg.data)
    with pytest.raises(Misconfigured, match=r"was kept in .*, which is gone: put it back"):
        await postgres(var / "postgres", ROLES, shelter).__aenter__()


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
            with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
                await nats.connect(server.url, allow_reconnect=False, **credentials)


async def test_nats_keeps_its_port_and_its_streams(var: Path):
    async with county(var) as (first, platform, _):
        await platform.jetstream().add_stream(name="CW", subjects=["cw.>"])
        await platform.jetstream().publish("cw.f01.volunteer.report.submitted", b"1")
    assert not first.server.alive
    async with county(var) as (second, platform, _):
        assert second.port == first.port
        assert (await platform.jetstream().stream_info("CW")).state.messages == 1
        with pytest.raises(NoRespondersError):
            await platform.request("cw-nothing", b"")


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
