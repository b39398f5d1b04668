"""One running service: its database, broker connection, relay and consumer; without it six mains would differ."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar, cast

from sqlalchemy import MetaData

from shared.auth import TokenReader
from shared.broker import ADVISORY_STREAM, STREAM, Broker
from shared.bus import NatsBus
from shared.clock import Clock, system_clock
from shared.db import Database, nouns_of
from shared.inbox import Consumer
from shared.memo import Memo
from shared.observe import logger
from shared.once import forget
from shared.profile import Profile
from shared.profile.watching import Followed
from shared.reactions import Reactions, together
from shared.relay import Relay
from shared.settings import ServiceSettings

SPACING_S = 0.003
HEAL_S = 30.0
"""So often letters that wait are looked at, and what is missing before them is asked for again."""
FORGET_S = 600.0
"""So often keys of requests are looked at that were sent too long ago to be sent again."""
COMPARE = b"compare"
"""Told to `poke.<service>`: compare the whole stream with the log of record."""
log = logger("service")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Worker:
    """Work beside the HTTP server. `round` does what is due and says how much it did; 0 means rest until woken.

    Tests call `round` themselves, so nothing needs to sleep there.
    """

    name: str
    round: Callable[["Service"], Awaitable[int]]
    rest_s: float = 0.2
    sooner_s: Callable[[], float] | None = None
    """Says how long to rest where that may be shorter; for work whose next instant is known."""
    woken: bool = True
    """Whether a commit ends the rest."""
    pause_s: float = 0.0
    """Taken after every round: what may wait leaves the machine to what may not."""


@dataclass
class Service:
    """Everything a route, a reaction or a worker may need, built once from settings."""

    name: str
    settings: ServiceSettings
    metadata: MetaData
    reactions: Reactions
    workers: Sequence[Worker] = ()
    clock: Clock = system_clock
    spacing_s: float = SPACING_S
    """Least time between two batches of the consumer: under load events gather, a single one is taken at once."""
    database: Database = field(init=False)
    tokens: TokenReader = field(init=False)
    rules: Followed = field(init=False)
    """The profile as its files are; whoever computes from it what is kept asks `rules.on_change` to be told."""
    consumer: Consumer = field(init=False)
    broker: Broker | None = None
    parts: dict[type, object] = field(default_factory=dict[type, object])
    """Further objects of the service by class (evidence store, vault, …), put there by its `main`. One that
    is an async context manager is open while the service runs."""
    relay: Relay | None = None
    _poked: asyncio.Event = field(default_factory=asyncio.Event)
    _wakes: list[asyncio.Event] = field(default_factory=list[asyncio.Event])

    def __post_init__(self) -> None:
        settings = self.settings
        self.database = Database(self.name, settings.database_url.get_secret_value())
        self.database.committed = self._committed
        self.database.info["memo"] = Memo()
        self.tokens = TokenReader(settings.issuer, settings.jwks, settings.jwks_url, self.clock)
        self.rules = Followed(self.name, settings.profile, settings.profiles_dir, self._take_rules)
        self.consumer = Consumer(self.database, self.name, self.reactions)

    @classmethod
    def build(
        cls,
        name: str,
        settings: ServiceSettings,
        metadata: MetaData,
        reactions: Sequence[Reactions] = (),
        workers: Sequence[Worker] = (),
        parts: Sequence[object] = (),
        clock: Clock = system_clock,
        spacing_s: float = SPACING_S,
    ) -> "Service":
        known = {type(part): part for part in parts}
        return cls(name, settings, metadata, together(reactions), workers, clock, spacing_s, parts=known)

    @property
    def profile(self) -> Profile:
        """The rules in force; a transaction keeps those with which it began."""
        return self.rules.current

    def part(self, kind: type[T]) -> T:
        """Give the part of this class; that it is there is the promise of the service's `main`."""
        found = self.parts[kind]
        assert isinstance(found, kind)
        return found

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Hold connections and background loops for as long as the HTTP server runs."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.database.close)
            for part in self.parts.values():
                if isinstance(part, AbstractAsyncContextManager):
                    await stack.enter_async_context(cast("AbstractAsyncContextManager[object]", part))
            if self.settings.nats_url is not None:
                await self._join_bus(stack, self.settings.nats_url)
            self._background(stack, self._forget, f"{self.name} kept answers")
            self._background(stack, self._follow_rules, f"{self.name} rules")
            for worker in self.workers:
                wake = asyncio.Event()
                if worker.woken:
                    self._wakes.append(wake)
                self._background(stack, partial(self._work, worker, wake), f"{self.name} {worker.name}")
            yield

    def _committed(self) -> None:
        if self.relay is not None and not self.relay.active:
            self._poked.set()
        for wake in self._wakes:
            wake.set()

    async def _work(self, worker: Worker, wake: asyncio.Event) -> None:
        while True:
            wake.clear()
            done = await worker.round(self)
            await asyncio.sleep(worker.pause_s)
            if done == 0:
                rest_s = worker.rest_s if worker.sooner_s is None else min(worker.rest_s, worker.sooner_s())
                # Not `wait_for`: of a wake and an end at the same moment it would let the end go unheard.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(rest_s):
                        await wake.wait()

    async def _join_bus(self, stack: AsyncExitStack, url: str) -> None:
        seed_file = self.settings.nats_seed_file
        seed = seed_file.read_text().strip() if seed_file else None
        bus = NatsBus.joining(url, name=self.name, seed=seed)
        stack.push_async_callback(bus.close)
        self.broker = bus
        relay = self.relay = Relay(
            self.name,
            self.database.url,
            bus,
            STREAM,
            tables=nouns_of(self.metadata),
            archive_days=self.settings.archive_days,
        )
        self._wakes.append(relay.wake)
        self._background(stack, partial(self._listen, bus, relay), f"{self.name} ears")
        relaying = asyncio.create_task(relay.run(), name=f"{self.name} relay")
        stack.push_async_callback(_finish, relay, relaying)
        if self.reactions.filters():
            self.consumer.tell = bus.tell
            self._background(stack, partial(self._consume, bus), f"{self.name} consumer")
            self._background(stack, self._heal, f"{self.name} letters")
            self._background(stack, partial(self._give_up, bus), f"{self.name} advisories")

    async def _forget(self) -> None:
        while True:
            await asyncio.sleep(FORGET_S)
            await forget(self.database, self.clock() - timedelta(hours=self.settings.answers_kept_h))

    def _take_rules(self, rules: Profile) -> None:
        self.database.info["profile"] = rules

    async def _follow_rules(self) -> None:
        while True:
            await asyncio.sleep(self.settings.profile_look_s)
            await self.rules.look()

    async def _listen(self, bus: NatsBus, relay: Relay) -> None:
        """Hear what other processes of this service and the operator tell; what is lost costs patience only."""
        await bus.hear(f"poke.{self.name}", lambda body: relay.compare() if body == COMPARE else relay.wake.set())
        await bus.hear(f"recall.{self.name}", relay.recall)
        while True:
            await self._poked.wait()
            self._poked.clear()
            await bus.tell(f"poke.{self.name}", b"")

    async def _consume(self, bus: NatsBus) -> None:
        async with contextlib.aclosing(bus.batches(self.name, self.spacing_s)) as batches:
            async for batch in batches:
                await self.consumer.take(batch)

    async def _give_up(self, bus: NatsBus) -> None:
        """Keep as letters what the broker gave up, for it tells so only once and delivers them never again."""
        async with contextlib.aclosing(bus.batches(self.name, stream=ADVISORY_STREAM)) as batches:
            async for advisories in batches:
                for advisory in advisories:
                    await self.consumer.given_up(advisory)

    async def _heal(self) -> None:
        while True:
            await self.consumer.heal()
            await asyncio.sleep(HEAL_S)

    def _background(self, stack: AsyncExitStack, work: Callable[[], Awaitable[None]], title: str) -> None:
        """Run a loop for as long as the service runs; a crash is logged and the loop begins anew."""

        async def for_ever() -> None:
            while True:
                try:
                    await work()
                except Exception as crashed:
                    log.exception("worker crashed; starting it again", worker=title, error=repr(crashed))
                await asyncio.sleep(0.5)

        stack.push_async_callback(_cancel, asyncio.create_task(for_ever(), name=title))


async def _finish(relay: Relay, task: "asyncio.Task[None]") -> None:
    relay.stop()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(task, 5)


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
