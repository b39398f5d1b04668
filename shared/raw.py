"""The typed face of asyncpg, which ships no types; hot paths and the relay speak to PostgreSQL through it."""

from collections.abc import Awaitable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, cast

import asyncpg

Record = Mapping[str, Any]

DatabaseFault = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What a lost or refusing server raises."""


class Raw(Protocol):
    """Something that runs one statement: a connection, or a pool that borrows one."""

    async def execute(self, query: str, *values: object) -> str: ...
    async def fetch(self, query: str, *values: object) -> list[Record]: ...
    async def fetchrow(self, query: str, *values: object) -> Record | None: ...
    async def fetchval(self, query: str, *values: object) -> Any: ...


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
