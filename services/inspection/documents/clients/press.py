"""Hands documents to the processes that print; without it one that hangs or dies would take the service with it."""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import Any, Self, TypeVar

import typst

from services.inspection.documents.clients import printing
from services.inspection.documents.clients.printing import Job, Printed

T = TypeVar("T")
WITHIN_S = 30.0
"""Longer than any document takes; what takes longer is ended with its process."""
TASKS_OF_A_PROCESS = 5_000
"""Then it makes room for a fresh one, so that what a library forgets to free cannot add up."""


class CannotPrint(Exception):
    """This document cannot be printed now; the message says why, for the operator."""


class Press:
    """A few processes, started when the first document comes. `workers` 0: this instance prints nothing."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    async def small(self, picture: bytes) -> bytes | None:
        return await self._run(printing.small, picture)

    async def printed(self, job: Job) -> Printed:
        return await self._run(printing.printed, job)

    async def stamped(self, pdf: bytes, language: str, reason: str, on: str) -> bytes:
        return await self._run(printing.stamped, pdf, language, reason, on)

    async def _run(self, work: Callable[..., T], *given: Any) -> T:
        pool = self._open()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(pool.submit(work, *given)), WITHIN_S)
        except TimeoutError as late:
            self._end(pool)
            raise CannotPrint(f"it took longer than {WITHIN_S:g} s") from late
        except BrokenExecutor as broken:
            self._end(pool)
            raise CannotPrint("the process that printed it ended") from broken
        except (typst.TypstError, MemoryError, OSError, ValueError, RuntimeError) as fault:
            raise CannotPrint(f"{type(fault).__name__}: {fault}"[:500]) from fault

    def _open(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max(self.workers, 1),
                mp_context=multiprocessing.get_context("spawn"),
                initializer=printing.begin,
                max_tasks_per_child=TASKS_OF_A_PROCESS,
            )
        return self._pool

    def _end(self, pool: ProcessPoolExecutor) -> None:
        """Give the pool up, with whatever still runs in it; the next document opens another."""
        if self._pool is pool:
            self._pool = None
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 — the library ends no task that hangs
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._pool is not None:
            self._end(self._pool)
