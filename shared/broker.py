"""What the kernel asks of a broker, and the values it hands over; without it tests could not stand in for NATS."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, unquote
from uuid import UUID

STREAM = "CW"
OUTSIDE_STREAM = "CWOUT"
ADVISORY_STREAM = "CWADV"


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

    def batches(self, durable: str, spacing_s: float = 0.0) -> AsyncIterator[list[Incoming]]:
        """Yield what is delivered to a durable consumer, as it comes but at least `spacing_s` apart."""
        ...

    def connected(self) -> bool: ...


def encode_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Percent-encode values: NATS headers are printable ASCII (CloudEvents NATS binding)."""
    return {name: quote(value, safe="!#$&'()*+,-./:;<=>?@[]^_`{|}~") for name, value in headers.items()}


def decode_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): unquote(value) for name, value in headers.items()}
