"""What a service looked up a moment ago; without it a burst would ask the same of the database a thousand times."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")
KEPT_S = 1.0
MOST_KEPT = 1_000


class Memo:
    """Answers that are kept for `KEPT_S`.

    Whatever changes them here clears it; what another replica of the service hears is known here that much later.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, Any]] = {}

    async def get(self, key: Hashable, look_up: Callable[[], Awaitable[T]]) -> T:
        now = asyncio.get_running_loop().time()
        if key in self._kept and self._kept[key][0] > now:
            found: T = self._kept[key][1]
            return found
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        found = await look_up()
        self._kept[key] = (now + KEPT_S, found)
        return found

    def clear(self) -> None:
        self._kept.clear()


def memo_of(tx: AsyncSession) -> Memo:
    """Give the memo of the service whose transaction this is."""
    memo: Memo = tx.info["memo"]
    return memo
