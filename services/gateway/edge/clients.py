"""Speaks HTTP to the services: the only place in the platform that calls another part and waits."""

import asyncio
import ssl
from collections.abc import AsyncIterable, Mapping
from types import TracebackType
from typing import Self

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from services.gateway.edge.domain.routes import Headers, part_unavailable
from shared.observe import logger

ANSWER_WITHIN_S = 10.0
MAX_CONNECTIONS = 512
"""Per service; streams of events hold one each."""
KEEP_IDLE_S = 2.0
"""Shorter than the services keep theirs (5 s): a connection that the other end is closing must not be picked up."""

GONE = (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError)
"""How a part that goes away looks from here; running out of time is an OSError as well."""

log = logger("edge")

Content = bytes | AsyncIterable[bytes]


class Services:
    """One pool of connections per service.

    Transports are used without `httpx.AsyncClient`: its redirects, cookies and default headers have no place between
    two people's requests, and cost half of the time of a call.
    """

    def __init__(self, urls: Mapping[str, str], transports: Mapping[str, httpx.AsyncBaseTransport] | None) -> None:
        self._urls = {part: url.rstrip("/") for part, url in urls.items()}
        self._transports = _pools(urls) if transports is None else transports

    async def ask(
        self,
        part: str,
        method: str,
        target: str,
        headers: Headers,
        content: Content = b"",
        *,
        read_within_s: float | None = ANSWER_WITHIN_S,
    ) -> httpx.Response:
        """Return the answer with its body still to be read; the caller closes it. Raises `Unavailable`.

        An answer must begin in time; how long a body may take that flows from the asker is not for us to say.
        """
        times = {"connect": ANSWER_WITHIN_S, "pool": ANSWER_WITHIN_S, "write": ANSWER_WITHIN_S, "read": read_within_s}
        request = httpx.Request(
            method, self._urls[part] + target, headers=headers, content=content, extensions={"timeout": times}
        )
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S if isinstance(content, bytes) else None):
                return await self._transports[part].handle_async_request(request)
        except (*GONE, KeyError) as failed:
            log.warning("part does not answer", service=part, error=repr(failed))
            raise part_unavailable(part) from failed

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._transports.values():
            await transport.aclose()


def _pools(urls: Mapping[str, str]) -> dict[str, httpx.AsyncBaseTransport]:
    tls = ssl.create_default_context()

    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS, keepalive_timeout=KEEP_IDLE_S, ssl=tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    return {part: AiohttpTransport(verify=tls, trust_env=False, client=session) for part in urls}
