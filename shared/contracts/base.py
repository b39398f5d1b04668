"""The shape of every event and the one registry of them; without it producers and consumers could not agree.

Internal subject: `cw.<area>.<owner>.<aggregate>.<fact>`; CloudEvents type: `commonwatch.<subject>.v<version>`
(docs/adr/0004). An event class belongs to the service named by the first word of its subject: only that service
may emit it. Producers are closed (no unknown field leaves), consumers open (unknown fields are ignored).
"""

from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Tier = Literal["public", "parties", "authority", "internal"]
"""Who outside may see a copy of the event; `internal` never leaves the platform."""


class Shape(BaseModel):
    """A value that crosses a service boundary: immutable, open to fields that a newer producer added."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Ask(BaseModel):
    """A request body: closed, so that a misspelt field is told and not lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    def content_hash(self) -> str:
        """Give the same for two bodies that say the same; what is meant anyway need not be said."""
        return sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()


class View(BaseModel):
    """An answer to a person or a client."""

    model_config = ConfigDict(from_attributes=True)


class Event(Shape):
    """A fact. `at` is when it happened; `area_code` is the division it happened in (routing, never a place)."""

    subject: ClassVar[str] = ""
    version: ClassVar[int] = 1
    tier: ClassVar[Tier] = "internal"

    at: datetime
    area_code: str

    def __init_subclass__(
        cls, subject: str | None = None, version: int = 1, tier: Tier = "internal", **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        if subject is None:
            cls.subject = ""
            return
        owner, aggregate, fact = subject.split(".")
        assert all((owner, aggregate, fact)), subject
        cls.subject, cls.version, cls.tier = subject, version, tier
        known = EVENTS.setdefault(cls.type_name(), cls)
        assert known is cls or known.__qualname__ == cls.__qualname__, f"two classes claim {cls.type_name()}"

    @classmethod
    def type_name(cls) -> str:
        return f"commonwatch.{cls.subject}.v{cls.version}"

    @classmethod
    def owner(cls) -> str:
        return cls.subject.split(".")[0]

    @classmethod
    def aggregate(cls) -> str:
        return cls.subject.split(".")[1]


EVENTS: dict[str, type[Event]] = {}
"""CloudEvents type → class, filled by the contract modules."""


def schema_id(type_name: str) -> str:
    """Give what `ce-dataschema` says: the `$id` of the type's JSON Schema, a name and no address."""
    return f"urn:commonwatch:schema:{type_name.removeprefix('commonwatch.')}"


class Envelope(Shape):
    """What travels with an event: CloudEvents 1.0 attributes in the form the kernel uses them."""

    event_id: UUID
    type: str
    source: str
    area_code: str
    aggregate: str
    aggregate_id: UUID
    sequence: int
    """Version of the aggregate; contiguous from 1."""
    at: datetime
    traceparent: str | None = None
    stream_seq: int | None = None
