"""Lists every event with its publisher, its listeners and its fields; without it one would read all the code."""

import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from shared.catalogue.headers import HEADERS
from shared.catalogue.schemas import about, schema_path
from shared.contracts.base import EVENTS, Event
from shared.reactions import Reactions

_HEAD = """\
<!-- Made by `commonwatch docs`; do not edit. -->
# Events

Facts that flow between services over NATS JetStream, as CloudEvents 1.0 in binary mode.
The subject on the bus is `cw.<area>.<subject>`.
*Tier* says who outside may see a redacted copy; `internal` never leaves.

For machines: [asyncapi.json](asyncapi.json) (AsyncAPI 3, also at `/asyncapi.json` of the gateway) and a JSON Schema
(2020-12) for each event, closed as its owner writes it. Readers ignore fields that they do not know, and a field
without a value is left out. The *golden* samples are kept for ever: whoever reads the event today must read them too.

## Headers

Values are percent-encoded (space, `"`, `%` and whatever is not printable ASCII); names are matched in any case.

| header | value | always | what it says |
|---|---|---|---|
"""


def owned_events() -> Iterator[tuple[str, list[type[Event]]]]:
    """Give each service that publishes, with its events in the order of their subjects and versions."""
    for owner in sorted({event.owner() for event in EVENTS.values()}):
        yield owner, sorted((e for e in EVENTS.values() if e.owner() == owner), key=lambda e: (e.subject, e.version))


def heard_by(event: type[Event], listeners: Mapping[str, Reactions]) -> dict[str, list[str]]:
    """Give each service that listens, with the names of what it does then, also when it listens to everything."""
    reacting = {
        service: [heard.name for heard in reactions.of(event.type_name())]
        + [react.__name__ for react in reactions.every]
        for service, reactions in sorted(listeners.items())
    }
    return {service: names for service, names in reacting.items() if names}


def events_page(listeners: Mapping[str, Reactions]) -> str:
    """List every event: who publishes it, who listens and what they do, what it holds."""
    lines = [
        _HEAD
        + "\n".join(
            f"| `{header.name}` | {header.shown} | {'yes' if header.always else 'no'} | {header.about} |"
            for header in HEADERS
        ),
        "",
    ]
    for owner, events in owned_events():
        lines += [f"## {owner}", ""]
        for event in events:
            lines += _event(event, listeners)
    return "\n".join(lines).rstrip() + "\n"


def _event(event: type[Event], listeners: Mapping[str, Reactions]) -> list[str]:
    heard = [
        f"{service}: {', '.join(f'`{name}`' for name in names)}"
        for service, names in heard_by(event, listeners).items()
    ]
    said = about(event)
    return [
        f"### `{event.subject}`",
        "",
        *([said, ""] if said else []),
        f"Type `{event.type_name()}`, class `{event.__name__}`, tier `{event.tier}`.",
        "",
        f"[Schema](../{schema_path(event)}) · [golden samples](../tests/data/golden/{event.subject})",
        "",
        f"Listens: {'; '.join(heard) if heard else 'nobody yet'}.",
        "",
        "| field | type | needed |",
        "|---|---|---|",
        *(
            f"| `{name}` | `{_type(field.annotation)}` | {'yes' if field.is_required() else 'no'} |"
            for name, field in event.model_fields.items()
        ),
        "",
    ]


def _bare(annotation: Any) -> Any:
    """Leave out what only a validator needs to know."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        first, *others = [_bare(part) for part in get_args(annotation)]
        for other in others:
            first |= other
        return first
    return annotation


def _type(annotation: Any) -> str:
    annotation = _bare(annotation)
    named: str = annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, "__args__") else ""
    text = named or str(annotation)
    text = re.sub(r"shared\.contracts\.(?:\w+\.)+|typing\.", "", text)
    return text.replace("datetime.date", "date").replace("uuid.UUID", "UUID").replace("|", "\\|")
