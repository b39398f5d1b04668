"""How commands run and speak; without it a fault that an operator can mend would be a traceback."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from rich.console import Console

from services.cli.parts import SERVICES
from shared.embedded.faults import Misconfigured
from shared.observe import configure_logs

console = Console(highlight=False, soft_wrap=True)
Var = Annotated[Path, typer.Option(help="Where data, keys and mail of this installation live.")]


def known(name: str) -> str:
    """Give the name of a service back, or end with the list of those there are."""
    if name not in SERVICES:
        console.print(f"There is no service “{name}”. There are: {', '.join(SERVICES)}.")
        raise typer.Exit(2)
    return name


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end; a fault that an operator can mend is one sentence, never a traceback."""
    configure_logs(os.environ.get("COMMONWATCH_LOG", "WARNING"))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except Misconfigured as fault:
        console.print(f"[bold red]Cannot go on.[/] {fault}")
    except BaseExceptionGroup as faults:
        told = faults.subgroup(Misconfigured)
        if told is None:
            raise
        console.print("[bold red]Cannot go on.[/]", *(str(fault) for fault in told.exceptions))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(1)
