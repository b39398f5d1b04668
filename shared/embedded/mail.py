"""A mail server that keeps every message in a folder; without it a newcomer could not see who was told."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import time_ns

from aiosmtpd.smtp import SMTP, Envelope, Session

from shared.embedded.files import private_directory

HOST = "127.0.0.1"
_MAX_MESSAGE_BYTES = 10 * 1024 * 1024


class _Keeper:
    """Writes what arrives to `<time>-<n>.eml`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 — aiosmtpd's hook
        self._count += 1
        content = envelope.content
        assert isinstance(content, bytes)
        await asyncio.to_thread((self._folder / f"{time_ns()}-{self._count}.eml").write_bytes, content)
        return "250 kept"


@asynccontextmanager
async def mail_catcher(folder: Path) -> AsyncGenerator[str]:
    """Take mail on a free loopback port and keep it in `folder`; give the `smtp://` URL."""
    keeper = _Keeper(private_directory(folder))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=_MAX_MESSAGE_BYTES, hostname="commonwatch", enable_SMTPUTF8=True), HOST, 0
    )
    try:
        yield f"smtp://{HOST}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
