"""Draws every machine of the platform; without it nobody but a programmer could check the law against the code."""

from collections.abc import Iterable
from typing import Any

from shared.machine import MACHINES, Machine, Move

_MADE = "<!-- Made by `commonwatch docs`; do not edit. -->"


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
            f"    {source} --> {target}: {verb}"
            for verb, move in machine
            for source in (sorted(move.sources) if move.sources else ["[*]"])
            for target in _targets(move) or [source]
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
        " or ".join(f"`{target}`" for target in _targets(move)) or "(stays)",
        _words(move.roles),
        guards or "—",
        f"`{move.clock}`" if move.clock else "—",
        f"`{move.event}`" if move.event else "—",
        move.source or "—",
    )
    return f"| {' | '.join(cells)} |"


def _targets(move: Move[Any, Any]) -> list[str]:
    return [state for state in (move.target, move.otherwise) if state is not None]


def _words(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in sorted(names))
