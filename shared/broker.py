"""What the kernel asks of a broker, and the values it hands over; without it tests could not stand in for NATS."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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
    attempt: str = ""
    """Set when the stream lost the message: the broker may still remember its id, and would not store it again."""

    @property
    def message_id(self) -> str:
        """By which the broker knows a message for two minutes; consumers know it by its event id, for ever."""
        return self.event_id.hex + self.attempt


class Way(StrEnum):
    """How a round of rows is published."""

    TOGETHER = "together"
    """Each on its own, all at once: the lowest latency. Two rows of one aggregate could overtake one another."""
    BATCH = "batch"
    """As one atomic batch, stored or refused whole: the cheapest a row."""
    SINGLY = "singly"
    """One after the other, an aggregate's rows only until the first that fails."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the broker said of one row: its place in the stream, a refusal, or nothing (`UNKNOWN`)."""

    seq: int | None
    code: int | None = None
    """The broker's error code when it refused the row, or the whole batch."""
    text: str = ""


UNKNOWN = Answer(None)
"""No answer came in time: the row may be stored or not. It is sent again under the same id."""
FORBIDDEN = 403
"""Code of a row on whose subject this service may not speak: nothing was stored, and until the rights are mended
nothing will be."""


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


@dataclass(frozen=True, slots=True)
class StreamState:
    """What the stream says of itself."""

    epoch: datetime
    """When it was made: a stream that was lost and made anew has another epoch, and begins to count anew."""
    first_seq: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One of the service's own messages as the stream keeps it."""

    seq: int
    event_id: UUID
    subject: str
    headers: Mapping[str, str]
    data: bytes
    """Empty when only headers were asked for."""


class Broker(Protocol):
    """What the kernel asks of a broker; `NatsBus` in life, `shared.testing.MemoryBus` in tests."""

    reconnects: int
    """How often the connection was lost and found again."""

    async def publish(self, rows: Sequence[Outgoing], way: Way) -> list[Answer]:
        """Publish the rows this way; give the answer to each."""
        ...

    def batches(self, durable: str, spacing_s: float = 0.0) -> AsyncIterator[list[Incoming]]:
        """Yield what is delivered to a durable consumer, as it comes but at least `spacing_s` apart."""
        ...

    def connected(self) -> bool: ...

    async def state(self) -> StreamState | None:
        """Ask the stream; None when it does not answer or does not exist."""
        ...

    def own(self, service: str, from_seq: int, to_seq: int, *, bodies: bool) -> AsyncGenerator[list[Kept]]:
        """Read what lies under the service's own subjects, in the order of the stream.

        Raises OSError when it stops short.
        """
        ...

    async def tell(self, subject: str, body: bytes) -> None:
        """Say something that may be lost: to wake a relay, to ask for a fact once more."""
        ...

    async def hear(self, subject: str, heard: Callable[[bytes], None]) -> None:
        """Listen to what is told on this subject while the connection lasts."""
        ...


UNREADABLE = "commonwatch-unreadable"
"""Marks a message with a header that nobody may guess at (CloudEvents NATS binding: reject invalid UTF-8)."""
_IN_QUOTES = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = re.compile(r"[!#-$&-~]*")


def encode_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Percent-encode values: NATS headers are printable ASCII (CloudEvents NATS binding)."""
    return {name: value if _PLAIN.fullmatch(value) else _quoted(value) for name, value in headers.items()}


def _quoted(value: str) -> str:
    return quote(value, safe="!#$&'()*+,-./:;<=>?@[]^_`{|}~")


def decode_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Read values as they came: percent-encoded, perhaps in quotes. Raises ValueError for what is not UTF-8."""
    return {name.lower(): _read(value) for name, value in headers.items()}


def readable_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Read what can be read; where one value is not UTF-8 all stay as they came, and `UNREADABLE` is among them."""
    try:
        return decode_headers(headers)
    except ValueError:
        return {**{name.lower(): value for name, value in headers.items()}, UNREADABLE: "yes"}


def _read(value: str) -> str:
    if found := _IN_QUOTES.fullmatch(value):
        value = _ESCAPED.sub(r"\1", found[1])
    return unquote(value, errors="strict") if "%" in value else value
