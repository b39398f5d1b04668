"""Without this file a server that dies at night would stay down until somebody starts the whole platform again."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol, TypeVar

from shared.embedded.faults import Misconfigured
from shared.embedded.process import Child

AGAIN_S = 0.2
FAILED_AGAIN_S = 2.0

Tell = Callable[[str], None]


class Served(Protocol):
    @property
    def server(self) -> Child: ...


S = TypeVar("S", bound=Served)


@asynccontextmanager
async def kept(title: str, start: Callable[[], AbstractAsyncContextManager[S]], tell: Tell) -> AsyncGenerator[S]:
    """Run a server for as long as the block lasts; whenever it ends by itself, tell the operator and start it again.

    The first start raises what `start` raises. A later one that fails is told and tried again: the disk may be full,
    and once there is room again nobody should have to do more.
    """
    async with start() as first:
        keeper = asyncio.create_task(_keep(title, start, tell, first.server), name=f"keeper of {title}")
        try:
            yield first
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper


async def _keep(title: str, start: Callable[[], AbstractAsyncContextManager[S]], tell: Tell, server: Child) -> None:
    code = await server.ended()
    while True:
        tell(f"{title} ended by itself (exit code {code}) and is started again; its last words are in {server.log}.1")
        await asyncio.sleep(AGAIN_S)
        try:
            async with start() as again:
                tell(f"{title} is back")
                code = await again.server.ended()
        except Misconfigured as fault:
            tell(str(fault))
            await asyncio.sleep(FAILED_AGAIN_S)
