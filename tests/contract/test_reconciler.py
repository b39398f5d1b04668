"""What the broker loses the log of record gives back, and what a restored database forgot the stream gives back."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shared.broker import STREAM, Kept
from shared.bus import NatsBus
from shared.bus.streams import Durable, lay_streams
from shared.clock import system_clock
from shared.contracts.base import Event
from shared.db import Aggregate, Database, nouns_of, own_tables
from shared.embedded.files import temporary_directory
from shared.embedded.keys import Keyring
from shared.embedded.nats import nats_server
from shared.embedded.nats_rights import admin_user, service_user
from shared.outbox import emit
from shared.raw import RawConnection, connect
from shared.relay import Relay
from shared.relay.archive import Archive
from shared.relay.reconcile import Reconciler, Scope

tables = own_tables()


class Row(Aggregate, registry=tables):
    pass


class Tally(Row, table=True):
    __tablename__ = "tallies"
    total: int = 0


class Tallied(Event, subject="kernel.tally.tallied"):
    """A tally went up."""

    tally_id: UUID
    total: int


@dataclass
class Works:
    """A database, a broker that can be wiped, and a relay between them."""

    home: Path
    database: Database
    connection: RawConnection
    stack: AsyncExitStack
    keys: Keyring
    bus: NatsBus = field(init=False)
    relay: Relay = field(init=False)
    url: str = ""

    async def up(self) -> None:
        users = [admin_user("platform", self.keys.nats_public())]
        users += [service_user(name, self.keys.nats_public(name), name) for name in ("kernel", "other")]
        server = await self.stack.enter_async_context(nats_server(self.home / "nats", users))
        self.url = server.url
        await self.lay()
        self.bus = await NatsBus.connect(server.url, name="kernel", seed=self.keys.nats_seed("kernel"))
        self.stack.push_async_callback(self.bus.close)
        self.relay = Relay("kernel", self.database.url, self.bus, STREAM, tables=nouns_of(Row.metadata))

    async def lay(self) -> None:
        await lay_streams(self.url, self.keys.nats_seed(), [Durable("kernel", ["cw.>"])])

    async def down(self) -> None:
        await self.stack.aclose()

    async def count(self, tally_id: UUID, times: int = 1) -> None:
        for _ in range(times):
            async with self.database.transaction() as tx:
                tally = await tx.get(Tally, tally_id) or Tally(id=tally_id, area_code="999901", total=0)
                tally.total += 1
                event = Tallied(at=system_clock(), area_code="999901", tally_id=tally_id, total=tally.total)
                await emit(tx, tally, event)

    async def relayed(self) -> None:
        while await self.relay.pump(self.connection):
            pass

    async def stream(self) -> list[Kept]:
        state = await self.bus.state()
        assert state is not None
        return [one async for kept in self.bus.own("kernel", 1, state.last_seq, bodies=True) for one in kept]

    async def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in await self.connection.fetch(query, *values)]


@asynccontextmanager
async def _works(postgres_server: Any) -> AsyncIterator[Works]:
    url = postgres_server.url("kernel")
    database = Database("kernel", url)
    async with database.engine.begin() as tx:
        await tx.run_sync(Row.metadata.create_all)
        for table in reversed(Row.metadata.sorted_tables):
            await tx.execute(text(f'delete from "{table.name}"'))
    connection = await connect(url)
    try:
        with temporary_directory() as home:
            works = Works(home, database, connection, AsyncExitStack(), Keyring(home))
            await works.up()
            yield works
            await works.down()
    finally:
        await connection.close()
        async with database.engine.begin() as tx:
            await tx.run_sync(Row.metadata.drop_all)
        await database.close()


@pytest.fixture
async def works(postgres_server: Any) -> AsyncIterator[Works]:
    async with _works(postgres_server) as made:
        yield made


def _in_order(kept: list[Kept]) -> list[tuple[str, str]]:
    return sorted((one.headers["ce-subject"], one.headers["ce-sequence"]) for one in kept)


async def test_a_broker_that_lost_its_store_gets_everything_back_in_order(works: Works) -> None:
    keys = [uuid4() for _ in range(30)]
    for key in keys:
        await works.count(key, 3)
    await works.relayed()
    before = await works.stream()
    assert len(before) == 90

    await works.down()
    shutil.rmtree(works.home / "nats" / "store")
    works.stack = AsyncExitStack()
    await works.up()
    await works.count(keys[0])
    await works.relayed()

    after = await works.stream()
    assert {one.event_id for one in before} < {one.event_id for one in after}
    assert len(after) == 91
    assert {one.data for one in before} < {one.data for one in after}
    versions = [one.headers["ce-sequence"] for one in after if one.headers["ce-subject"] == str(keys[1])]
    assert versions == sorted(versions)
    assert await works.ask("select refilled_to >= refill_until from stream_epoch order by met_at") == [(True,), (True,)]


async def test_single_lost_messages_are_found_by_their_ids_and_sent_again(works: Works) -> None:
    key = uuid4()
    await works.count(key, 40)
    await works.relayed()
    kept = await works.stream()
    admin = await NatsBus.connect(works.url, name="platform", seed=works.keys.nats_seed())
    for lost in kept[10:13]:
        await admin.js.delete_msg(STREAM, lost.seq)
    await admin.close()
    assert len(await works.stream()) == 37

    archive = Archive(works.connection, {})
    reconciler = Reconciler("kernel", works.bus, STREAM)
    reconciler.ask(Scope.EVERYTHING)
    assert await reconciler.look(archive, 0.0) == 3
    assert {one.event_id for one in await works.stream()} == {one.event_id for one in kept}
    assert await works.ask("select audited_whole, audited_there, audited_lacking from stream_epoch") == [(True, 37, 3)]
    assert await reconciler.look(archive, 1.0) == 0, "nothing is due"


async def test_facts_that_a_restored_database_forgot_are_adopted_and_their_versions_never_used_again(
    works: Works,
) -> None:
    known, forgotten = uuid4(), uuid4()
    await works.count(known, 2)
    await works.relayed()
    await works.count(known, 2)
    await works.count(forgotten, 1)
    await works.relayed()
    # The database comes back from a backup of a moment ago, and takes a new fact before the relay looks.
    await works.ask("delete from outbox_sent where version > 2 or aggregate_id = $1", forgotten)
    await works.ask("update tallies set version = 2, total = 2 where id = $1", known)
    await works.ask("delete from tallies where id = $1", forgotten)
    await works.count(known)

    works.relay = Relay("kernel", works.database.url, works.bus, STREAM, tables=nouns_of(Row.metadata))
    await works.relayed()

    versions = [
        int(one.headers["ce-sequence"]) for one in await works.stream() if one.headers["ce-subject"] == str(known)
    ]
    assert versions == [1, 2, 3, 4, 5]
    assert await works.ask("select version, total from tallies") == [(5, 3)]
    told = await works.ask(
        "select aggregate_id, version, state from dead_letter where consumer = 'restored' order by 2"
    )
    assert sorted(told, key=str) == sorted([(known, 3, "open"), (known, 4, "open"), (forgotten, 1, "open")], key=str)
    await works.count(known)
    await works.relayed()
    assert await works.ask("select max(version), count(*) from outbox_sent where aggregate_id = $1", known) == [(6, 6)]


async def test_a_consumer_that_lacks_facts_gets_them_again(works: Works) -> None:
    key = uuid4()
    await works.count(key, 5)
    await works.relayed()
    works.relay.recall(f'["tally", "{key}", 2, 4]'.encode())
    works.relay.recall(b'["tally", "nonsense"]')
    works.relay.recall(b"\xff")
    assert await works.relay.pump(works.connection) == 3
    again = [one.headers["ce-sequence"] for one in await works.stream()][5:]
    assert again == ["0000000002", "0000000003", "0000000004"]
    works.relay.recall(f'["tally", "{key}", 2, 4]'.encode())
    assert await works.relay.pump(works.connection) == 0, "it was answered just now"
