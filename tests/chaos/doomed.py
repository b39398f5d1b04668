"""Processes that are to die at a named place; without them a test could not lose a process and go on itself."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field

from shared import crashpoint
from shared.auth import Actor
from shared.broker import STREAM
from shared.bus import NatsBus
from shared.clock import system_clock
from shared.contracts.base import Event
from shared.db import Aggregate, Database, Stored, nouns_of, own_tables
from shared.inbox import Consumer, plan
from shared.observe import configure_logs
from shared.outbox import emit
from shared.raw import RawConnection, connect
from shared.reactions import Permanent, Reactions
from shared.relay import Relay
from shared.testing import open_platform

DIES_WITHIN_S = 30.0
KILLED = 137
tables = own_tables()


class Row(Stored, registry=tables):
    pass


class Notch(Aggregate, Row, table=True):
    __tablename__ = "notches"
    total: int = 0


class Effect(Row, table=True):
    __tablename__ = "effects"
    id: int | None = Field(default=None, primary_key=True)
    notch_id: UUID
    total: int


class Cut(Event, subject="kernel.notch.cut"):
    """A notch was cut."""

    notch_id: UUID
    total: int


@dataclass(frozen=True)
class Place:
    """Where the servers are and where acknowledged writes are noted."""

    database_url: str
    nats_url: str
    seed: str
    ledger: Path


@dataclass
class Kernel:
    """A service of one aggregate that listens to itself, on real servers."""

    place: Place
    poison: frozenset[int] = frozenset()
    """Totals that can never be digested."""
    database: Database = field(init=False)
    consumer: Consumer = field(init=False)
    bus: NatsBus = field(init=False)
    relay: Relay = field(init=False)
    connection: RawConnection = field(init=False)

    async def __aenter__(self) -> Self:
        url = self.place.database_url
        self.database = Database("kernel", url)
        reactions = Reactions()
        reactions.on(Cut)(self._note)
        self.consumer = Consumer(self.database, "kernel", reactions)
        self.bus = await NatsBus.connect(self.place.nats_url, name="kernel", seed=self.place.seed)
        self.connection = await connect(url)
        self.relay = Relay("kernel", url, self.bus, STREAM, tables=nouns_of(Row.metadata))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.bus.close()
        await self.connection.close()
        await self.database.close()

    async def _note(self, fact: Cut, tx: AsyncSession) -> None:
        tx.add(Effect(notch_id=fact.notch_id, total=fact.total))
        await tx.flush()
        if fact.total in self.poison:
            raise Permanent("this can never be digested")

    async def cut(self, *notches: UUID) -> None:
        """Cut one notch more, each in a transaction of its own, and note that it was acknowledged."""
        for notch_id in notches:
            async with self.database.transaction() as tx:
                notch = await tx.get(Notch, notch_id, with_for_update=True) or Notch(id=notch_id, area_code="999901")
                notch.total += 1
                event = Cut(at=system_clock(), area_code="999901", notch_id=notch_id, total=notch.total)
                await emit(tx, notch, event)
                told = f"{notch_id} {notch.total}\n"
            with self.place.ledger.open("a", encoding="ascii") as ledger:
                ledger.write(told)

    async def relayed(self) -> None:
        while await self.relay.pump(self.connection):
            pass

    async def consume(self) -> None:
        async with aclosing(self.bus.batches("kernel")) as batches:
            async for batch in batches:
                await self.consumer.take(batch)


async def work(place: Place, notches: Sequence[UUID], *, poison: bool) -> None:
    """Do everything a service does: act, send alone and in batches, compare, receive, park."""
    async with Kernel(place, frozenset({4}) if poison else frozenset()) as kernel:
        await kernel.relayed()
        await kernel.cut(*notches)
        await kernel.relayed()
        await kernel.cut(*notches, *notches)
        await kernel.relayed()
        kernel.relay.compare()
        await kernel.relayed()
        if poison:
            await kernel.cut(notches[0])
            await kernel.relayed()
        await asyncio.wait_for(kernel.consume(), DIES_WITHIN_S)


async def deliver(url: str, settings: Mapping[str, Any], events: Sequence[tuple[UUID, int, Event]]) -> None:
    """Be the notify service while these events happen elsewhere."""
    async with open_platform(["notify"], {"notify": url}, settings) as platform:
        await platform.announce(*events)
        await platform.settle()


async def ask_once(url: str, settings: Mapping[str, Any], who: Actor, address: str, body: object, key: str) -> None:
    """Be the volunteer service while somebody asks for this with an Idempotency-Key."""
    async with (
        open_platform(["volunteer"], {"volunteer": url}, settings) as here,
        here.client("volunteer", who) as http,
    ):
        await http.post(address, json=body, headers={"idempotency-key": key})


def _die(point: str, suspicious: bool, work: Callable[..., Coroutine[Any, Any, None]], *values: Any) -> None:
    configure_logs("CRITICAL")
    crashpoint._WANTED = point
    if suspicious:
        plan.CALM_DELIVERIES = 0
    asyncio.run(work(*values))
    os._exit(0)


async def exit_code(
    point: str, work: Callable[..., Coroutine[Any, Any, None]], *values: Any, suspicious: bool = False
) -> int | None:
    """Run this work in a process that is to die at the named place; give how it ended.

    `suspicious`: it takes every message for one that may have ended a process before.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(
        ["services.notify.main", "services.volunteer.main", "shared.testing"]
    )  # imported once, forked often
    process = context.Process(target=_die, args=(point, suspicious, work, *values), daemon=True)
    process.start()
    await asyncio.to_thread(process.join, 2 * DIES_WITHIN_S)
    if process.is_alive():
        process.kill()
    return process.exitcode
