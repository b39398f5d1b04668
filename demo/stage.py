"""Shows each step of a story and counts it; without it a newcomer would see a log and not a tale.

A check that fails marks its step and the story goes on; an answer without which nothing can follow ends the story.
"""

import traceback
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from demo.gateway import Caller, Refused, TooSlow


@dataclass(slots=True)
class Step:
    """What one person did, and what came of it."""

    who: str
    what: str
    faults: list[str] = field(default_factory=list[str])
    lines: list[str] = field(default_factory=list[str])

    def check(self, condition: object, sentence: str) -> None:
        """Hold the sentence to be true, or remember that it is not."""
        if condition:
            self.lines.append(f"[green]✓[/] {escape(sentence)}")
        else:
            self.faults.append(sentence)
            self.lines.append(f"[bold red]✗ not so:[/] {escape(sentence)}")

    def note(self, sentence: str) -> None:
        self.lines.append(f"[dim]·[/] {escape(sentence)}")

    def flowed(self, of: str, facts: Iterable[str]) -> None:
        """Show events: facts of one kind of thing, in their order."""
        self.lines.append(f"[cyan]⇢ {escape(of)}[/] [bold cyan]{escape(' → '.join(facts))}[/]")

    def told(self, whom: str, words: str) -> None:
        self.lines.append(f"[magenta]✉[/] {escape(whom)}: [italic]{escape(words)}[/]")


@dataclass(slots=True)
class Stage:
    """The screen, and the count."""

    console: Console
    steps: int = 0
    failed: int = 0
    _told: Exception | None = None
    """What broke the last broken step."""

    @asynccontextmanager
    async def story(self, title: str) -> AsyncGenerator[None]:
        """Show a story; when it breaks off, the next one can still be shown."""
        self.console.print()
        self.console.print(Rule(f"[bold]{escape(title)}[/]", align="left"))
        try:
            yield
        except Exception as broken:  # noqa: BLE001 — whatever it is: it is shown, counted, and the next story begins
            if broken is not self._told:
                step = Step("The demo", "could not go on")
                self.steps += 1
                step.check(condition=False, sentence=_words(broken))
                self._show(step)
            self.console.print("   [bold red]The story breaks off here.[/]")

    @asynccontextmanager
    async def step(self, who: Caller | str, what: str) -> AsyncGenerator[Step]:
        """Show one step; whatever goes wrong in it is told and counted."""
        step = Step(who if isinstance(who, str) else who.title, what)
        self.steps += 1
        try:
            yield step
        except Exception as broken:
            step.check(condition=False, sentence=_words(broken))
            self._told = broken
            raise
        finally:
            self._show(step)

    def _show(self, step: Step) -> None:
        self.failed += bool(step.faults)
        mark = "[bold red]✗[/]" if step.faults else "[bold green]✓[/]"
        self.console.print(f"{mark} [dim]{self.steps:>3}[/] [bold]{escape(step.who)}[/] {escape(step.what)}")
        for line in step.lines:
            self.console.print(f"        {line}", highlight=False)

    def verdict(self) -> str:
        """Give the last line."""
        return f"demo: {self.steps} steps, {self.steps - self.failed} ok"


def _words(broken: Exception) -> str:
    if isinstance(broken, (Refused, TooSlow)):
        return str(broken)
    return "".join(traceback.format_exception_only(broken)).strip()
