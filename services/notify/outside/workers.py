"""One tail of the feed per process for all its streams; without it each open stream would poll the database."""

import asyncio
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile

from services.notify.outside.models import OutsideEvent
from services.notify.outside.queries import head, newest
from shared.service import Service

RING = 2_000
BATCH = 500


@dataclass(slots=True)
class Tail:
    """The newest copies in memory. A reader that fell behind them reads the database instead, so nobody is waited for.

    Each reader keeps its own place: memory is bounded by the ring however slow the readers are.
    """

    watchers: int = 0
    _ring: deque[OutsideEvent] = field(default_factory=deque[OutsideEvent])
    _begin: int = 0
    """Every copy after this position, up to `_end`, is in the ring."""
    _end: int | None = None
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def watched(self) -> Generator[None]:
        self.watchers += 1
        try:
            yield
        finally:
            self.watchers -= 1

    @property
    def moved(self) -> asyncio.Event:
        """Set when the tail moves next; take it before looking, wait for it after."""
        return self._moved

    def after(self, position: int) -> Sequence[OutsideEvent] | None:
        """Give the copies after a position, or None when the ring does not reach back to it."""
        if self._end is None or position < self._begin:
            return None
        return list(takewhile(lambda row: (row.position or 0) > position, reversed(self._ring)))[::-1]

    async def follow(self, service: Service) -> int:
        """Take up what was committed since the last round; woken by commits here, by the clock for other replicas."""
        if self.watchers == 0:
            self._end = None
            return 0
        async with service.database.reading() as tx:
            if self._end is None:
                self._ring.clear()
                self._begin = self._end = await head(tx)
                self._announce()
                return 0
            rows = await newest(tx, self._end, BATCH)
        for row in rows:
            self._ring.append(row)
            self._end = row.position
        while len(self._ring) > RING:
            self._begin = self._ring.popleft().position or 0
        if rows:
            self._announce()
        return len(rows)

    def _announce(self) -> None:
        before, self._moved = self._moved, asyncio.Event()
        before.set()
