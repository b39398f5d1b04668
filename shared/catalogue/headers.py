"""What the headers of every message say (CloudEvents 1.0, binary mode over NATS), told once for all documents."""

from dataclasses import dataclass, field
from typing import Any

from shared.contracts.base import Event, schema_id

Json = dict[str, Any]

_UUID: Json = {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class Header:
    """One header. `always`: no message of ours goes out without it."""

    name: str
    about: str
    shown: str
    schema: Json = field(default_factory=lambda: {"type": "string"})
    always: bool = True


HEADERS = (
    Header("ce-specversion", "The version of CloudEvents.", "`1.0`", {"const": "1.0"}),
    Header("ce-id", "The event. Whoever has seen it drops it when it comes again.", "UUID", _UUID),
    Header("ce-source", "The service that says so; the broker lets no other publish under the subject.", "`/<owner>`"),
    Header("ce-type", "What became true, and in which version it is told.", "`commonwatch.<subject>.v<n>`"),
    Header("ce-subject", "The aggregate of which it is a fact.", "UUID", _UUID),
    Header(
        "ce-time",
        "When it became true, which may be long before it was told.",
        "RFC 3339",
        {"type": "string", "format": "date-time"},
    ),
    Header("ce-partitionkey", "The aggregate again: facts of one aggregate stay in order.", "UUID", _UUID),
    Header(
        "ce-sequence",
        "The version of the aggregate, counted from 1 without a gap.",
        "ten digits",
        {"type": "string", "pattern": "^[0-9]{10}$"},
    ),
    Header("ce-dataschema", "The `$id` of the JSON Schema of the body.", "`urn:commonwatch:schema:…`"),
    Header("ce-datacontenttype", "Of the body.", "`application/json`", {"const": "application/json"}),
    Header(
        "traceparent",
        "W3C trace context of the request or reaction that made it true.",
        "`00-<trace>-<span>-<flags>`",
        {"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"},
        always=False,
    ),
    Header(
        "Nats-Msg-Id",
        "The event's id; the broker stores it once in two minutes. With a tail when a lost message is sent again.",
        "32 hex digits",
        {"type": "string", "pattern": "^[0-9a-f]{32}(-[0-9a-f]{8})?$"},
    ),
)


def headers_schema() -> Json:
    """Give the JSON Schema of the headers after percent-decoding. Open: the broker adds its own."""
    return {
        "title": "CloudEvents 1.0 in binary mode",
        "description": (
            "Values are percent-encoded on the wire: space, double quote, percent and all that is not printable ASCII. "
            "Names are matched in any case."
        ),
        "type": "object",
        "properties": {header.name: {**header.schema, "description": header.about} for header in HEADERS},
        "required": [header.name for header in HEADERS if header.always],
    }


def headers_of(event: type[Event]) -> Json:
    """Give what the headers say besides when the message is this event."""
    said = {
        "ce-source": f"/{event.owner()}",
        "ce-type": event.type_name(),
        "ce-dataschema": schema_id(event.type_name()),
    }
    return {"type": "object", "properties": {name: {"const": value} for name, value in said.items()}}
