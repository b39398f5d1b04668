"""`make bench`: measures what was promised against floors of the same run; writes `var/bench.json`, prints a table.

A missed goal is told and fails nothing, because machines differ; a bench that breaks ends with 1.
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path
from time import perf_counter

import clocks
import duplicates
import edge
import flow
import hazards
import imports
import intake
import search
import simulated
import tokens
import uvloop
import whole
from figures import BenchBroken, Figure
from rich.console import Console
from rich.table import Table

ALL = (
    *(*tokens.NAMES, *intake.NAMES, *imports.NAMES, *edge.NAMES, *flow.NAMES),
    *(*search.NAMES, *hazards.NAMES, *duplicates.NAMES, *clocks.NAMES, *simulated.NAMES),
    *whole.NAMES,
)


def main() -> int:
    options = _options()
    console = Console(highlight=False)
    wanted = {name for name in ALL if not options.only or any(name.startswith(part) for part in options.only)}
    if not wanted:
        console.print(f"There is no such bench. There are: {', '.join(ALL)}.")
        return 2
    figures: list[Figure] = []
    began = perf_counter()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_measure(wanted, figures, console, quick=options.quick))
    except BenchBroken as broken:
        console.print(_table(figures))
        console.print(f"[bold red]A bench broke.[/] {broken}", *getattr(broken, "__notes__", ()), sep="\n")
        return 1
    except asyncio.CancelledError:
        console.print("stopped; nothing was written")
        return 130
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([figure.as_json() for figure in figures], indent=1) + "\n", "utf-8")
    console.print(_table(figures))
    for figure in figures:
        console.print(f"  [bold]{figure.name}[/]: {figure.conditions}")
    missed = [figure.name for figure in figures if figure.met is False]
    console.print(f"{perf_counter() - began:.0f} s; written to {options.out}; missed: {', '.join(missed) or 'none'}")
    return 0


async def _measure(wanted: set[str], figures: list[Figure], console: Console, *, quick: bool) -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    for part, names in (
        (tokens.tokens, tokens.NAMES),
        (intake.intake, intake.NAMES),
        (imports.imports, imports.NAMES),
        (edge.edge, edge.NAMES),
        (flow.flow, flow.NAMES),
        (search.search, search.NAMES),
        (hazards.hazards, hazards.NAMES),
        (duplicates.duplicates, duplicates.NAMES),
        (clocks.clocks, clocks.NAMES),
        (simulated.simulated, simulated.NAMES),
        (whole.whole, whole.NAMES),
    ):
        if not (asked := wanted & set(names)):
            continue
        with console.status(f"measuring {', '.join(name for name in names if name in asked)}"):
            async for figure in part(asked, quick=quick):
                figures.append(figure)
                console.print(f"  {figure.name}: {_number(figure.value)} {figure.unit}")


def _table(figures: list[Figure]) -> Table:
    table = Table(title="Commonwatch bench", title_justify="left")
    for heading in ("figure", "value", "floor", "ratio", "goal", "met"):
        table.add_column(heading, justify="right" if heading in {"value", "floor", "ratio"} else "left")
    for figure in figures:
        met = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[figure.met]
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        floor = "" if figure.floor is None else _number(figure.floor)
        value = f"{_number(figure.value)} {figure.unit}"
        table.add_row(figure.name, value, floor, ratio, figure.goal, met)
    return table


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.3f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help=f"of {', '.join(ALL)}; a beginning will do")
    parser.add_argument("--quick", action="store_true", help="one short round of each, without the demo")
    parser.add_argument("--out", type=Path, default=Path("var/bench.json"), help="where the figures are written")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
