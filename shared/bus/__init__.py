"""One service's connection to NATS JetStream; without it nothing flows between services."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from shared.broker import STREAM, UNKNOWN, Answer, Incoming, Kept, Outgoing, StreamState, Way
from shared.bus.publishing import published
from shared.bus.pulling import pulled
from shared.bus.state import own_messages, stream_state
from shared.observe import logger

PING_S = 2.0
PINGS_UNANSWERED = 2
"""A server that hangs, or whose cable was pulled, is given up after about six seconds for another of its cluster; by
nats-py's own measure after six minutes."""

log = logger("bus")


@dataclass(slots=True)
class NatsBus:
    """Publishes the service's own subjects, pulls its own durable consumer."""

    client: Client
    js: JetStreamContext
    join: "asyncio.Task[None]"
    stream: str = STREAM
    ack_timeout_s: float = 5.0
    reconnects: int = 0
    """How often the connection was lost and found again: what was asked before must be asked anew."""
    _publishing: set[asyncio.Timeout] = field(default_factory=set[asyncio.Timeout])
    """Ends at once when the connection is lost: nats-py would wait out the time for answers that cannot come."""

    @classmethod
    async def connect(cls, url: str, *, name: str, seed: str | None, stream: str = STREAM) -> "NatsBus":
        """Connect, however long that takes; `seed` is the service's nkey seed."""
        bus = cls.joining(url, name=name, seed=seed, stream=stream)
        await bus.join
        return bus

    @classmethod
    def joining(cls, url: str, *, name: str, seed: str | None, stream: str = STREAM) -> "NatsBus":
        """Begin to connect and keep at it for ever: a service starts, and takes reports, while the broker is away.

        `url` may name several servers of one cluster, with commas between them.
        """
        client = Client()

        async def on_reconnect() -> None:
            bus.reconnects += 1
            log.info("broker is back", service=name)

        async def on_lost() -> None:
            if not client.is_closed:
                log.warning("broker is away; events wait in the outbox", service=name)
            for patience in bus._publishing:
                if not patience.expired():
                    patience.reschedule(0)

        async def on_error(error: Exception) -> None:
            # Each vain attempt to reach it again comes here too; that it is away was told once.
            tell = log.info if isinstance(error, OSError) else log.warning
            tell("broker error", service=name, error=repr(error))

        connecting = client.connect(
            url.split(","),
            name=name,
            nkeys_seed_str=seed,
            inbox_prefix=f"_INBOX_{name}".encode(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,  # pyright: ignore[reportArgumentType] — any number of seconds will do
            connect_timeout=3,
            ping_interval=PING_S,  # pyright: ignore[reportArgumentType] — any number of seconds will do
            max_outstanding_pings=PINGS_UNANSWERED,
            reconnected_cb=on_reconnect,
            disconnected_cb=on_lost,
            error_cb=on_error,
        )
        join = asyncio.create_task(connecting, name=f"{name} joins the broker")
        bus = cls(client, client.jetstream(), join, stream)
        return bus

    def connected(self) -> bool:
        return self.client.is_connected

    async def close(self) -> None:
        self.join.cancel()
        with contextlib.suppress(NatsError, OSError, asyncio.CancelledError):
            await self.join
        with contextlib.suppress(NatsError, OSError):
            await self.client.close()

    async def publish(self, rows: Sequence[Outgoing], way: Way) -> list[Answer]:
        if self.connected() and rows:
            patience = asyncio.timeout(None)
            try:
                async with patience:
                    self._publishing.add(patience)
                    return await published(self.client, self.js, self.stream, rows, way, self.ack_timeout_s)
            except TimeoutError:
                log.warning("broker left without an answer", rows=len(rows))
            finally:
                self._publishing.discard(patience)
        return [UNKNOWN] * len(rows)

    async def batches(
        self, durable: str, spacing_s: float = 0.0, *, stream: str | None = None
    ) -> AsyncGenerator[list[Incoming]]:
        await asyncio.shield(self.join)
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
        await asyncio.shield(self.join)

        async def take(message: Msg) -> None:
            heard(message.data)

        await self.client.subscribe(subject, cb=take)
