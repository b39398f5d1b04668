"""The call to a partner's endpoint; without the guard here a subscription could make us call our own network."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from standardwebhooks import Webhook

from services.notify.webhooks.domain import Answer, may_be_called

CALL_S = 15.0
"""For the whole call: resolving, connecting, sending, and the head of the answer."""


class AddressRefused(OSError):
    """The endpoint's name or number leads to an address that may not be called."""


class PublicAddresses(AbstractResolver):
    """Resolves names to addresses that may be called; one bad address among the answers refuses them all.

    The connector dials exactly these answers, so a name that changes its mind between check and call gains nothing.
    """

    def __init__(self, inner: AbstractResolver, *, allow_loopback: bool) -> None:
        self.inner = inner
        self.allow_loopback = allow_loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self.inner.resolve(host, port, family)
        allowed = self.allow_loopback and host == "localhost"
        if not found or not all(may_be_called(each["host"], allow_loopback=allowed) for each in found):
            raise AddressRefused(host)
        return found

    async def close(self) -> None:
        await self.inner.close()


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Calls partners' endpoints: no redirects, no proxies, no cookies, nothing of the answer's body is read."""

    allow_loopback: bool = False
    resolver: type[AbstractResolver] = ThreadedResolver

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator["Line"]:
        """Hold the connections to one endpoint for as long as a worker serves it."""
        connector = TCPConnector(
            resolver=PublicAddresses(self.resolver(), allow_loopback=self.allow_loopback),
            socket_factory=self._socket,
            use_dns_cache=False,
        )
        async with ClientSession(
            connector=connector,
            timeout=ClientTimeout(total=CALL_S),
            trust_env=False,
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
        ) as session:
            yield Line(session)

    def _socket(self, address: Any) -> socket.socket:
        """Open a socket to an address that is about to be dialled: the last gate, which literal addresses meet too."""
        family, kind, protocol, _, place = address
        if not may_be_called(place[0], allow_loopback=self.allow_loopback):
            raise AddressRefused(place[0])
        return socket.socket(family, kind, protocol)


@dataclass(frozen=True, slots=True)
class Line:
    session: ClientSession

    async def call(self, url: str, secret: str, message_id: UUID, body: str, now: datetime) -> Answer:
        """Post one signed message; never raises for what an endpoint can do wrong."""
        loop = asyncio.get_running_loop()
        began = loop.time()

        def took() -> int:
            return round((loop.time() - began) * 1_000)

        headers = {
            "content-type": "application/json",
            "user-agent": "Commonwatch-Webhooks/1",
            "webhook-id": str(message_id),
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(str(message_id), now, body),
        }
        try:
            async with self.session.post(url, data=body.encode(), headers=headers, allow_redirects=False) as answer:
                return Answer(answer.status, took(), None, _seconds(answer.headers.get("retry-after"), now))
        except (ClientError, OSError, TimeoutError, ValueError) as failed:
            refused = isinstance(failed, AddressRefused) or isinstance(failed.__cause__, AddressRefused)
            return Answer(None, took(), "AddressRefused" if refused else type(failed).__name__)


def _seconds(retry_after: str | None, now: datetime) -> int | None:
    """Read Retry-After, which is seconds or a date."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after[:9])
    try:
        return int((parsedate_to_datetime(retry_after) - now).total_seconds())
    except (ValueError, TypeError):
        return None
