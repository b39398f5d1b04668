"""Forwards a request to the service that owns its address, with the person's own token: services decide, not we.

A bare ASGI application, because every request of every person passes here.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import suppress
from typing import cast

import httpx
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from services.gateway.domain import Allowance, Flow
from services.gateway.edge.clients import ANSWER_WITHIN_S, GONE, Content, Services
from services.gateway.edge.domain.routes import (
    METHODS,
    PREFIX,
    flow_of,
    headers_for_caller,
    headers_for_service,
    is_endless,
    is_public,
    owner_of,
    part_unavailable,
)
from services.gateway.identity.actions.admission import Doorkeeper
from services.gateway.identity.api.visitors import address_of
from shared.bounds import CutShort
from shared.clock import Clock
from shared.errors import Malformed, Unavailable
from shared.observe import current_trace, logger

HELD_BYTES = 64 * 1024
"""A longer body is passed on as it comes; a shorter one in one piece, which is faster, and is whole or not begun."""

log = logger("edge")


class Edge:
    """Who asks, which part owns it, forward."""

    def __init__(
        self, services: Services, door: Doorkeeper, allowances: Mapping[Flow, Allowance], clock: Clock
    ) -> None:
        self._services = services
        self._door = door
        self._allowances = allowances
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
        body = _Body(receive)
        try:
            answer = await self._services.ask(
                part,
                method,
                target,
                passed,
                await body.content(headers, passed),
                read_within_s=None if is_endless(path) else ANSWER_WITHIN_S,
            )
        except Unavailable:
            if body.cut is not None:  # it is the asker who stopped, not the part
                raise body.cut from None
            raise
        try:
            if body.cut is not None:  # whatever the part made of the half that it has heard
                raise body.cut
            await _pass_on(answer, part, scope, receive, send)
        finally:
            with suppress(*GONE):
                await answer.aclose()

    async def _admit(self, scope: Scope, method: str, path: str, authorization: bytes | None) -> None:
        who = None
        if authorization is not None or not is_public(method, path):
            who = await self._door.admit((authorization or b"").decode("latin-1"))
        flow = flow_of(method, path, anonymous=who is None)
        allowance = self._allowances[flow]
        asks = address_of(scope.get("client")) if who is None or flow is Flow.TRACKING else who.id
        left = allowance.spend(asks, self._clock())
        scope["state"]["answer_headers"] = allowance.headers(left)


class _Body:
    """What the asker sends on: short, in one piece; long, as it comes."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.cut: BaseException | None = None
        """Why it ended before it was whole."""

    async def content(self, headers: dict[bytes, bytes], passed: list[tuple[bytes, bytes]]) -> Content:
        """Read a short body; let a long one of declared length flow. `Frame` has limited both."""
        length = headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in headers:
            return b""
        if length is not None and int(length) > HELD_BYTES:
            passed.append((b"content-length", length))
            return self._flowing()
        return b"".join([chunk async for chunk in self._chunks()])

    async def _chunks(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Malformed("request-cut-off", "The request ended before it was complete.", "请求在完成前中断。")
            more = message.get("more_body", False)
            yield message.get("body", b"")

    async def _flowing(self) -> AsyncIterator[bytes]:
        """Give the chunks to the HTTP client, which takes a broken connection for what it is and nothing else."""
        try:
            async for chunk in self._chunks():
                yield chunk
        except (CutShort, Malformed) as cut:
            self.cut = cut
            raise ConnectionError("the asker stopped") from cut


async def _pass_on(answer: httpx.Response, part: str, scope: Scope, receive: Receive, send: Send) -> None:
    headers = headers_for_caller(answer.headers.raw)
    stream = cast("httpx.AsyncByteStream", answer.stream)
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        # Ends when the caller leaves, also while the service is silent.
        events = StreamingResponse(_until_gone(stream, part), answer.status_code)
        events.raw_headers = headers
        await events(scope, receive, send)
        return
    start: Message = {"type": "http.response.start", "status": answer.status_code, "headers": headers}
    held, size, begun = list[bytes](), 0, False
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S) as patience:
            async for chunk in stream:
                held.append(chunk)
                size += len(chunk)
                if size > HELD_BYTES:
                    if not begun:
                        await send(start)
                        begun = True
                        patience.reschedule(None)  # a long answer takes as long as its reader
                    await send({"type": "http.response.body", "body": b"".join(held), "more_body": True})
                    held.clear()
    except GONE as failed:
        if not begun:
            raise part_unavailable(part) from failed
        # Nothing else can be told any more. Without its end the answer is seen to be cut off.
        log.warning("answer cut off", service=part, error=repr(failed))
        return
    if not begun:
        await send(start)
    await send({"type": "http.response.body", "body": b"".join(held)})


async def _until_gone(stream: AsyncIterable[bytes], part: str) -> AsyncIterator[bytes]:
    """End a stream of events where its service goes away: readers come back and name the last event they saw."""
    try:
        async for chunk in stream:
            yield chunk
    except GONE as failed:
        log.warning("stream ended", service=part, error=repr(failed))
