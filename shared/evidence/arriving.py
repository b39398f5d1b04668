"""How a file comes in; without it a dozen videos on slow lines would fill the memory of the service."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from mmap import mmap
from tempfile import TemporaryFile

from fastapi import Request

from shared.errors import Unavailable
from shared.evidence.content import MAX_PDF_BYTES, Data

HELD_BYTES = MAX_PDF_BYTES
"""Nothing but a video is longer."""
LONG_AT_ONCE = 4
"""Long files on disk at once, which take 204 MiB at most: the manifests give a pod 256 MiB for such files."""


class Arrivals:
    """Takes in the bodies of one service: short ones in memory, long ones in files without a name.

    Such a file ends with its request, or with the process. Others wait in the page cache, which gives way when memory
    is short; what is written here does not.
    """

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(LONG_AT_ONCE)

    @asynccontextmanager
    async def whole(self, request: Request) -> AsyncGenerator[Data]:
        """Give the body once it is whole; whoever is given it may change it. Raises Unavailable."""
        declared = int(request.headers.get("content-length") or 0)
        most = 0 if declared > HELD_BYTES else HELD_BYTES
        held, coming = bytearray(), request.stream()
        async for piece in coming:
            held += piece
            if len(held) > most:
                break
        else:
            yield held
            return
        if self._room.locked():
            raise Unavailable(
                "too-many-uploads",
                "Several long videos are being handed in at this moment. Try again in some minutes.",
                "当前有多个较大视频正在上传，请几分钟后重试。",
            )
        async with self._room:
            with TemporaryFile() as file:
                file.write(held)
                held.clear()
                async for piece in coming:
                    file.write(piece)  # into the page cache: some microseconds
                file.flush()
                with mmap(file.fileno(), 0) as data:
                    yield data
