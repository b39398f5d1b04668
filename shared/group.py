"""Writes the rows of a burst in one statement; without it every report would pay for a commit of its own.

There is no timer: while statements are under way the next rows gather, so a single row never waits for company.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.raw import Raw

MOST_ROWS = 50
AT_ONCE = 2
"""While one statement waits for the disk, the answers to the other are sent."""


@dataclass(frozen=True, slots=True)
class _Wish:
    key: UUID
    row: Sequence[object]
    written: "asyncio.Future[bool]"


class Group:
    """Gathers the rows of one `statement`, which takes an array per column and returns the `key` of what it wrote."""

    def __init__(self, statement: str) -> None:
        self._statement = statement
        self._wishes: list[_Wish] = []
        self._writing: set[object] = set()

    async def write(self, database: Raw, key: UUID, row: Sequence[object]) -> bool:
        """Return once the row is durable; False when its key was there before.

        Raises what the database says of this row. A row that it refuses takes no other with it.
        """
        wish = _Wish(key, row, asyncio.get_running_loop().create_future())
        self._wishes.append(wish)
        if len(self._writing) < AT_ONCE:
            self._writing.add(asyncio.create_task(self._write(database), name="group commit"))
        return await wish.written

    async def _write(self, database: Raw) -> None:
        try:
            while self._wishes:
                await self._store(database, self._next())
        finally:  # in the same step as the last look, so that no wish finds two writers that have both gone
            self._writing.discard(asyncio.current_task())

    def _next(self) -> list[_Wish]:
        """Take what waits, each key once: who asks again for the same key must find the row of the first."""
        batch: dict[UUID, _Wish] = {}
        rest: list[_Wish] = []
        for wish in self._wishes:
            if wish.key in batch or len(batch) == MOST_ROWS:
                rest.append(wish)
            else:
                batch[wish.key] = wish
        self._wishes = rest
        return [batch[key] for key in sorted(batch)]  # one order, so that two statements cannot lock each other

    async def _store(self, database: Raw, batch: Sequence[_Wish]) -> None:
        try:
            columns = zip(*(wish.row for wish in batch), strict=True)
            written = {record["key"] for record in await database.fetch(self._statement, *map(list, columns))}
        except Exception as refused:  # noqa: BLE001 — whatever it is, each of those who wait must hear of it
            if len(batch) > 1:
                for wish in batch:
                    await self._store(database, [wish])
            elif not batch[0].written.done():
                batch[0].written.set_exception(refused)
            return
        for wish in batch:
            if not wish.written.done():  # the caller may have gone away
                wish.written.set_result(wish.key in written)
