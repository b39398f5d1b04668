"""The typed face of asyncpg, which ships no types; hot paths and the relay speak to PostgreSQL through it."""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from itertools import count, islice
from secrets import token_bytes
from typing import Any, Protocol, cast
from uuid import UUID

import asyncpg
from asyncpg.pgproto import pgproto

Record = Mapping[str, Any]

DatabaseFault = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What a lost or refusing server raises."""


class Raw(Protocol):
    """Something that runs one statement: a connection, or a pool that borrows one."""

    async def execute(self, query: str, *values: object) -> str: ...
    async def fetch(self, query: str, *values: object) -> list[Record]: ...
    async def fetchrow(self, query: str, *values: object) -> Record | None: ...
    async def fetchval(self, query: str, *values: object) -> Any: ...
    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[Sequence[object]], columns: Sequence[str]
    ) -> str: ...


class RawConnection(Raw, Protocol):
    def transaction(self) -> AbstractAsyncContextManager[object]: ...
    async def close(self, *, timeout: float | None = None) -> None: ...  # noqa: ASYNC109 — asyncpg's own signature


class RawPool(Raw, Protocol):
    async def close(self) -> None: ...


async def connect(url: str, *, password: str | None = None, timeout_s: int = 60) -> RawConnection:
    return await cast("Awaitable[RawConnection]", asyncpg.connect(url, password=password, timeout=timeout_s))  # pyright: ignore[reportUnknownMemberType] — untyped


async def open_pool(url: str, *, size: int = 8) -> RawPool:
    """Open a pool of up to `size` connections, each statement its own transaction."""
    pool = asyncpg.create_pool(url, min_size=1, max_size=size, reset=_nothing_to_reset)  # pyright: ignore[reportUnknownMemberType] — untyped
    return await cast("Awaitable[RawPool]", pool)


async def _nothing_to_reset(_: object) -> None:
    """Save the round trip by which asyncpg would clear locks, cursors and settings: single statements leave none."""


_FAST_UUID: Any = pgproto  # asyncpg's own subclass of `uuid.UUID`, made ten times faster
_SERIES = count()
_SERIES_BITS, _NOISE_BYTES = 20, 6


def ordered_ids(how_many: int, now: datetime) -> list[UUID]:
    """Make ids of version 7 (RFC 9562) that grow: an index takes a series of them at its end, far cheaper a row.

    Each is the millisecond, its place in the series of this process, and 42 random bits.
    """
    prefix = int(now.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62
    noise = token_bytes(_NOISE_BYTES * how_many)
    ids: list[UUID] = []
    for start, place in zip(range(0, len(noise), _NOISE_BYTES), islice(_SERIES, how_many), strict=True):
        random = int.from_bytes(noise[start : start + _NOISE_BYTES], "big") >> 6
        ids.append(_FAST_UUID.UUID((prefix | place % (1 << _SERIES_BITS) << 42 | random).to_bytes(16, "big")))
    return ids
