"""Stories across services without sleeping: real databases, an exact broker in memory, time that the test sets.

`await platform.settle(redeliver=3)` runs relay → broker → reactions → workers until nothing moves, delivering every
message three times, so that each story is an idempotency test as well.
"""

import json
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OKPKey
from sqlalchemy import text
from starlette.routing import BaseRoute

from shared.auth import AUDIENCE, Actor
from shared.broker import STREAM, UNKNOWN, Answer, Incoming, Kept, Outgoing, StreamState, Way
from shared.contracts.base import EVENTS, Event
from shared.outbox import bus_subject, event_bytes
from shared.raw import RawConnection, connect
from shared.relay import Relay
from shared.relay.plan import DUPLICATE
from shared.service import Service

ISSUER = "commonwatch-test"
START = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
"""09:00 in the county on the day before a long holiday: working-day clocks cannot be right by accident."""


@cache
def signing_key() -> OKPKey:
    """Give the test run's own signing key."""
    return OKPKey.generate_key("Ed25519", {"kid": "test", "use": "sig"}, private=True)


def jwks() -> str:
    return json.dumps({"keys": [signing_key().as_dict(private=False)]})


def private_jwk() -> str:
    return json.dumps(signing_key().as_dict(private=True))


def token(actor: Actor, *, at: datetime = START, lifetime_s: int = 3600, **changes: Any) -> str:
    """Sign a token for this actor as the gateway would; `changes` overrides claims (to forge and to expire)."""
    issued = int(at.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(actor.id),
        "iat": issued,
        "exp": issued + lifetime_s,
        "jti": uuid4().hex,
        "role": actor.role,
        "party": str(actor.party_id) if actor.party_id else None,
        "area": actor.area_code,
        "lang": actor.language,
        "name": actor.name,
        **changes,
    }
    return jwt.encode({"alg": "Ed25519", "typ": "at+jwt", "kid": "test"}, claims, signing_key(), algorithms=["Ed25519"])


@dataclass
class MemoryBus:
    """A broker with the guarantees of the real one: stored once per event id, delivered at least once, in order."""

    filters: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    stored: list[Outgoing] = field(default_factory=list[Outgoing])
    queues: dict[str, deque[tuple[int, int]]] = field(default_factory=dict[str, deque[tuple[int, int]]])
    up: bool = True
    reconnects: int = 0
    announced: set[UUID] = field(default_factory=set[UUID])
    """Events put here by a test; their owner must not take them for facts that it forgot."""
    ears: dict[str, list[Callable[[bytes], None]]] = field(default_factory=dict[str, list[Callable[[bytes], None]]])
    _ids: dict[str, int] = field(default_factory=dict[str, int])

    def listen(self, durable: str, filters: Sequence[str]) -> None:
        self.filters[durable] = filters
        self.queues[durable] = deque()

    def connected(self) -> bool:
        return self.up

    async def publish(self, rows: Sequence[Outgoing], way: Way) -> list[Answer]:
        if not self.up:
            return [UNKNOWN] * len(rows)
        if way is Way.BATCH and any(row.message_id in self._ids for row in rows):
            return [Answer(None, DUPLICATE, "batch contains a duplicate")] * len(rows)
        return [Answer(self._store(row)) for row in rows]

    async def state(self) -> StreamState | None:
        return StreamState(START, 1, len(self.stored)) if self.up else None

    async def own(self, service: str, from_seq: int, to_seq: int, *, bodies: bool) -> AsyncGenerator[list[Kept]]:
        yield [
            Kept(place, row.event_id, row.subject, row.headers, row.data if bodies else b"")
            for place, row in enumerate(self.stored[:to_seq], 1)
            if place >= from_seq and row.subject.split(".")[2] == service and row.event_id not in self.announced
        ]

    async def tell(self, subject: str, body: bytes) -> None:
        for heard in self.ears.get(subject, []):
            heard(body)

    async def hear(self, subject: str, heard: Callable[[bytes], None]) -> None:
        self.ears.setdefault(subject, []).append(heard)

    def _store(self, row: Outgoing) -> int:
        if (known := self._ids.get(row.message_id)) is not None:
            return known
        self.stored.append(row)
        sequence = self._ids[row.message_id] = len(self.stored)
        for durable, filters in self.filters.items():
            if any(_matches(row.subject, pattern) for pattern in filters):
                self.queues[durable].append((sequence, 1))
        return sequence

    async def batches(self, durable: str, spacing_s: float = 0.0) -> AsyncIterator[list[Incoming]]:  # noqa: ARG002 — nothing waits here
        """Yield what waits now; a test kit has no standing loop."""
        if batch := self.due(durable):
            yield batch

    def due(self, durable: str) -> list[Incoming]:
        """Give each message that waits once, however often whoever had it before asked for it again."""
        queue = self.queues.get(durable, deque())
        tries = dict[int, int]()
        for sequence, delivery in queue:
            tries[sequence] = max(delivery, tries.get(sequence, 0))
        queue.clear()
        return [self._incoming(durable, sequence, delivery) for sequence, delivery in tries.items()]

    def _incoming(self, durable: str, sequence: int, tries: int) -> Incoming:
        row = self.stored[sequence - 1]

        async def done() -> None:
            return None

        async def retry(_: float) -> None:
            self.queues[durable].append((sequence, tries + 1))

        headers = {name.lower(): value for name, value in row.headers.items()}
        return Incoming(row.subject, headers, row.data, sequence, tries, ack=done, retry=retry, park=done)


def in_disorder(batch: Sequence[Incoming], random: Random) -> list[list[Incoming]]:
    """Cut a batch into small ones in any order: a consumer puts the messages of one batch in order again."""
    left = random.sample(batch, len(batch))
    pieces: list[list[Incoming]] = []
    while left:
        size = random.randint(1, 3)
        pieces.append(left[:size])
        left = left[size:]
    return pieces


def _matches(subject: str, pattern: str) -> bool:
    words, asked = subject.split("."), pattern.split(".")
    for position, word in enumerate(asked):
        if word == ">":
            return len(words) > position
        if position >= len(words) or word not in {"*", words[position]}:
            return False
    return len(words) == len(asked)


@dataclass
class Platform:
    """Any set of services in this process, each on its own database."""

    bus: MemoryBus = field(default_factory=MemoryBus)
    apps: dict[str, FastAPI] = field(default_factory=dict[str, FastAPI])
    relays: dict[str, tuple[Relay, RawConnection]] = field(default_factory=dict[str, tuple[Relay, RawConnection]])
    now: datetime = START

    def clock(self) -> datetime:
        return self.now

    def travel(self, **time: float) -> None:
        """Let time pass: `travel(days=3)`."""
        self.now += timedelta(**time)

    def service(self, name: str) -> Service:
        service: Service = self.apps[name].state.service
        return service

    @asynccontextmanager
    async def client(
        self, name: str, actor: Actor | None = None, language: str = "en"
    ) -> AsyncGenerator[httpx.AsyncClient]:
        """Speak HTTP to a service as this actor."""
        headers = {"accept-language": language}
        if actor is not None:
            headers["authorization"] = f"Bearer {token(actor, at=self.now)}"
        transport = httpx.ASGITransport(self.apps[name], raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{name}", headers=headers) as client:
            yield client

    async def settle(self, redeliver: int = 1, shuffle: Random | None = None) -> int:
        """Run until nothing moves; return how many deliveries were made. Fails when it never comes to rest."""
        delivered = 0
        for _ in range(1000):
            moved = 0
            for relay, connection in self.relays.values():
                moved += await relay.pump(connection)
            for name, app in self.apps.items():
                service: Service = app.state.service
                if batch := self.bus.due(name):
                    for piece in [batch] if shuffle is None else in_disorder(batch, shuffle):
                        for _ in range(redeliver):
                            await service.consumer.take(piece)
                    moved += len(batch)
                    delivered += len(batch) * redeliver
                for worker in service.workers:
                    moved += await worker.round(service)
            if moved == 0:
                moved = await self._healed()
            if moved == 0:
                return delivered
        raise AssertionError("the platform never came to rest")

    async def _healed(self) -> int:
        """Look after letters that wait; give how many followed, and how many facts were sent again for them."""
        followed = [await self.service(name).consumer.heal() for name in self.apps]
        sent = [await relay.pump(connection) for relay, connection in self.relays.values()]
        return sum(followed) + sum(sent)

    async def announce(self, *events: tuple[UUID, int, Event]) -> None:
        """Put events of services that are not here on the bus: (aggregate id, version, event)."""
        rows = [_announced(*event) for event in events]
        self.bus.announced |= {row.event_id for row in rows}
        await self.bus.publish(rows, Way.SINGLY)

    def events(self, *types: type[Event]) -> list[Event]:
        """List what was published, in order, of these classes (or all)."""
        wanted = {kind.type_name() for kind in types}
        rows = [row for row in self.bus.stored if not wanted or row.headers["ce-type"] in wanted]
        return [EVENTS[row.headers["ce-type"]].model_validate_json(row.data) for row in rows]

    async def rows(self, name: str, query: str, **values: Any) -> list[Mapping[str, Any]]:
        """Look into a service's database."""
        async with self.service(name).database.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]

    async def dead_letters(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for name in self.apps:
            found += await self.rows(name, "select consumer, subject, error from dead_letter")
        return found


def _announced(aggregate_id: UUID, version: int, event: Event) -> Outgoing:
    event_id = uuid4()
    return Outgoing(
        event_id,
        aggregate_id,
        bus_subject(event),
        {
            "ce-id": str(event_id),
            "ce-source": f"/{event.owner()}",
            "ce-type": event.type_name(),
            "ce-subject": str(aggregate_id),
            "ce-time": event.at.isoformat(),
            "ce-sequence": f"{version:010d}",
        },
        event_bytes(event),
    )


@asynccontextmanager
async def open_platform(
    names: Sequence[str], database_urls: Mapping[str, str], common: Mapping[str, Any]
) -> AsyncGenerator[Platform]:
    """Build the services from their own `create_app`, on databases that exist and have their tables."""
    platform = Platform()
    async with AsyncExitStack() as stack:
        for name in names:
            settings_class: Callable[..., Any] = import_module(f"services.{name}.settings").Settings
            settings = settings_class(
                **{
                    "issuer": ISSUER,
                    "jwks": jwks(),
                    "signing_key": private_jwk(),
                    "factor_key": "A" * 43,
                    **common,
                    "database_url": database_urls[name],
                }
            )
            create_app: Callable[..., FastAPI] = import_module(f"services.{name}.main").create_app
            extra = {"transports": Transports(platform)} if name == "gateway" else {}
            app = platform.apps[name] = create_app(settings, clock=platform.clock, **extra)
            _as_taken_apart_before(name, app)
            service: Service = app.state.service
            if filters := service.reactions.filters():
                platform.bus.listen(name, filters)
            connection = await connect(database_urls[name])
            stack.push_async_callback(connection.close)
            stack.push_async_callback(service.database.close)
            relay = Relay(name, database_urls[name], platform.bus, STREAM)
            await platform.bus.hear(f"recall.{name}", relay.recall)
            service.consumer.tell = platform.bus.tell
            platform.relays[name] = (relay, connection)
        yield platform


_FIRST = dict[str, FastAPI]()


def _as_taken_apart_before(name: str, app: FastAPI) -> None:
    """Include and describe routers by what FastAPI made of them for the service's first app here, which takes seconds.

    A router of the app's own, which knows its settings, is another object each time and stays.
    """
    first = _FIRST.setdefault(name, app)
    if first is app:
        return
    app.router.routes[:] = [
        known if (own := _router_of(route)) is not None and own is _router_of(known) else route
        for known, route in zip(first.router.routes, app.router.routes, strict=True)
    ]
    app.openapi = first.openapi


def _router_of(route: BaseRoute) -> object:
    return getattr(route, "original_router", None)


OpenPlatform = Callable[..., AbstractAsyncContextManager[Platform]]
"""Type of the fixture that opens any set of services on empty databases."""


class Transports(dict[str, httpx.AsyncBaseTransport]):
    """Lets the gateway reach the other services of the platform without sockets."""

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self._platform = platform

    def __missing__(self, name: str) -> httpx.AsyncBaseTransport:
        transport = self[name] = httpx.ASGITransport(self._platform.apps[name], raise_app_exceptions=False)
        return transport
