"""Turns the registries of events and machines into pages; without it the documents would drift from the code."""

import inspect
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from shared.contracts.base import EVENTS, Event
from shared.machine import MACHINES, Machine, Move
from shared.reactions import Reactions

_MADE = "<!-- Made by `commonwatch docs`; do not edit. -->"


def events_page(listeners: Mapping[str, Reactions]) -> str:
    """List every event: who publishes it, who listens and what they do, what it holds."""
    lines = [
        _MADE,
        "# Events",
        "",
        "Facts that flow between services over NATS JetStream, as CloudEvents 1.0 in binary mode.",
        "The subject on the bus is `cw.<area>.<subject>`.",
        "*Tier* says who outside may see a redacted copy; `internal` never leaves.",
        "",
    ]
    for owner in sorted(listeners):
        lines += [f"## {owner}", ""]
        for event in sorted((e for e in EVENTS.values() if e.owner() == owner), key=lambda e: e.subject):
            lines += _event(event, listeners)
    return "\n".join(lines).rstrip() + "\n"


def _event(event: type[Event], listeners: Mapping[str, Reactions]) -> list[str]:
    heard = [
        f"{service}: {', '.join(f'`{heard.name}`' for heard in reactions.of(event.type_name()))}"
        for service, reactions in sorted(listeners.items())
        if reactions.of(event.type_name())
    ]
    heard += [f"{service}: every event" for service, reactions in sorted(listeners.items()) if reactions.every]
    about = inspect.cleandoc(event.__doc__ or "").replace("\n", " ") if "__doc__" in vars(event) else ""
    return [
        f"### `{event.subject}`",
        "",
        *([about, ""] if about else []),
        f"Type `{event.type_name()}`, class `{event.__name__}`, tier `{event.tier}`.",
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
    for noise in ("shared.contracts.values.", "shared.contracts.inspection.", "shared.contracts.registry.", "typing."):
        text = text.replace(noise, "")
    return text.replace("datetime.date", "date").replace("uuid.UUID", "UUID").replace("|", "\\|")


def machines_page() -> str:
    """Draw every machine and list its rows: the law as a table."""
    lines = [
        _MADE,
        "# Machines",
        "",
        "Each machine is one table in code. The same rows permit commands, draw buttons and make this page.",
        "",
    ]
    for name in sorted(MACHINES):
        lines += _machine(MACHINES[name])
    return "\n".join(lines).rstrip() + "\n"


def _machine(machine: Machine[Any, Any, Any]) -> list[str]:
    return [
        f"## {machine.name}",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(
            f"    {source} --> {move.target}: {verb}"
            for verb, move in machine
            for source in (sorted(move.sources) if move.sources else ["[*]"])
        ),
        "```",
        "",
        "| verb | from | to | roles | guards and checks | clock | event | source |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(verb, move) for verb, move in machine),
        "",
    ]


def _row(verb: str, move: Move[Any, Any]) -> str:
    guards = ", ".join(f"`{guard.__name__}`" for guard in (*move.guards, *move.checks))
    cells = (
        f"`{verb}`",
        _words(move.sources) or "—",
        f"`{move.target}`",
        _words(move.roles),
        guards or "—",
        f"`{move.clock}`" if move.clock else "—",
        f"`{move.event}`" if move.event else "—",
        move.source or "—",
    )
    return f"| {' | '.join(cells)} |"


def _words(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in sorted(names))
