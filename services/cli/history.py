"""`commonwatch history verify`: whether an exported history is as it was written, told without our database.

What it shows: no entry was changed, removed, added or moved within the file. What it cannot show alone: that the
database did not lose the newest entries, or was written anew as a whole. Whoever keeps an older export, or only its
head, finds both out.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from services.cli.terminal import console

_BEGINS = '{"hash":'
_ENTRY = ',"entry":'

app = typer.Typer(no_args_is_help=True, help="Check exported histories.")


@dataclass(frozen=True, slots=True)
class Found:
    """What a file shows. `fault` names the first broken entry; None: nothing is broken."""

    entries: int
    unsealed: int
    head: str | None
    fault: str | None = None


@app.callback()
def history() -> None:
    """Check exported histories."""


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="What GET /hazards/{id}/history/export gave.")]) -> None:
    """Check an exported history. Ends with 1, naming the first broken entry, when it is not as it was written."""
    try:
        found = examined(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as unreadable:
        console.print(f"{file} cannot be read: {unreadable}.")
        raise typer.Exit(2) from None
    if found.fault is not None:
        console.print(f"[bold red]Broken.[/] {found.fault}", markup=True)
        raise typer.Exit(1)
    older = f", {found.unsealed} of them older than the seal" if found.unsealed else ""
    console.print(f"Whole: {found.entries} entries{older}. Head: {found.head}")


def examined(text: str) -> Found:
    """Follow the chain from the first entry to the head."""
    first, *lines = text.removesuffix("\n").split("\n")  # other line ends may stand in what somebody wrote
    told = _read(first).get("history")
    if not isinstance(told, dict):
        return Found(0, 0, None, "The first line does not say of what this is the history.")
    what = cast("dict[str, Any]", told)
    head: str | None = None
    unsealed = 0
    for number, line in enumerate(lines, 1):
        sealed, entry = _parts(line)
        said = _read(entry)
        if fault := _fault(what, sealed, entry, said, head):
            where = f"Entry {number} ({said.get('verb', '?')}, {said.get('at', '?')})"
            return Found(len(lines), unsealed, head, f"{where} {fault}")
        unsealed += sealed is None
        head = sealed
    if what.get("entries") != len(lines) or what.get("head") != head:
        return Found(
            len(lines), unsealed, head, f"Entry {len(lines) + 1} is missing: the file does not end as it says."
        )
    return Found(len(lines), unsealed, head)


def _fault(
    what: dict[str, Any], sealed: str | None, entry: str, said: dict[str, Any], before: str | None
) -> str | None:
    if sealed is None and before is None and said:
        return None  # older than the seal, as all before it
    if sealed != sha256(entry.encode()).hexdigest():
        return "was changed."
    if said.get("prev_hash") != before:
        return "does not follow the entry before it: one was removed, added or moved."
    if (said.get("object_kind"), said.get("object_id")) != (what.get("kind"), what.get("id")):
        return "belongs to something else."
    return None


def _parts(line: str) -> tuple[str | None, str]:
    """Give hash and entry of a line, the entry as it is written; an empty entry when it is no such line."""
    sealed, found, entry = line.removeprefix(_BEGINS).partition(_ENTRY)
    if not (line.startswith(_BEGINS) and found and entry.endswith("}")):
        return None, ""
    return None if sealed == "null" else sealed.strip('"'), entry[:-1]


def _read(text: str) -> dict[str, Any]:
    try:
        read: object = json.loads(text)
    except ValueError:
        return {}
    return cast("dict[str, Any]", read) if isinstance(read, dict) else {}
