"""Without this file each test of delivery would build its own service of one table that listens to itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from shared.broker import STREAM
from shared.contracts.base import Event
from shared.db import Aggregate, Database, own_tables
from shared.inbox import Consumer
from shared.outbox import emit
from shared.raw import RawConnection, connect
from shared.reactions import Permanent, Reactions
from shared.relay import Relay
from shared.testing import START, MemoryBus, in_disorder


class Row(SQLModel, registry=own_tables()):
    pass


class Counter(Aggregate, Row, table=True):
    __tablename__ = "counters"
    total: int = 0


class Effect(Row, table=True):
    __tablename__ = "effects"
    id: int | None = Field(default=None, primary_key=True)
    counter_id: UUID
    total: int


class Counted(Event, subject="kernel.counter.counted"):
    counter_id: UUID
    total: int


class Kernel:
    """A service of one table that listens to itself."""

    def __init__(self, url: str) -> None:
        self.database = Database("kernel", url)
        self.bus = MemoryBus()
        self.reactions = Reactions()
        self.poison: set[int] = set()
        self.permanent: set[int] = set()
        self.reactions.on(Counted)(self.note)
        self.bus.listen("kernel", self.reactions.filters())
        self.consumer = Consumer(self.database, "kernel", self.reactions)
        self.relay = Relay("kernel", url, self.bus, STREAM)
        self.url = url
        self._connection: RawConnection | None = None

    async def note(self, fact: Counted, tx: AsyncSession) -> None:
        tx.add(Effect(counter_id=fact.counter_id, total=fact.total))
        await tx.flush()
        if fact.total in self.poison:
            raise ValueError(f"cannot digest {fact.total}")
        if fact.total in self.permanent:
            raise Permanent("never")

    async def count(self, counter_id: UUID, times: int = 1) -> None:
        for _ in range(times):
            async with self.database.transaction() as tx:
                counter = await tx.get(Counter, counter_id, with_for_update=True)
                counter = counter or Counter(id=counter_id, area_code="999901")
                counter.total += 1
                await emit(
                    tx, counter, Counted(at=START, area_code="999901", counter_id=counter_id, total=counter.total)
                )

    async def relayed(self) -> int:
        if self._connection is None:
            self._connection = await connect(self.url)
        moved = 0
        while step := await self.relay.pump(self._connection):
            moved += step
        return moved

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        await self.database.close()

    async def deliver(self, *, times: int = 1, shuffle: Random | None = None) -> None:
        for _ in range(200):
            batch = self.bus.due("kernel")
            if not batch:
                return
            for piece in [batch] if shuffle is None else in_disorder(batch, shuffle):
                for _ in range(times):
                    await self.consumer.take(piece)
        raise AssertionError("never came to rest")

    async def ask(self, query: str) -> list[Any]:
        async with self.database.transaction() as tx:
            return [tuple(row) for row in await tx.execute(text(query))]


@asynccontextmanager
async def kernel_on(url: str) -> AsyncIterator[Kernel]:
    """Give the service on an empty database."""
    made = Kernel(url)
    async with made.database.engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
        for table in reversed(Row.metadata.sorted_tables):
            await connection.execute(text(f'delete from "{table.name}"'))
    yield made
    async with made.database.engine.begin() as connection:
        await connection.run_sync(Row.metadata.drop_all)
    await made.close()
