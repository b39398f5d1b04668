"""Reads what was delivered and believes nothing; without it a forged or broken message would reach a reaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from pydantic import ValidationError

from shared.broker import UNREADABLE, Incoming
from shared.contracts.base import EVENTS, Envelope, Event
from shared.inbox.causes import places_of
from shared.inbox.plan import Key
from shared.reactions import Permanent

MAX_VERSION = 2**31 - 1
_SUBJECT_WORDS = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivered message whose envelope could be read."""

    incoming: Incoming
    envelope: Envelope
    event: Event | None
    """None: a type that this build does not know; its version is counted, nothing reacts."""

    @property
    def key(self) -> Key:
        return f"{self.envelope.source[1:]}.{self.envelope.aggregate}", self.envelope.aggregate_id

    @property
    def version(self) -> int:
        return self.envelope.sequence

    @property
    def stream_seq(self) -> int:
        return self.incoming.stream_seq

    @property
    def event_id(self) -> UUID:
        return self.envelope.event_id


class Unfit(Permanent):
    """The envelope is in order and its version counts, but the body is not what the type promises."""

    def __init__(self, envelope: Envelope, cause: str) -> None:
        super().__init__(cause)
        self.envelope = envelope


def opened(incoming: Incoming) -> Letter:
    """Read the envelope and the body; raises `Unfit` for a bad body and `Permanent` for what is no event at all."""
    envelope = _envelope(incoming)
    known = EVENTS.get(envelope.type)
    if known is None:
        return Letter(incoming, envelope, None)
    try:
        event: Event = known.model_validate_json(incoming.data)
    except ValidationError as broken:
        raise Unfit(envelope, f"the body does not fit {envelope.type}: {places_of(broken)}") from broken
    return Letter(incoming, envelope, event)


def id_of_unreadable(incoming: Incoming) -> UUID:
    """Give an id made from the content: one that the message claims could be that of somebody's honest fact."""
    headers = repr(sorted(incoming.headers.items())).encode("utf-8", "backslashreplace")
    return UUID(bytes=sha256(incoming.subject.encode() + b"\n" + headers + b"\n" + incoming.data).digest()[:16])


def _envelope(incoming: Incoming) -> Envelope:
    headers, words = incoming.headers, incoming.subject.split(".")
    if len(words) != _SUBJECT_WORDS:
        raise Permanent("the subject is not that of an event")
    if UNREADABLE in headers:
        raise Permanent("the envelope cannot be read: a header is not UTF-8")
    envelope = Envelope(
        event_id=_read(headers, "ce-id", UUID),
        type=_read(headers, "ce-type", str),
        source=_read(headers, "ce-source", str),
        area_code=words[1],
        aggregate=words[3],
        aggregate_id=_read(headers, "ce-subject", UUID),
        sequence=_read(headers, "ce-sequence", _version),
        at=_read(headers, "ce-time", _moment),
        traceparent=headers.get("traceparent"),
        stream_seq=incoming.stream_seq,
    )
    _check_origin(words, envelope)
    return envelope


def _read(headers: Mapping[str, str], name: str, read: Callable[[str], T]) -> T:
    """Read one header; what it says is never told, for it may be anything."""
    try:
        return read(headers[name])
    except KeyError as lacking:
        raise Permanent(f"the envelope cannot be read: it lacks {name}") from lacking
    except ValueError as broken:
        raise Permanent(f"the envelope cannot be read: {name} is not what it should be") from broken


def _version(word: str) -> int:
    if not 0 < (version := int(word)) <= MAX_VERSION:
        raise ValueError
    return version


def _moment(word: str) -> datetime:
    if (at := datetime.fromisoformat(word)).tzinfo is None:
        raise ValueError
    return at


def _check_origin(words: list[str], envelope: Envelope) -> None:
    """The broker lets a service publish only under its own name, so the subject proves who spoke."""
    owner, aggregate, fact = words[2:]
    if envelope.source != f"/{owner}" or not envelope.type.startswith(f"commonwatch.{owner}.{aggregate}.{fact}."):
        raise Permanent("the subject does not match source and type")
