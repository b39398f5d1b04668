"""A service that counts and one that listens, on the real kernel; all that chaos here knows of the kernel is below.

Each write has an id that its fact carries, so that what a writer was told can be compared with what became of it.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from chaos.live import until
from nats.errors import Error as NatsError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from shared.broker import STREAM, Incoming, Outgoing, Way
from shared.bus import NatsBus
from shared.bus.streams import Durable, lay_streams
from shared.contracts.base import Event
from shared.db import Aggregate, Database, nouns_of, own_tables
from shared.embedded.keys import Keyring
from shared.embedded.nats_rights import NatsUser, admin_user, service_user
from shared.errors import Conflict
from shared.inbox import Consumer
from shared.outbox import emit
from shared.raw import DatabaseFault, Record, connect
from shared.reactions import Reactions
from shared.relay import Relay

WRITER, LISTENER = "counter", "listener"
AREA = "999901"
REST_WITHIN_S = 90.0
WRITERS = 4
WARMING = 10


class Row(SQLModel, registry=own_tables()):
    pass


class Tally(Aggregate, Row, table=True):
    __tablename__ = "tallies"
    total: int = 0


class Tick(Row, table=True):
    """One write, as the writing database knows it."""

    __tablename__ = "ticks"
    id: UUID = Field(primary_key=True)


class HeardRow(SQLModel, registry=own_tables()):
    pass


class Heard(HeardRow, table=True):
    """One effect at the listener."""

    __tablename__ = "heard"
    id: int | None = Field(default=None, primary_key=True)
    write_id: UUID
    tally_id: UUID
    total: int


class Ticked(Event, subject="counter.tally.ticked"):
    tally_id: UUID
    write_id: UUID
    total: int


@dataclass(frozen=True)
class Fact:
    """One message of the stream."""

    event_id: UUID
    write_id: UUID
    tally_id: UUID
    version: int


@dataclass
class Ledger:
    """What the writers were told."""

    acknowledged: set[UUID] = field(default_factory=set[UUID])
    unanswered: set[UUID] = field(default_factory=set[UUID])
    """May be there or not, but then once."""


@dataclass
class Verdict:
    events: int = 0
    copies: int = 0
    """Events that the stream holds twice: allowed, because every inbox drops them."""
    faults: list[str] = field(default_factory=list[str])


@dataclass
class Parties:
    """Writer and listener with their relay and consumer, and the operator's eye on both."""

    writing: Database
    hearing: Database
    nats_url: str
    keys: Keyring
    durable: Durable
    replicas: int
    ledger: Ledger = field(default_factory=Ledger)
    tallies: list[UUID] = field(default_factory=list[UUID])

    async def found(self, count: int = 8) -> None:
        """Count each of some tallies once, so that writers afterwards only compete for rows that exist."""
        self.tallies = [uuid4() for _ in range(count)]
        for tally_id in self.tallies:
            assert await self.tick(tally_id)

    async def tick(self, tally_id: UUID, *first: str) -> bool:
        """Write once, after these statements of the same transaction; tell whether it was acknowledged."""
        write_id = uuid4()
        self.ledger.unanswered.add(write_id)
        try:
            async with self.writing.transaction() as tx:
                for statement in first:
                    await (await tx.connection()).exec_driver_sql(statement)
                tally = await tx.get(Tally, tally_id, with_for_update=True)
                tally = tally or Tally(id=tally_id, area_code=AREA)
                tally.total += 1
                tx.add(Tick(id=write_id))
                fact = Ticked(
                    at=datetime.now(UTC), area_code=AREA, tally_id=tally_id, write_id=write_id, total=tally.total
                )
                await emit(tx, tally, fact)
        except (SQLAlchemyError, Conflict, *DatabaseFault):
            return False
        self.ledger.unanswered.remove(write_id)
        self.ledger.acknowledged.add(write_id)
        return True

    @asynccontextmanager
    async def writing_on(self, rate: float, seed: int) -> AsyncGenerator[None]:
        """Write so often a second for as long as the block lasts, over several connections."""
        done = asyncio.Event()

        async def write(chance: random.Random) -> None:
            while not done.is_set():
                due = time.monotonic() + WRITERS / rate
                await self.tick(chance.choice(self.tallies))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), max(0.001, due - time.monotonic()))

        writers = [asyncio.create_task(write(random.Random(seed * WRITERS + number))) for number in range(WRITERS)]
        try:
            yield
        finally:
            done.set()
            await asyncio.gather(*writers)

    async def rows(self, database: Database, query: str) -> list[Record]:
        connection = await connect(database.url)
        try:
            return await connection.fetch(query)
        finally:
            await connection.close()

    async def ids(self, database: Database, query: str) -> list[UUID]:
        return [next(iter(row.values())) for row in await self.rows(database, query)]

    async def known(self) -> set[UUID]:
        """Give the writes that the writing database knows."""
        return set(await self.ids(self.writing, "select id from ticks"))

    async def effects(self) -> Counter[UUID]:
        return Counter(await self.ids(self.hearing, "select write_id from heard"))

    @asynccontextmanager
    async def operator(self) -> AsyncGenerator[NatsBus]:
        bus = await NatsBus.connect(self.nats_url, name="platform", seed=self.keys.nats_seed())
        try:
            yield bus
        finally:
            await bus.close()

    async def sent(self) -> None:
        """Wait until the outbox is empty."""

        async def empty() -> bool:
            return not await self.rows(self.writing, "select 1 from outbox limit 1")

        await until(empty, "everything was sent", REST_WITHIN_S)

    async def rest(self) -> None:
        """Wait until everything was sent, heard and acknowledged to the broker."""
        await self.sent()
        async with self.operator() as bus:

            async def heard() -> bool:
                try:
                    info = await bus.js.consumer_info(STREAM, LISTENER)
                except (NatsError, OSError, TimeoutError):
                    return False
                return not info.num_pending and not info.num_ack_pending

            await until(heard, "everything was heard", REST_WITHIN_S)

    async def hear_again(self) -> None:
        """Make the listener's consumer anew: everything that the stream holds is delivered once more."""
        async with self.operator() as bus:
            await bus.js.delete_consumer(STREAM, LISTENER)
        await lay_streams(self.nats_url, self.keys.nats_seed(), [self.durable], replicas=self.replicas)

    async def stream(self) -> list[Fact]:
        """Read every fact that the broker holds, in its order."""
        reader = Durable(f"reader-{uuid4().hex[:8]}", ["cw.>"])
        await lay_streams(self.nats_url, self.keys.nats_seed(), [reader], replicas=self.replicas)
        held: list[Incoming] = []
        async with self.operator() as bus, asyncio.timeout(REST_WITHIN_S):
            last = (await bus.js.stream_info(STREAM)).state.last_seq
            async with aclosing(bus.batches(reader.name)) as batches:
                while not held or held[-1].stream_seq < last:
                    for message in sorted(await anext(batches), key=lambda one: one.stream_seq):
                        await message.ack()
                        held.append(message)
            await bus.js.delete_consumer(STREAM, reader.name)
        return [_fact(message) for message in held]

    async def judge(self) -> Verdict:
        """Compare both databases and the stream, all at rest, with what the writers were told."""
        facts, effects, known = await self.stream(), await self.effects(), await self.known()
        stated = {fact.write_id for fact in facts}
        verdict = Verdict(events=len(stated), copies=len(facts) - len({fact.event_id for fact in facts}))
        blame = verdict.faults.append
        for write_id in self.ledger.acknowledged:
            if write_id not in known or effects[write_id] != 1:
                blame(f"acknowledged write {write_id}: known {write_id in known}, {effects[write_id]} effects")
        for write_id in self.ledger.unanswered:
            if effects[write_id] != (write_id in known):
                blame(f"unanswered write {write_id}: known {write_id in known}, {effects[write_id]} effects")
        for write_id in {*known, *effects, *stated} - self.ledger.acknowledged - self.ledger.unanswered:
            blame(f"nobody wrote {write_id}")
        verdict.faults += [f"in one of database and stream only: {write_id}" for write_id in known ^ stated]
        verdict.faults += _gaps("stream", ((fact.tally_id, fact.version) for fact in _first_copies(facts)))
        heard = await self.rows(self.hearing, "select tally_id, total from heard order by id")
        verdict.faults += _gaps("listener", ((row["tally_id"], row["total"]) for row in heard))
        for database, tables in ((self.writing, ("outbox",)), (self.hearing, ("outbox", "dead_letter"))):
            for table in tables:
                left = await self.rows(database, f"select * from {table}")
                verdict.faults += [f"left in {database.service}'s {table}: {row}" for row in left]
        return verdict


@asynccontextmanager
async def parties(
    writing_url: str, hearing_url: str, nats_url: str, keys: Keyring, replicas: int = 1
) -> AsyncGenerator[Parties]:
    """Lay tables and streams, and run relay and consumer for as long as the block lasts."""
    reactions = Reactions()

    async def note(fact: Ticked, tx: AsyncSession) -> None:
        tx.add(Heard(write_id=fact.write_id, tally_id=fact.tally_id, total=fact.total))

    reactions.on(Ticked)(note)
    writing, hearing = Database(WRITER, writing_url), Database(LISTENER, hearing_url)
    await _lay_tables(writing, Row)
    await _lay_tables(hearing, HeardRow)
    durable = Durable(LISTENER, reactions.filters())
    await lay_streams(nats_url, keys.nats_seed(), [durable], replicas=replicas)
    sender = await NatsBus.connect(nats_url, name=WRITER, seed=keys.nats_seed(WRITER))
    receiver = await NatsBus.connect(nats_url, name=LISTENER, seed=keys.nats_seed(LISTENER))
    relay = Relay(WRITER, writing_url, sender, STREAM, tables=nouns_of(Row.metadata))
    await sender.hear(f"recall.{WRITER}", relay.recall)
    writing.committed = relay.wake.set
    consumer = Consumer(hearing, LISTENER, reactions)

    async def listen() -> None:
        async with aclosing(receiver.batches(LISTENER)) as batches:
            async for batch in batches:
                await consumer.take(batch)

    relaying, listening = asyncio.create_task(relay.run()), asyncio.create_task(listen())
    try:
        yield Parties(writing, hearing, nats_url, keys, durable, replicas)
        for task in (relaying, listening):
            assert not task.done(), "a loop of the kernel ended by itself"
    finally:
        relay.stop()
        listening.cancel()
        relaying.cancel()
        await asyncio.gather(relaying, listening, return_exceptions=True)
        for bus in (sender, receiver):
            await bus.close()
        for database in (writing, hearing):
            await database.close()


def nats_users(keys: Keyring) -> list[NatsUser]:
    """Give writer and listener the rights that services have."""
    services = [service_user(name, keys.nats_public(name), name) for name in (WRITER, LISTENER)]
    return [admin_user("platform", keys.nats_public()), *services]


async def publish_batches(parties: Parties, batches: int, rows: int) -> list[float]:
    """Publish so many batches of so many facts as the relay would; give how long each took, in seconds."""
    took: list[float] = []
    async with parties.operator() as bus:
        while len(took) < batches + WARMING:
            key = uuid4()
            facts = [_row(key) for _ in range(rows)]
            began = time.perf_counter()
            answers = await bus.publish(facts, Way.BATCH if rows > 1 else Way.SINGLY)
            if all(answer.seq for answer in answers):
                took.append(time.perf_counter() - began)
            else:
                took.clear()  # the stream is still moving to its new places
    return took[WARMING:]


def _row(key: UUID) -> Outgoing:
    event_id = uuid4()
    return Outgoing(event_id, key, f"cw.{AREA}.bench.row.stored", {"ce-id": str(event_id)}, b"x" * 500)


async def _lay_tables(database: Database, rows: Any) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(rows.metadata.create_all)


def _fact(message: Incoming) -> Fact:
    stated = Ticked.model_validate_json(message.data)
    version = int(message.headers["ce-sequence"])
    return Fact(UUID(message.headers["ce-id"]), stated.write_id, stated.tally_id, version)


def _first_copies(facts: Iterable[Fact]) -> Iterable[Fact]:
    known: set[UUID] = set()
    for fact in facts:
        if fact.event_id not in known:
            known.add(fact.event_id)
            yield fact


def _gaps(where: str, steps: Iterable[tuple[UUID, int]]) -> Iterable[str]:
    """Tell each step that is not the next one of its tally."""
    newest: dict[UUID, int] = defaultdict(int)
    for tally_id, version in steps:
        if version != newest[tally_id] + 1:
            yield f"{where}: version {version} of {tally_id} follows {newest[tally_id]}"
        newest[tally_id] = version
