"""A line between a service and a server that can be cut, slowed and broken; without it only deaths could be tried."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from enum import StrEnum

HOST = "127.0.0.1"
CHUNK_BYTES = 64 * 1024
_SEND_RST = struct.pack("ii", 1, 0)

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Way(StrEnum):
    """A direction, as the service sees it."""

    THERE = "there"
    BACK = "back"


class Wire:
    """Every connection of one process to one server. What is set here holds for living and for new connections.

    A cut keeps bytes back and loses none, as TCP does: they arrive when it is healed, or go down with the connection.
    """

    def __init__(self, reach: Callable[[], Awaitable[Ends]]) -> None:
        self._reach = reach
        self.port = 0
        self.delay_s = 0.0
        """For each piece that passes."""
        self.bytes_per_s = 0.0
        """0: as fast as the machine."""
        self._tear = False
        self._open = {way: asyncio.Event() for way in Way}
        self._ends: set[asyncio.StreamWriter] = set()
        self.heal()

    def cut(self, *ways: Way) -> None:
        """Let nothing pass any more in these directions; neither end is told."""
        for way in ways:
            self._open[way].clear()

    def heal(self) -> None:
        self.delay_s = self.bytes_per_s = 0.0
        self._tear = False
        for gate in self._open.values():
            gate.set()

    def reset(self) -> int:
        """Break every connection off; whatever is under way is lost. Return how many there were."""
        broken = len(self._ends) // 2
        for end in list(self._ends):
            sock = end.get_extra_info("socket")
            if sock.family == socket.AF_INET:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _SEND_RST)
            end.transport.abort()
        return broken

    def tear(self) -> None:
        """Let half of the next piece arrive, then break everything off."""
        self._tear = True

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        self._ends.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            upstream, far = await self._reach()
            self._ends.add(far)
            flows = [
                asyncio.create_task(self._flow(Way.THERE, reader, far)),
                asyncio.create_task(self._flow(Way.BACK, upstream, writer)),
            ]
            try:
                await asyncio.wait(flows, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for flow in flows:
                    flow.cancel()
                await asyncio.gather(*flows, return_exceptions=True)
        except OSError:
            pass  # the server is away: the service sees its connection close
        finally:
            for end in (writer, far):
                if end is not None:
                    self._ends.discard(end)
                    end.close()

    async def _flow(self, way: Way, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(CHUNK_BYTES):
                if self.delay_s or self.bytes_per_s:
                    await asyncio.sleep(self.delay_s + (len(piece) / self.bytes_per_s if self.bytes_per_s else 0.0))
                await self._open[way].wait()
                if self._tear:
                    self._tear = False
                    target.write(piece[: len(piece) // 2])
                    await target.drain()
                    self.reset()
                    return
                target.write(piece)
                await target.drain()
        await self._open[way].wait()  # nor does word of the end get through a cut


@asynccontextmanager
async def wire(reach: Callable[[], Awaitable[Ends]]) -> AsyncIterator[Wire]:
    """Lay a wire from a free port to whatever `reach` connects to."""
    laid = Wire(reach)
    server = await asyncio.start_server(laid.join, HOST, 0, limit=CHUNK_BYTES)
    laid.port = server.sockets[0].getsockname()[1]
    try:
        yield laid
    finally:
        server.close()
        laid.heal()
        laid.reset()
