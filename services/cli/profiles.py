"""`commonwatch profile`: checks rules before they hold, and explains a date; without it both would be guessed."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from services.cli.terminal import console
from shared.clock import system_clock
from shared.profile import BadProfile, Profile, UnknownRule, WrongUnit, check, load
from shared.profile.explaining import counted, explained
from shared.settings import ROOT

app = typer.Typer(no_args_is_help=True, help="Look at the rules of a jurisdiction.")
Folder = Annotated[Path, typer.Option(envvar="COMMONWATCH_PROFILES_DIR", help="Where profiles lie.")]
HERE = ROOT / "profiles"


@app.command("check")
def check_(
    name: Annotated[str | None, typer.Argument(help="One profile; all of them without it.")] = None,
    folder: Folder = HERE,
) -> None:
    """Say everything that is wrong with a profile, each with file and line; exit code 1 for a fault."""
    names = [name] if name else sorted(file.stem for file in folder.glob("*.yaml"))
    faulty = False
    for each in names:
        found = check(each, folder)
        faulty = faulty or bool(found)
        for fault in found:
            console.print(f"{fault.place}: {fault.en}\n    {fault.zh}", markup=False)
        if not found:
            console.print(_well(load(each, folder)), markup=False)
    if faulty or not names:
        raise typer.Exit(1)


def _well(profile: Profile) -> str:
    """Say what a profile without a fault is made of."""
    said = f"{len(profile.rules)} rules, {len(profile.clocks)} clocks, {profile.timezone.key}"
    said_zh = f"{len(profile.rules)} 条规则、{len(profile.clocks)} 个时钟、{profile.timezone.key}"
    return f"{profile.name}: {said}; nothing is wrong / {said_zh}，无误"


@app.command()
def explain(
    key: Annotated[str, typer.Argument(help="For example hazard.recheck.")],
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Local day; today without it.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="When the clock begins: 2026-09-30T09:00, in the county's time.")
    ] = None,
    profile: Annotated[str, typer.Option(envvar="COMMONWATCH_PROFILE", help="Jurisdiction profile.")] = "cn",
    folder: Folder = HERE,
) -> None:
    """Say what a rule is on a day, who says so and where, and when a clock that begins then runs out."""
    try:
        rules = load(profile, folder)
        begins = None if start is None else _begins(start, rules.timezone)
        day = on.date() if on else rules.local_day(begins or system_clock())
        lines = list(explained(rules, key, day))
        if begins is not None:
            lines += counted(rules, key, begins)
    except (BadProfile, UnknownRule, WrongUnit) as wrong:
        console.print(str(wrong), markup=False)
        raise typer.Exit(1) from None
    _print(en for en, _ in lines)
    console.print()
    _print(zh for _, zh in lines)


def _begins(said: str, zone: ZoneInfo) -> datetime:
    try:
        begins = datetime.fromisoformat(said)
    except ValueError:
        raise typer.BadParameter(f"{said!r} is no time; write 2026-09-30T09:00") from None
    return begins if begins.tzinfo else begins.replace(tzinfo=zone)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        console.print(line, markup=False)
