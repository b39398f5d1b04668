"""`commonwatch keys`: change the keys that sign tokens, so that nobody is signed out by it.

The gateway reads the ring anew within seconds; nothing is restarted.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from services.cli.terminal import Var, console
from shared.clock import system_clock
from shared.embedded.faults import Misconfigured, told
from shared.embedded.files import write_private
from shared.embedded.keys import SIGNING_KEYS
from shared.errors import Problem
from shared.signing_keys import SigningKeys

app = typer.Typer(no_args_is_help=True, help="Change the keys that sign tokens; nobody is signed out by it.")

Ring = Annotated[
    Path | None,
    typer.Option(
        "--file", envvar="COMMONWATCH_SIGNING_KEY_FILE", help="The ring; that of --var when not given.", dir_okay=False
    ),
]
AtOnce = Annotated[bool, typer.Option("--now", help="Do not wait for readers or tokens: somebody may have the key.")]


@app.command("list")
def list_(var: Var = Path("var"), file: Ring = None) -> None:
    """Show each key, what it does, and until when tokens need it."""
    _show(_read(_place(var, file)), system_clock())


@app.command()
def prepare(var: Var = Path("var"), file: Ring = None) -> None:
    """Make the next key. It is published, so that every service knows it before it signs."""
    _change(var, file, lambda ring, now: ring.prepare(now))


@app.command()
def activate(
    var: Var = Path("var"),
    file: Ring = None,
    token_lifetime_s: Annotated[
        int, typer.Option(envvar="COMMONWATCH_TOKEN_LIFETIME_S", min=1, help="How long tokens last.")
    ] = 3600,
    *,
    now: AtOnce = False,
) -> None:
    """Let the next key sign; the former one verifies until the last token that it signed has expired."""
    lifetime = timedelta(seconds=token_lifetime_s)
    _change(var, file, lambda ring, moment: ring.activate(moment, lifetime, at_once=now))


@app.command()
def retire(
    kid: Annotated[str | None, typer.Argument(help="This key; all that no token needs when not given.")] = None,
    var: Var = Path("var"),
    file: Ring = None,
    *,
    now: AtOnce = False,
) -> None:
    """Take keys away that no token needs. With --now its tokens end: who signed in by it signs in again."""
    _change(var, file, lambda ring, moment: ring.retire(kid, moment, at_once=now))


def _change(var: Path, file: Path | None, change: Callable[[SigningKeys, datetime], SigningKeys]) -> None:
    place, now = _place(var, file), system_clock()
    try:
        ring = change(_read(place), now)
    except Problem as refused:
        console.print(refused.en)
        raise typer.Exit(1) from None
    write_private(place, ring.written() + "\n")
    _show(ring, now)


def _place(var: Path, file: Path | None) -> Path:
    return file or var / "keys" / SIGNING_KEYS


def _read(place: Path) -> SigningKeys:
    try:
        with told(place):
            return SigningKeys.read(place.read_text("utf-8"))
    except ValueError as fault:
        console.print(f"[bold red]Cannot go on.[/] {place} is no ring of signing keys: {fault}.")
    except Misconfigured as fault:
        console.print(f"[bold red]Cannot go on.[/] {fault}")
    raise typer.Exit(1)


def _show(ring: SigningKeys, now: datetime) -> None:
    table = Table(Column("key", no_wrap=True, min_width=43), "does", "made", "verifies until", box=None, pad_edge=False)
    for key in ring.keys:
        over = key.expires_at is not None and key.expires_at <= now
        does = (
            "needed no more" if over else {"active": "signs", "next": "waits", "former": "verifies"}[ring.standing(key)]
        )
        table.add_row(
            key.kid, does, *(f"{at:%Y-%m-%d %H:%M} UTC" if at else "" for at in (key.made_at, key.expires_at))
        )
    console.print(table)
