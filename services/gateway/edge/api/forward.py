"""Forwards a request to the service that owns its address, with the person's own token: services decide, not we.

A bare ASGI application, because every request of every person passes here.
"""

from collections.abc import AsyncIterator
from typing import cast

import httpx
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from services.gateway.domain import Allowance
from services.gateway.edge.clients import ANSWER_WITHIN_S, Content, Services
from services.gateway.edge.domain.routes import (
    METHODS,
    PREFIX,
    headers_for_caller,
    headers_for_service,
    is_endless,
    is_public,
    owner_of,
)
from services.gateway.identity.actions.admission import Doorkeeper
from services.gateway.identity.api.visitors import address_of
from shared.clock import Clock
from shared.errors import Malformed
from shared.observe import current_trace

READS = frozenset({"GET", "HEAD"})
HELD_BYTES = 64 * 1024
"""A longer body is passed on as it comes, a shorter one in one piece, which is faster."""


class Edge:
    """Who asks, which part owns it, forward."""

    def __init__(self, services: Services, door: Doorkeeper, anonymous: Allowance, clock: Clock) -> None:
        self._services = services
        self._door = door
        self._anonymous = anonymous
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method: str = scope["method"]
        if method not in METHODS:
            raise HTTPException(405)
        raw_path: bytes = scope["raw_path"]
        path = raw_path.decode("latin-1")[len(PREFIX) :]
        part = owner_of(path)
        headers = dict(scope["headers"])
        await self._admit(scope, method, path, headers.get(b"authorization"))
        query: bytes = scope["query_string"]
        target = f"{path}?{query.decode('latin-1')}" if query else path
        trace = current_trace()
        assert trace is not None
        # From the dictionary, so that the token which the service reads is the one that was checked here.
        passed = headers_for_service(headers.items(), scope["state"]["request_id"], trace.traceparent)
        answer = await self._services.ask(
            part,
            method,
            target,
            passed,
            await _body(headers, receive, passed),
            read_within_s=None if is_endless(path) else ANSWER_WITHIN_S,
        )
        try:
            await _pass_on(answer, scope, receive, send)
        finally:
            await answer.aclose()

    async def _admit(self, scope: Scope, method: str, path: str, authorization: bytes | None) -> None:
        if authorization is not None or not is_public(method, path):
            await self._door.admit((authorization or b"").decode("latin-1"))
        elif method not in READS:
            self._anonymous.spend(address_of(scope.get("client")), self._clock())


async def _body(headers: dict[bytes, bytes], receive: Receive, passed: list[tuple[bytes, bytes]]) -> Content:
    """Read a short body; let a long one of declared length flow. `Frame` has limited both."""
    length = headers.get(b"content-length")
    if length is None and b"transfer-encoding" not in headers:
        return b""
    chunks = _chunks(receive)
    if length is not None and int(length) > HELD_BYTES:
        passed.append((b"content-length", length))
        return chunks
    return b"".join([chunk async for chunk in chunks])


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("request-cut-off", "The request ended before it was complete.", "请求在完成前中断。")
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _pass_on(answer: httpx.Response, scope: Scope, receive: Receive, send: Send) -> None:
    headers = headers_for_caller(answer.headers.raw)
    stream = cast("httpx.AsyncByteStream", answer.stream)
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        # Ends when the caller leaves, also while the service is silent.
        events = StreamingResponse(stream, answer.status_code)
        events.raw_headers = headers
        await events(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    async for chunk in stream:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
