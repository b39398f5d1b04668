"""Two small services of the bench's own between real servers: what flows through them is the kernel's cost alone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field

from services.cli.server import settle_memory
from shared.broker import STREAM
from shared.bus import NatsBus
from shared.bus.streams import Durable, lay_streams
from shared.contracts.base import Event
from shared.db import Aggregate, Database, Stored, nouns_of, own_tables, raw_of
from shared.embedded.files import temporary_directory
from shared.embedded.keys import Keyring
from shared.embedded.nats import nats_server
from shared.embedded.nats_rights import admin_user, service_user
from shared.embedded.postgres import Postgres, postgres
from shared.inbox import Consumer
from shared.reactions import Reactions
from shared.relay import Relay

SENDER, RECEIVER = "sender", "receiver"

sending, receiving = own_tables(), own_tables()


class Sending(Stored, registry=sending):
    pass


class Tally(Aggregate, Sending, table=True):
    __tablename__ = "tallies"
    total: int = 0


class Receiving(Stored, registry=receiving):
    pass


class Effect(Receiving, table=True):
    __tablename__ = "effects"
    tally_id: UUID = Field(primary_key=True)
    total: int = Field(primary_key=True)


class Tallied(Event, subject="sender.tally.tallied"):
    """A tally went up; as long as a report of some length."""

    tally_id: UUID
    total: int
    what: str


reactions = Reactions()


@reactions.on(Tallied)
async def note(event: Tallied, tx: AsyncSession) -> None:
    await (await raw_of(tx)).execute("insert into effects values ($1, $2)", event.tally_id, event.total)


@dataclass
class Works:
    """Two databases, a broker, a relay; a consumer when it is asked for."""

    folder: Path
    server: Postgres
    keys: Keyring
    source: Database
    sink: Database
    nats_url: str = ""
    arrived: dict[tuple[UUID, int], float] = field(default_factory=dict[tuple[UUID, int], float])

    @asynccontextmanager
    async def broker(self) -> AsyncIterator[NatsBus]:
        """Run the broker on the store that is there, with streams laid, and connect as the sender."""
        users = [admin_user("platform", self.keys.nats_public())]
        users += [service_user(name, self.keys.nats_public(name), name) for name in (SENDER, RECEIVER)]
        async with nats_server(self.folder / "nats", users) as nats:
            self.nats_url = nats.url
            await lay_streams(nats.url, self.keys.nats_seed(), [Durable(RECEIVER, reactions.filters())])
            bus = await NatsBus.connect(nats.url, name=SENDER, seed=self.keys.nats_seed(SENDER))
            try:
                yield bus
            finally:
                await bus.close()

    @asynccontextmanager
    async def relaying(self, bus: NatsBus) -> AsyncIterator[Relay]:
        relay = Relay(SENDER, self.source.url, bus, STREAM, tables=nouns_of(Sending.metadata))
        running = asyncio.create_task(relay.run())
        try:
            yield relay
        finally:
            relay.stop()
            await running

    @asynccontextmanager
    async def consuming(self) -> AsyncIterator[None]:
        bus = await NatsBus.connect(self.nats_url, name=RECEIVER, seed=self.keys.nats_seed(RECEIVER))
        consumer = Consumer(self.sink, RECEIVER, reactions)

        async def consume() -> None:
            async with aclosing(bus.batches(RECEIVER, 0.003)) as batches:
                async for batch in batches:
                    await consumer.take(batch)
                    now = time.perf_counter()
                    for message in batch:
                        event = Tallied.model_validate_json(message.data)
                        self.arrived.setdefault((event.tally_id, event.total), now)

        running = asyncio.create_task(consume())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await bus.close()


@asynccontextmanager
async def opened() -> AsyncIterator[Works]:
    with temporary_directory() as folder:
        keys = Keyring(folder)
        roles = {name: keys.database_password(name) for name in (SENDER, RECEIVER)}
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(postgres(folder / "postgres", roles))
            source, sink = Database(SENDER, server.url(SENDER)), Database(RECEIVER, server.url(RECEIVER))
            for database, metadata in ((source, Sending.metadata), (sink, Receiving.metadata)):
                stack.push_async_callback(database.close)
                async with database.engine.begin() as tx:
                    await tx.run_sync(metadata.create_all)
            settle_memory()
            yield Works(folder, server, keys, source, sink)
