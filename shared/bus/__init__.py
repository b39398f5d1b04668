"""One service's connection to NATS JetStream; without it nothing flows between services."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from shared.broker import STREAM, UNKNOWN, Answer, Incoming, Kept, Outgoing, StreamState, Way
from shared.bus.publishing import published
from shared.bus.pulling import pulled
from shared.bus.state import own_messages, stream_state
from shared.bus.waiting import Waiting
from shared.observe import logger

RECONNECT_WAIT_S = 0.2
PING_S = 2.0
PINGS_UNANSWERED = 2
"""A server that hangs, whose cable was pulled, or to whom nats-py's reader no longer listens (it may end without a
word) is given up after about six seconds; by nats-py's own measure after six minutes."""
ABANDON_S = 10.0
"""A client that was lost for so long is replaced: nats-py's may have stopped trying without a word."""
WATCH_S = 0.5
DENIED = re.compile(r'permissions violation for publish to "(.+)"')

log = logger("bus")


@dataclass(slots=True)
class NatsBus:
    """Publishes the service's own subjects, pulls its own durable consumer."""

    url: str
    name: str
    seed: str | None
    stream: str = STREAM
    ack_timeout_s: float = 5.0
    reconnects: int = 0
    """How often the connection was lost and found again: what was asked before must be asked anew."""
    client: Client = field(default_factory=Client)
    js: JetStreamContext = field(init=False)
    _joined: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: Waiting = field(default_factory=Waiting)
    _ears: list[tuple[str, Callable[[bytes], None]]] = field(default_factory=list[tuple[str, Callable[[bytes], None]]])
    _keeper: "asyncio.Task[None]" = field(init=False)

    def __post_init__(self) -> None:
        self.js = self.client.jetstream()
        self._keeper = asyncio.create_task(self._keep(), name=f"{self.name} keeps to the broker")

    @classmethod
    async def connect(cls, url: str, *, name: str, seed: str | None, stream: str = STREAM) -> "NatsBus":
        """Connect, however long that takes; `seed` is the service's nkey seed."""
        bus = cls(url, name, seed, stream)
        await bus._joined.wait()
        return bus

    @classmethod
    def joining(cls, url: str, *, name: str, seed: str | None, stream: str = STREAM) -> "NatsBus":
        """Begin to connect and keep at it for ever: a service starts, and takes reports, while the broker is away.

        `url` may name several servers of one cluster, with commas between them.
        """
        return cls(url, name, seed, stream)

    async def _keep(self) -> None:
        """Be connected for ever, with one client after the other."""
        while True:
            client = Client()
            try:
                await self._join(client)
                lost_s = 0.0
                while lost_s < ABANDON_S and not client.is_closed:
                    await asyncio.sleep(WATCH_S)
                    lost_s = 0.0 if client.is_connected else lost_s + WATCH_S
                log.warning("the client of the broker has given up; another takes its place", service=self.name)
            except Exception as broken:  # noqa: BLE001 — whatever a server says, a service must not stay outside
                log.warning("cannot join the broker", service=self.name, error=repr(broken))
                await asyncio.sleep(WATCH_S)
            finally:
                with contextlib.suppress(Exception):  # it is thrown away, in whatever state
                    await client.close()

    async def _join(self, client: Client) -> None:
        async def on_reconnect() -> None:
            self.reconnects += 1
            log.info("broker is back", service=self.name)

        async def on_lost() -> None:
            if not client.is_closed:
                log.warning("broker is away; events wait in the outbox", service=self.name)
            self._waiting.end_all()

        async def on_error(error: Exception) -> None:
            # Each vain attempt to reach it again comes here too; that it is away was told once.
            tell = log.info if isinstance(error, OSError) else log.warning
            tell("broker error", service=self.name, error=repr(error))
            if denied := DENIED.search(str(error)):
                self._waiting.deny(denied[1])

        await client.connect(
            self.url.split(","),
            name=self.name,
            nkeys_seed_str=self.seed,
            inbox_prefix=f"_INBOX_{self.name}".encode(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_WAIT_S,  # pyright: ignore[reportArgumentType] — any number of seconds will do
            connect_timeout=3,
            ping_interval=PING_S,  # pyright: ignore[reportArgumentType] — as above
            max_outstanding_pings=PINGS_UNANSWERED,
            reconnected_cb=on_reconnect,
            disconnected_cb=on_lost,
            error_cb=on_error,
        )
        self.client, self.js = client, client.jetstream()
        for subject, heard in self._ears:
            await _listen(client, subject, heard)
        if self._joined.is_set():
            await on_reconnect()
        self._joined.set()

    def connected(self) -> bool:
        return self.client.is_connected

    async def close(self) -> None:
        self._keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._keeper

    async def publish(self, rows: Sequence[Outgoing], way: Way) -> list[Answer]:
        if not (rows and self.connected()):
            return [UNKNOWN] * len(rows)
        return await published(self.client, self.js, self._waiting, self.stream, rows, way, self.ack_timeout_s)

    async def batches(
        self, durable: str, spacing_s: float = 0.0, *, stream: str | None = None
    ) -> AsyncGenerator[list[Incoming]]:
        await self._joined.wait()
        while True:
            if self.client.is_closed:
                await asyncio.sleep(WATCH_S)
                continue
            pulls = pulled(self.client, stream or self.stream, durable, lambda: self.reconnects, spacing_s)
            async with contextlib.aclosing(pulls):
                async for batch in pulls:
                    yield batch

    async def state(self) -> StreamState | None:
        return await stream_state(self.client, self.stream) if self.connected() else None

    def own(self, service: str, from_seq: int, to_seq: int, *, bodies: bool) -> AsyncGenerator[list[Kept]]:
        return own_messages(self.client, self.stream, service, from_seq, to_seq, bodies=bodies)

    async def tell(self, subject: str, body: bytes) -> None:
        with contextlib.suppress(NatsError, OSError):
            if self.connected():
                await self.client.publish(subject, body)

    async def hear(self, subject: str, heard: Callable[[bytes], None]) -> None:
        await self._joined.wait()
        self._ears.append((subject, heard))
        with contextlib.suppress(ConnectionClosedError):  # then the next client will listen
            await _listen(self.client, subject, heard)


async def _listen(client: Client, subject: str, heard: Callable[[bytes], None]) -> None:
    async def take(message: Msg) -> None:
        heard(message.data)

    await client.subscribe(subject, cb=take)
