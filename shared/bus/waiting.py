"""Ends a wait for answers that cannot come; without it one forbidden row would hold up all others for seconds."""

import asyncio
from collections.abc import Awaitable, Collection
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


class Denied(Exception):
    """The broker does not let this service speak on this subject; it stored nothing."""


@dataclass(slots=True, eq=False)
class _Wait:
    patience: asyncio.Timeout
    subjects: Collection[str]
    denied: bool = False

    def end(self) -> None:
        if not self.patience.expired():
            self.patience.reschedule(0)


@dataclass(slots=True)
class Waiting:
    """All publications under way.

    nats-py tells a lost connection and a denial beside the request they belong to, which waits out its time.
    """

    _waits: set[_Wait] = field(default_factory=set[_Wait])

    async def wait(self, subjects: Collection[str], answer: Awaitable[T]) -> T:
        """Wait for the answer; raises TimeoutError when the connection is lost, `Denied` when it is forbidden."""
        wait = _Wait(asyncio.timeout(None), subjects)
        try:
            async with wait.patience:
                self._waits.add(wait)
                return await answer
        except TimeoutError:
            if wait.denied:
                raise Denied(f"not allowed to publish on {', '.join(sorted(set(subjects))):.200}") from None
            raise
        finally:
            self._waits.discard(wait)

    def end_all(self) -> None:
        for wait in self._waits:
            wait.end()

    def deny(self, subject: str) -> None:
        """End what waits on this subject, given as nats-py gives it: in small letters."""
        for wait in self._waits:
            if any(subject == mine.lower() for mine in wait.subjects):
                wait.denied = True
                wait.end()
