"""The AsyncAPI 3 document of all that flows, made from the registries; without it partners would read our code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from shared.broker import STREAM
from shared.catalogue.events import heard_by, owned_events
from shared.catalogue.headers import headers_of, headers_schema
from shared.catalogue.schemas import about, schema_of
from shared.contracts.base import Event, schema_id
from shared.reactions import Reactions

Json = dict[str, Any]

_ABOUT = f"""\
The facts of a Commonwatch installation.

Channels `cw.…` are subjects of the JetStream stream `{STREAM}`, on which the services speak with each other:
CloudEvents 1.0 in binary mode, at least once, in order for each aggregate. A payload is closed as its owner writes it;
readers ignore fields that they do not know. No server is named here: each installation has its own.

Channels `outside.…` are what partners may read: copies made field by field, as CloudEvents 1.0 in structured mode, by
page (`GET /api/v1/events`), as server-sent events and by signed webhook."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What leaves the platform: the envelope of each copy, and audience → event → the fields that it may see."""

    address: str
    envelope: type[BaseModel]
    audiences: Mapping[str, Mapping[type[Event], tuple[str, ...]]]


def asyncapi(listeners: Mapping[str, Reactions], outside: Outside) -> Json:
    """Describe every channel, who sends and who receives on it, and every message."""
    document: Json = {
        "asyncapi": "3.0.0",
        "id": "urn:commonwatch:events",
        "info": {
            "title": "Commonwatch events",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {},
        "operations": {},
        "components": {
            "parameters": {
                "area": {
                    "description": "Division code in which it happened: 6 digits county, 9 township, 12 village.",
                    "examples": ["999921", "999921101"],
                }
            },
            "correlationIds": {
                "trace": {"description": "The W3C trace.", "location": "$message.header#/traceparent"},
            },
            "messages": {},
            "schemas": {"CloudEventHeaders": headers_schema()},
        },
    }
    for _, events in owned_events():
        for event in events:
            _inside(document, event, heard_by(event, listeners))
    for audience, fields in outside.audiences.items():
        _copies(document, outside, audience, fields)
    return document


def _inside(document: Json, event: type[Event], heard: Mapping[str, list[str]]) -> None:
    name = _name(event)
    _component(document, "schemas", name, _payload(document, event))
    _component(
        document,
        "messages",
        name,
        {
            **_told(event),
            "contentType": "application/json",
            "correlationId": {"$ref": "#/components/correlationIds/trace"},
            "headers": {"allOf": [{"$ref": "#/components/schemas/CloudEventHeaders"}, headers_of(event)]},
            "payload": {"$ref": f"#/components/schemas/{name}"},
            "x-dataschema": schema_id(event.type_name()),
            "x-tier": event.tier,
        },
    )
    channel = document["channels"].setdefault(
        event.subject,
        {
            "address": f"cw.{{area}}.{event.subject}",
            "parameters": {"area": {"$ref": "#/components/parameters/area"}},
            "messages": {},
            "tags": [{"name": event.owner()}],
        },
    )
    channel["messages"][name] = {"$ref": f"#/components/messages/{name}"}
    sends = f"{event.owner()} sends {name}"
    document["operations"][_key(sends)] = _operation("send", sends, event.owner(), event.subject, name)
    for service, names in heard.items():
        hears = f"{service} receives {name}"
        document["operations"][_key(hears)] = {
            **_operation("receive", hears, service, event.subject, name),
            "description": f"By the durable consumer `{service}`, which all instances of the service share.",
            "bindings": {"nats": {"queue": service, "bindingVersion": "0.1.0"}},
            "x-reactions": names,
        }


def _copies(document: Json, outside: Outside, audience: str, fields_of: Mapping[type[Event], tuple[str, ...]]) -> None:
    channel = f"outside.{audience}"
    messages: Json = {}
    _component(
        document, "schemas", outside.envelope.__name__, _gathered(document, outside.envelope.model_json_schema())
    )
    for event in sorted(fields_of, key=lambda event: event.type_name()):
        name = f"{channel}.{_name(event)}"
        payload = {
            "allOf": [
                {"$ref": f"#/components/schemas/{outside.envelope.__name__}"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": event.type_name()},
                        "data": _projected(_payload(document, event), fields_of[event]),
                    },
                },
            ]
        }
        told = {**_told(event), "contentType": "application/cloudevents+json"}
        _component(document, "messages", name, {**told, "payload": payload})
        messages[name] = {"$ref": f"#/components/messages/{name}"}
    document["channels"][channel] = {
        "address": outside.address,
        "description": f"Copies for the audience `{audience}`; who belongs to it is decided at each delivery.",
        "messages": messages,
        "tags": [{"name": "notify"}],
    }
    sends = f"notify sends {channel}"
    document["operations"][_key(sends)] = {
        **_operation("send", sends, "notify", channel, *messages),
        "bindings": {"http": {"method": "GET", "bindingVersion": "0.3.0"}},
    }


def _operation(action: str, summary: str, service: str, channel: str, *messages: str) -> Json:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message}"} for message in messages],
        "tags": [{"name": service}],
    }


def _name(event: type[Event]) -> str:
    return f"{event.subject}.v{event.version}"


def _key(sentence: str) -> str:
    return sentence.replace(" ", ".")


def _told(event: type[Event]) -> Json:
    said = about(event)
    return {"name": event.type_name(), "title": event.__name__, **({"summary": said} if said else {})}


def _payload(document: Json, event: type[Event]) -> Json:
    """Give the body's schema with its definitions among the components; the dialect is that of the document."""
    body = _gathered(document, schema_of(event))
    return {key: value for key, value in body.items() if key not in {"$schema", "$id"}}


def _gathered(document: Json, schema: Json) -> Json:
    for name, definition in schema.get("$defs", {}).items():
        _component(document, "schemas", name, _pointed(definition))
    return _pointed({key: value for key, value in schema.items() if key != "$defs"})


def _pointed(value: Any) -> Any:
    """Copy a schema with its references pointing at the components of the document."""
    if isinstance(value, dict):
        return {
            key: inner.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _pointed(inner)
            for key, inner in cast("Json", value).items()
        }
    return [_pointed(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value


def _component(document: Json, kind: str, name: str, made: Json) -> None:
    known = document["components"][kind].setdefault(name, made)
    assert known == made, f"two different {kind} are called {name}"


def _projected(payload: Json, fields: tuple[str, ...]) -> Json:
    """Give what is left of a body. Open: a copy for one party also names that party's own claims."""
    return {
        "type": "object",
        "properties": {name: payload["properties"][name] for name in fields},
        "required": [name for name in payload["required"] if name in fields],
    }


def written(document: Json) -> str:
    """Give the text of a JSON document as it is committed."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
