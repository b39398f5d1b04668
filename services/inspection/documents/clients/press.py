"""Hands documents to the processes that print; without it one that hangs or dies would take the service with it."""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from services.inspection.documents.clients.jobs import HEAD_BYTES, Job, Printed
from shared.settings import ROOT

PROGRAM = "services.inspection.documents.clients.printing"
WITHIN_S = 30.0
"""Longer than any document takes; what takes longer is ended with its process."""
TASKS_OF_A_PROCESS = 5_000
"""Then a fresh one takes its place, so that what a library forgets to free cannot add up."""


class CannotPrint(Exception):
    """This document cannot be printed now; the message says why, for the operator."""


@dataclass(slots=True)
class _Printer:
    """One process that prints. It ends by itself when the service does, for then nobody asks it any more."""

    process: Process
    tasks: int = 0

    @classmethod
    async def start(cls) -> "_Printer":
        return cls(
            await asyncio.create_subprocess_exec(sys.executable, "-m", PROGRAM, stdin=PIPE, stdout=PIPE, cwd=ROOT)
        )

    async def ask(self, work: str, given: tuple[Any, ...]) -> tuple[bool, Any]:
        """Give whether it went well, and what came of it; raises when the process ends."""
        said, heard = self.process.stdin, self.process.stdout
        assert said is not None, "it was started with pipes"
        assert heard is not None, "it was started with pipes"
        message = pickle.dumps((work, given))
        said.write(len(message).to_bytes(HEAD_BYTES) + message)
        await said.drain()
        length = int.from_bytes(await heard.readexactly(HEAD_BYTES))
        self.tasks += 1
        answer: tuple[bool, Any] = pickle.loads(await heard.readexactly(length))  # noqa: S301 — of a process of ours
        return answer

    def end(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()


class Press:
    """A few processes, started when the first document comes. `workers` 0: this instance prints nothing."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._free = asyncio.Semaphore(max(workers, 1))
        self._idle: list[_Printer] = []

    async def small(self, picture: bytes) -> bytes | None:
        """Make a picture as large as it is printed; None for what is no picture."""
        made: bytes | None = await self._run("small", picture)
        return made

    async def printed(self, job: Job) -> Printed:
        made: Printed = await self._run("printed", job)
        return made

    async def stamped(self, pdf: bytes, language: str, reason: str, on: str) -> bytes:
        """Print VOID over every page of a file."""
        made: bytes = await self._run("stamped", pdf, language, reason, on)
        return made

    async def pages(self, pdf: bytes) -> int:
        """Count the pages of a file that was printed here."""
        counted: int = await self._run("pages", pdf)
        return counted

    async def _run(self, work: str, *given: Any) -> Any:
        async with self._free:
            printer = self._idle.pop() if self._idle else await _Printer.start()
            try:
                well, made = await asyncio.wait_for(printer.ask(work, given), WITHIN_S)
            except TimeoutError as late:
                printer.end()
                raise CannotPrint(f"it took longer than {WITHIN_S:g} s") from late
            except (asyncio.IncompleteReadError, ConnectionError) as broken:
                printer.end()
                raise CannotPrint("the process that printed it ended") from broken
            except BaseException:  # nobody waits any more for what it says next
                printer.end()
                raise
            if printer.tasks < TASKS_OF_A_PROCESS:
                self._idle.append(printer)
            else:
                printer.end()
        if not well:
            raise CannotPrint(made)
        return made

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().end()
