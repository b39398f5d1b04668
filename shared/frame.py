"""What wraps every request: id, trace, bounds, safe headers, tags, timing. Pure ASGI, so it costs microseconds."""

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.bounds import CutShort, Intake, refusal, too_large
from shared.errors import Problem
from shared.observe import REQUESTS, begin_trace
from shared.once import HEADER, Keeper
from shared.problems import language_of, packed, problem_response
from shared.versions import known, tag

Headers = Sequence[tuple[bytes, bytes]]

_SAFE: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""Of every answer that does not say otherwise; pages say otherwise of what they may load."""
_UNPACKED = frozenset({b"", b"identity"})
_OF_THE_BODY = frozenset({b"content-length", b"content-type"})
_OK = 200
_FILE = re.compile(r"/evidence/([^/]+)/[^/]+$")


class Frame:
    """ASGI middleware of every service; uploads of evidence and of tables have their own limit.

    `file_bytes` names the services whose evidence may be longer than other uploads; what is told of a file, at an
    address below its own, is no upload.
    """

    def __init__(
        self,
        app: ASGIApp,
        service: str,
        max_body_bytes: int,
        upload_bytes: int = 21 * 1024 * 1024,
        headers: Headers = (),
        *,
        secretive: bool = False,
        file_bytes: Mapping[str, int] | None = None,
    ) -> None:
        self.app = app
        self.keeper = Keeper(app, secretive=secretive)
        self.service = service
        self.max_body_bytes = max_body_bytes
        self.upload_bytes = upload_bytes
        self.file_bytes = file_bytes or {}
        self.safe = (*_SAFE, *headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        trace = begin_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        request_id = _request_id(headers.get(b"x-request-id"))
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        began = time.perf_counter()
        own = ((b"x-request-id", request_id), (b"traceparent", trace.traceparent.encode()))
        answer = _Answer(send, state, (self.safe, own), headers.get(b"if-none-match"))
        try:
            if (problem := self._refusal(scope, headers)) is not None:
                await _refuse(problem, scope, receive, answer)
                return
            if headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers:
                receive = Intake(receive, headers, self._limit(scope))
            if scope["method"] == "POST" and HEADER in headers:
                await self.keeper(scope, receive, answer, headers[HEADER])
            else:
                await self.app(scope, receive, answer)
        except CutShort as cut:
            if not answer.begun:
                await _refuse(cut.problem, scope, receive, answer)
        finally:
            elapsed_s = time.perf_counter() - began
            REQUESTS.labels(self.service, scope["method"], answer.status).observe(elapsed_s)

    def _limit(self, scope: Scope) -> int:
        if (file := _FILE.search(scope["path"])) is not None:
            return self.file_bytes.get(file[1], self.upload_bytes)
        return self.upload_bytes if "/imports/" in scope["path"] else self.max_body_bytes

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> Problem | None:
        if int(headers.get(b"content-length") or 0) > self._limit(scope):
            return too_large()
        if headers.get(b"content-encoding", b"").lower() not in _UNPACKED:
            return packed()
        return refusal(scope["headers"], scope.get("raw_path") or b"", scope["query_string"])


class _Answer:
    """Sends what the application answers, with the headers of every answer and, for an object, its tag."""

    __slots__ = ("_held", "_if_none_match", "_own", "_safe", "_send", "_state", "begun", "status")

    def __init__(
        self, send: Send, state: dict[str, Any], headers: tuple[Headers, Headers], known: bytes | None
    ) -> None:
        self._send = send
        self._state = state
        self._safe, self._own = headers
        self._if_none_match = known
        self._held: Message | None = None
        self.status = 500
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.begun = message["status"], True
            given: list[tuple[bytes, bytes]] = message["headers"]
            present = {name for name, _ in given}
            message["headers"] = [
                *given,
                *[pair for pair in self._safe if pair[0] not in present],
                *self._state.get("answer_headers", ()),
                *self._own,
            ]
            if self.status == _OK and "version" in self._state:
                self._held = message
                return
        elif self._held is not None:
            start, self._held = self._held, None
            if not message.get("more_body", False):
                self._tag(start, message)
            await self._send(start)
        await self._send(message)

    def _tag(self, start: Message, body: Message) -> None:
        """Write the tag of what is answered; to whoever has it already, answer no more than that."""
        etag = tag(self._state["version"], body.get("body", b""))
        start["headers"].append((b"etag", etag))
        if self._if_none_match is not None and known(etag, self._if_none_match):
            self.status = start["status"] = 304
            body["body"] = b""
            start["headers"] = [pair for pair in start["headers"] if pair[0] not in _OF_THE_BODY]


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before the body is read; the rest of it would be taken for the next request."""
    response = problem_response(problem, language_of(Request(scope)), {"Connection": "close"})
    await response(scope, receive, send)


def _request_id(given: bytes | None) -> bytes:
    """Keep the caller's id when it is short and plain; otherwise make one."""
    if given and len(given) <= 64 and given.replace(b"-", b"").isalnum():  # noqa: PLR2004 — a bound, no meaning
        return given
    return secrets.token_hex(12).encode()
