"""What wraps every request: id, trace, size limit, security headers, timing. Pure ASGI, so it costs microseconds."""

import secrets
import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Problem
from shared.observe import REQUESTS, begin_trace
from shared.problems import language_of, packed, problem_response, too_large

_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
)


class Frame:
    """ASGI middleware of every service; evidence uploads have their own limit."""

    def __init__(self, app: ASGIApp, service: str, max_body_bytes: int, upload_bytes: int = 21 * 1024 * 1024) -> None:
        self.app = app
        self.service = service
        self.max_body_bytes = max_body_bytes
        self.upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        trace = begin_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        request_id = _request_id(headers.get(b"x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.perf_counter()
        status = 500
        answered = False

        async def send_framed(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], True
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in _SAFE if pair[0] not in present),
                    (b"x-request-id", request_id),
                    (b"traceparent", trace.traceparent.encode()),
                ]
            await send(message)

        limit = self.upload_bytes if "/evidence/" in scope["path"] else self.max_body_bytes
        try:
            if int(headers.get(b"content-length") or 0) > limit:
                await _refuse(too_large(), scope, receive, send_framed)
            elif headers.get(b"content-encoding", b"").lower() not in {b"", b"identity"}:
                await _refuse(packed(), scope, receive, send_framed)
            else:
                await self.app(scope, _limited(receive, limit), send_framed)
        except _BodyTooLarge:
            if not answered:
                await _refuse(too_large(), scope, receive, send_framed)
        finally:
            elapsed_s = time.perf_counter() - began
            REQUESTS.labels(self.service, scope["method"], status).observe(elapsed_s)


class _BodyTooLarge(BaseException):
    """Raised while reading; not an Exception, so that no handler of the application turns it into something else."""


def _limited(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def receive_limited() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _BodyTooLarge
        return message

    return receive_limited


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before the body is read; the rest of it would be taken for the next request."""
    response = problem_response(problem, language_of(Request(scope)), {"Connection": "close"})
    await response(scope, receive, send)


def _request_id(given: bytes | None) -> bytes:
    """Keep the caller's id when it is short and plain; otherwise make one."""
    if given and len(given) <= 64 and given.replace(b"-", b"").isalnum():  # noqa: PLR2004 — a bound, no meaning
        return given
    return secrets.token_hex(12).encode()
