"""`commonwatch draw verify`: whether a published draw is what its list, secret and value give, without our database.

What it shows: the list is the one that was frozen, the secret the one that was bound, and nobody was put in or left
out. What it cannot show alone: that list hash and commitment were published before the value was known. Whoever kept
the fact `inspection.campaign.opened`, or the page of that day, compares the two with what is told here.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from services.cli.terminal import console

app = typer.Typer(no_args_is_help=True, help="Check published draws.")


@app.callback()
def draw() -> None:
    """Check published draws."""


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="What GET /campaigns/{id}/draw gave.")]) -> None:
    """Draw again. Ends with 1, naming what does not fit, when anybody would come to another sample."""
    try:
        told = json.loads(file.read_text("utf-8"))
        fault = examined(told)
    except (OSError, ValueError, KeyError, TypeError) as unreadable:
        console.print(f"{file} is no draw: {unreadable!r}.")
        raise typer.Exit(2) from None
    if fault is not None:
        console.print(f"[bold red]Wrong.[/] {fault}", markup=True)
        raise typer.Exit(1)
    console.print(f"Right: {len(told['drawn'])} of {len(told['entries'])} drawn.")
    console.print(f"List: {told['list_hash']}. Commitment: {told['commitment']}.")


def examined(told: dict[str, Any]) -> str | None:
    """Say what does not fit; None: whoever draws again comes to the same."""
    drawing: Any = import_module("services.inspection.campaigns.domain.drawing")
    if told["secret"] is None:
        return "Nothing was drawn yet: the secret is not told."
    entries = [drawing.Entry(UUID(each["id"]), each["stratum"]) for each in told["entries"]]
    lots = drawing.Lots(
        campaign_id=UUID(told["campaign_id"]),
        list_hash=told["list_hash"],
        secret=told["secret"],
        public_value=told["public_value"],
    )
    checks = (
        (drawing.hash_of(entries) == told["list_hash"], "The list is not the one that was frozen."),
        (drawing.commitment_to(told["secret"]) == told["commitment"], "The secret is not the one that was bound."),
        (lots.seed == told["seed"], "The seed does not follow from secret, value, campaign and list."),
    )
    if wrong := next((fault for fits, fault in checks if not fits), None):
        return wrong
    drawn = [str(entry.id) for entry in drawing.draw(entries, told["shares"], lots.seed)]
    return None if drawn == told["drawn"] else "The sample is another one than the draw gives."
