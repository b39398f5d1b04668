"""The only importer of nats: publishing, pulling, the streams' settings; without it nothing flows between services."""

# nats-py is typed in part only:
# pyright: reportUnknownMemberType=false

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, unquote
from uuid import UUID, uuid4

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext, api
from nats.js.errors import NotFoundError

from shared.observe import logger

STREAM = "CW"
OUTSIDE_STREAM = "CWOUT"
ADVISORY_STREAM = "CWADV"
ASYNC_ROWS = 24
"""Up to so many rows of different aggregates go out at once, unbatched (measured: lowest latency at low rate)."""
BATCH_BYTES = 4 * 1024 * 1024
PULL_BATCH = 200
PULL_EXPIRES_S = 3.0

log = logger("bus")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One outbox row on its way."""

    event_id: UUID
    aggregate_id: UUID
    subject: str
    headers: Mapping[str, str]
    data: bytes


@dataclass(slots=True)
class Incoming:
    """One delivered message; exactly one of `ack`, `retry`, `park` ends it."""

    subject: str
    headers: Mapping[str, str]
    data: bytes
    stream_seq: int
    num_delivered: int
    ack: Callable[[], Awaitable[None]]
    retry: Callable[[float], Awaitable[None]]
    """Deliver again after so many seconds."""
    park: Callable[[], Awaitable[None]]
    """Never deliver again: it lies in the dead letters."""


class Broker(Protocol):
    """What the kernel asks of a broker; `NatsBus` in life, `shared.testing.MemoryBus` in tests."""

    async def publish_all(self, rows: Sequence[Outgoing]) -> list[int | None]:
        """Store rows in order; give each row's stream sequence, or None for those not known to be stored."""
        ...

    def batches(self, durable: str) -> AsyncIterator[list[Incoming]]:
        """Yield what is delivered to a durable consumer, as it comes."""
        ...

    def connected(self) -> bool: ...


def encode_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Percent-encode values: NATS headers are printable ASCII (CloudEvents NATS binding)."""
    return {name: quote(value, safe="!#$&'()*+,-./:;<=>?@[]^_`{|}~") for name, value in headers.items()}


def decode_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): unquote(value) for name, value in headers.items()}


@dataclass(slots=True)
class NatsBus:
    """One service's connection: publishes its own subjects, pulls its own durable consumer."""

    client: Client
    js: JetStreamContext
    stream: str = STREAM
    ack_timeout_s: float = 5.0
    _reconnected: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def connect(cls, url: str, *, name: str, seed: str | None, stream: str = STREAM) -> "NatsBus":
        """Connect and keep reconnecting for ever; `seed` is the service's nkey seed."""
        reconnected = asyncio.Event()

        async def on_reconnect() -> None:
            reconnected.set()
            log.info("broker is back", service=name)

        async def on_lost() -> None:
            if not client.is_closed:
                log.warning("broker is away; events wait in the outbox", service=name)

        async def on_error(error: Exception) -> None:
            log.warning("broker error", service=name, error=repr(error))

        client = Client()
        await client.connect(
            url,
            name=name,
            nkeys_seed_str=seed,
            inbox_prefix=f"_INBOX_{name}".encode(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,
            connect_timeout=3,
            reconnected_cb=on_reconnect,
            disconnected_cb=on_lost,
            error_cb=on_error,
        )
        return cls(client, client.jetstream(), stream, _reconnected=reconnected)

    def connected(self) -> bool:
        return self.client.is_connected

    async def close(self) -> None:
        with contextlib.suppress(NatsError, OSError):
            await self.client.close()

    async def publish_all(self, rows: Sequence[Outgoing]) -> list[int | None]:
        if not self.connected() or not rows:
            return [None] * len(rows)
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

    async def batches(self, durable: str) -> AsyncIterator[list[Incoming]]:
        """Pull for ever with one standing request, handing over whatever has arrived.

        Own loop instead of `fetch`: that one waits for a full batch or its time-out once a message has come.
        """
        arrived: asyncio.Queue[Msg] = asyncio.Queue()

        async def put(message: Msg) -> None:
            arrived.put_nowait(message)

        inbox = self.client.new_inbox()
        subscription = await self.client.subscribe(inbox, cb=put)
        ask = json.dumps({"batch": PULL_BATCH, "expires": int(PULL_EXPIRES_S * 1e9)}).encode()
        wanted = 0
        loop = asyncio.get_running_loop()
        renew_at = 0.0
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
                while not arrived.empty():
                    messages.append(arrived.get_nowait())
                real = [message for message in messages if message.reply]
                wanted = 0 if len(real) < len(messages) else wanted - len(real)
                if real:
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

    async def ack() -> None:
        await message.ack()

    async def retry(delay_s: float) -> None:
        await message.nak(delay=delay_s)

    async def park() -> None:
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


@dataclass(frozen=True, slots=True)
class Durable:
    """A pull consumer that a service owns."""

    name: str
    filters: Sequence[str]
    stream: str = STREAM


async def lay_streams(url: str, seed: str | None, durables: Sequence[Durable], *, replicas: int = 1) -> None:
    """Create or update streams and consumers: an idempotent migration step; services never create streams."""
    client = await nats.connect(url, name="platform", nkeys_seed_str=seed, connect_timeout=5, max_reconnect_attempts=2)
    try:
        js = client.jetstream(timeout=10)
        day_s = 86_400.0
        for config in (
            api.StreamConfig(
                name=STREAM,
                subjects=["cw.>"],
                max_age=14 * day_s,
                duplicate_window=120,
                allow_direct=True,
                allow_atomic=True,
                num_replicas=replicas,
            ),
            api.StreamConfig(
                name=OUTSIDE_STREAM,
                subjects=["cwout.>"],
                max_age=7 * day_s,
                duplicate_window=120,
                allow_direct=True,
                allow_atomic=True,
                num_replicas=replicas,
            ),
            api.StreamConfig(
                name=ADVISORY_STREAM,
                subjects=[
                    "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>",
                    "$JS.EVENT.ADVISORY.STREAM.BATCH_ABANDONED.>",
                ],
                max_age=30 * day_s,
                allow_direct=True,
                num_replicas=replicas,
            ),
        ):
            try:
                await js.stream_info(config.name or "")
                await js.update_stream(config)
            except NotFoundError:
                await js.add_stream(config)
        for durable in durables:
            await js.add_consumer(
                durable.stream,
                api.ConsumerConfig(
                    durable_name=durable.name,
                    ack_policy=api.AckPolicy.EXPLICIT,
                    ack_wait=30,
                    max_ack_pending=2_000,
                    max_deliver=100,
                    filter_subjects=list(durable.filters),
                ),
            )
    finally:
        await client.close()


async def stream_names(url: str, seed: str | None) -> list[str]:
    """List the streams that exist; raises OSError when the broker cannot be reached or refuses."""
    try:
        client = await nats.connect(url, name="platform", nkeys_seed_str=seed, connect_timeout=3, allow_reconnect=False)
    except NatsError as refused:
        raise ConnectionError(str(refused)) from refused
    try:
        return sorted(info.config.name or "" for info in await client.jetstream(timeout=5).streams_info())
    except NatsError as refused:
        raise ConnectionError(str(refused)) from refused
    finally:
        await client.close()
