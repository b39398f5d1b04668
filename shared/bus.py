"""Publishes to and pulls from NATS JetStream; without it nothing flows between services."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from shared.broker import STREAM, Incoming, Outgoing, decode_headers, encode_headers
from shared.observe import logger

ASYNC_ROWS = 24
"""Up to so many rows of different aggregates go out at once, unbatched (measured: lowest latency at low rate)."""
BATCH_BYTES = 4 * 1024 * 1024
PULL_BATCH = 200
PULL_EXPIRES_S = 3.0

log = logger("bus")


@dataclass(slots=True)
class NatsBus:
    """One service's connection: publishes its own subjects, pulls its own durable consumer."""

    client: Client
    js: JetStreamContext
    join: "asyncio.Task[None]"
    stream: str = STREAM
    ack_timeout_s: float = 5.0
    _reconnected: asyncio.Event = field(default_factory=asyncio.Event)
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
        """Begin to connect and keep at it for ever: a service starts, and takes reports, while the broker is away."""
        client = Client()

        async def on_reconnect() -> None:
            bus._reconnected.set()
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
            url,
            name=name,
            nkeys_seed_str=seed,
            inbox_prefix=f"_INBOX_{name}".encode(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,  # pyright: ignore[reportArgumentType] — any number of seconds will do
            connect_timeout=3,
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

    async def publish_all(self, rows: Sequence[Outgoing]) -> list[int | None]:
        if self.connected() and rows:
            patience = asyncio.timeout(None)
            try:
                async with patience:
                    self._publishing.add(patience)
                    return await self._publish(rows)
            except TimeoutError:
                log.warning("broker left without an answer", rows=len(rows))
            finally:
                self._publishing.discard(patience)
        return [None] * len(rows)

    async def _publish(self, rows: Sequence[Outgoing]) -> list[int | None]:
        aggregates = {row.aggregate_id for row in rows}
        if len(rows) <= ASYNC_ROWS and len(aggregates) == len(rows):
            return await self._publish_together(rows)
        stored = await self._publish_batch(rows)
        return stored if stored is not None else await self._publish_singly(rows)

    async def _publish_together(self, rows: Sequence[Outgoing]) -> list[int | None]:
        """Publish rows of different aggregates at once. A missing ack means unknown, never sent."""
        answers = await asyncio.gather(*(self._publish_one(row) for row in rows))
        return list(answers)

    async def _publish_singly(self, rows: Sequence[Outgoing]) -> list[int | None]:
        """Publish in order, stopping each aggregate at its first failure."""
        held: set[UUID] = set()
        answers: list[int | None] = []
        for row in rows:
            sequence = None if row.aggregate_id in held else await self._publish_one(row)
            if sequence is None:
                held.add(row.aggregate_id)
            answers.append(sequence)
        return answers

    async def _publish_one(self, row: Outgoing) -> int | None:
        try:
            ack = await self.js.publish(
                row.subject,
                row.data,
                timeout=self.ack_timeout_s,
                stream=self.stream,
                headers=_message_headers(row),
            )
        except (NatsError, OSError, TimeoutError) as failed:
            log.warning("publish failed", subject=row.subject, error=repr(failed))
            return None
        return ack.seq

    async def _publish_batch(self, rows: Sequence[Outgoing]) -> list[int | None] | None:
        """Store all rows as one atomic batch (ADR-50: one fsync); None when the server refused the batch whole."""
        if sum(len(row.data) for row in rows) > BATCH_BYTES:
            return None
        batch_id = uuid4().hex
        headers: list[dict[str, Any]] = [
            {
                **_message_headers(row),
                "Nats-Expected-Stream": self.stream,
                "Nats-Batch-Id": batch_id,
                "Nats-Batch-Sequence": str(position),
            }
            for position, row in enumerate(rows, 1)
        ]
        headers[-1]["Nats-Batch-Commit"] = "1"
        last = rows[-1]
        try:
            for row, dressed in zip(rows[:-1], headers[:-1], strict=True):
                await self.client.publish(row.subject, row.data, headers=dressed)
            reply = await self.client.request(last.subject, last.data, headers=headers[-1], timeout=self.ack_timeout_s)
        except (NatsError, OSError, TimeoutError) as failed:
            log.warning("batch unanswered", rows=len(rows), error=repr(failed))
            return list[int | None]([None]) * len(rows)
        answer: dict[str, Any] = json.loads(reply.data)
        if "error" in answer:
            log.info("batch refused; publishing singly", code=answer["error"].get("err_code"))
            return None
        end: int = answer["seq"]
        return [end - len(rows) + position for position in range(1, len(rows) + 1)]

    async def batches(self, durable: str, spacing_s: float = 0.0) -> AsyncGenerator[list[Incoming]]:
        """Pull for ever with one standing request, handing over whatever has arrived.

        Own loop instead of `fetch`: that one waits for a full batch or its time-out once a message has come.
        """
        await asyncio.shield(self.join)
        arrived: asyncio.Queue[Msg] = asyncio.Queue()

        async def put(message: Msg) -> None:
            arrived.put_nowait(message)

        inbox = self.client.new_inbox()
        subscription = await self.client.subscribe(inbox, cb=put)
        ask = json.dumps({"batch": PULL_BATCH, "expires": int(PULL_EXPIRES_S * 1e9)}).encode()
        wanted = 0
        loop = asyncio.get_running_loop()
        renew_at = last = 0.0
        try:
            while True:
                if self._reconnected.is_set() or wanted <= 0 or loop.time() >= renew_at:
                    self._reconnected.clear()
                    wanted, renew_at = PULL_BATCH, loop.time() + PULL_EXPIRES_S + 1
                    with contextlib.suppress(NatsError, OSError):
                        await self.client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{self.stream}.{durable}", ask, inbox)
                try:
                    messages = [await asyncio.wait_for(arrived.get(), min(0.5, max(0.01, renew_at - loop.time())))]
                except TimeoutError:
                    continue
                if messages[0].reply:
                    await asyncio.sleep(max(0.0, last + spacing_s - loop.time()))
                while not arrived.empty():
                    messages.append(arrived.get_nowait())
                real = [message for message in messages if message.reply]
                wanted = 0 if len(real) < len(messages) else wanted - len(real)
                if real:
                    last = loop.time()
                    yield [_incoming(message) for message in real]
                elif _refused(messages[0]):
                    await asyncio.sleep(0.2)
        finally:
            with contextlib.suppress(NatsError, OSError):
                await subscription.unsubscribe()


def _message_headers(row: Outgoing) -> dict[str, Any]:
    return {**encode_headers(row.headers), "Nats-Msg-Id": row.event_id.hex}


def _refused(status: Msg) -> bool:
    return (status.headers or {}).get("Status") not in {"408", "404"}


def _incoming(message: Msg) -> Incoming:
    metadata = message.metadata

    # An answer that the broker never hears costs one more delivery, which the inbox drops; so it is no error.
    async def ack() -> None:
        with contextlib.suppress(NatsError, OSError):
            await message.ack()

    async def retry(delay_s: float) -> None:
        with contextlib.suppress(NatsError, OSError):
            await message.nak(delay=delay_s)

    async def park() -> None:
        with contextlib.suppress(NatsError, OSError):
            await message.term()

    return Incoming(
        subject=message.subject,
        headers=decode_headers(message.headers or {}),
        data=message.data,
        stream_seq=metadata.sequence.stream,
        num_delivered=metadata.num_delivered,
        ack=ack,
        retry=retry,
        park=park,
    )
