"""Runs coroutines in virtual time, in an order that only the seed decides; without it no accident could be replayed."""

import heapq
from collections.abc import Callable, Coroutine, Generator
from itertools import count
from random import Random
from types import coroutine
from typing import Any

from shared.raw import DatabaseFault


class Signal:
    """Wakes whoever waits for it; a signal that comes while nobody waits is kept for the next."""

    def __init__(self) -> None:
        self.told = False
        self._waiting: list[tuple[Task, int]] = []

    def tell(self) -> None:
        self.told = True
        waiting, self._waiting = self._waiting, []
        for task, ticket in waiting:
            task.wake(ticket)

    def await_by(self, task: "Task", ticket: int) -> None:
        self._waiting.append((task, ticket))


@coroutine
def pause(seconds: float) -> Generator[float, None, None]:
    yield seconds


@coroutine
def told(signal: Signal, patience_s: float) -> Generator[tuple[Signal, float], None, None]:
    """Wait for the signal, but not longer than this."""
    if not signal.told:
        yield signal, patience_s
    signal.told = False


class Task:
    """A coroutine on the timeline. It may be frozen (SIGSTOP) and ended between any two of its steps (SIGKILL)."""

    def __init__(self, line: "Timeline", work: Coroutine[Any, Any, Any]) -> None:
        self._line = line
        self._work = work
        self._ticket = 0
        self.done = False
        self.failed: Exception | None = None
        self.result: Any = None
        self.ended = Signal()
        self.frozen_until = 0.0
        line.at(line.now, self.wake, 0)

    def wake(self, ticket: int) -> None:
        if ticket != self._ticket or self.done:
            return
        line = self._line
        if self.frozen_until > line.now:
            line.at(self.frozen_until, self.wake, ticket)
            return
        self._ticket = ticket = ticket + 1
        try:
            wanted = self._work.send(None)
        except StopIteration as end:
            self.result = end.value
            self._end()
        except (
            DatabaseFault
        ) as failed:  # what life throws at a process; all else is a fault of the program and ends the run
            self.failed = failed
            self._end()
        else:
            if type(wanted) is float:
                line.at(line.now + wanted, self.wake, ticket)
            else:
                signal, patience_s = wanted
                signal.await_by(self, ticket)
                line.at(line.now + patience_s, self.wake, ticket)

    def kill(self) -> None:
        if not self.done:
            self._work.close()
            self._end()

    def _end(self) -> None:
        self.done = True
        self.ended.tell()


class Timeline:
    """What happens when. Two things of one moment happen in an order that the seed decides."""

    def __init__(self, random: Random) -> None:
        self.now = 0.0
        self._tie = random.random
        self._due: list[tuple[float, float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._number = count()

    def at(self, moment: float, act: Callable[..., None], *values: Any) -> None:
        heapq.heappush(self._due, (moment, self._tie(), next(self._number), act, values))

    def after(self, seconds: float, act: Callable[..., None], *values: Any) -> None:
        self.at(self.now + seconds, act, *values)

    def start(self, work: Coroutine[Any, Any, Any]) -> Task:
        return Task(self, work)

    def run(self, until: float) -> None:
        due, pop = self._due, heapq.heappop
        while due and due[0][0] <= until:
            self.now, _, _, act, values = pop(due)
            act(*values)
        self.now = until
