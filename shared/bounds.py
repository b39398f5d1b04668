"""How large, how deep and how slow a request may be; without it one strange request could hold or end a process."""

import asyncio
import re
from collections.abc import Sequence

from starlette.types import Message, Receive

from shared.errors import HeadersTooLarge, Malformed, Problem, TooLarge, TooLong, TooSlow

MAX_HEADERS = 64
MAX_HEADER_BYTES = 32 * 1024
MAX_QUERY_BYTES = 8 * 1024
MAX_PATH_BYTES = 4 * 1024
MAX_DEPTH = 32
FIRST_BYTES_WITHIN_S = 15.0
LEAST_BYTES_PER_S = 8 * 1024
"""A body has the time that it takes on a poor phone line, and no more."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(sorted(set(range(256)) - set(b"[]{}")))


class CutShort(BaseException):
    """Raised while a body is read; not an Exception, so that no handler of the application turns it into another."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.slug)
        self.problem = problem


def refusal(headers: Sequence[tuple[bytes, bytes]], path: bytes, query: bytes) -> Problem | None:
    """Say why a request is not even looked at, from its first lines."""
    if len(query) > MAX_QUERY_BYTES or len(path) > MAX_PATH_BYTES:
        return TooLong("address-too-long", "The address is longer than allowed.", "请求地址超过允许的长度。")
    if len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
        return HeadersTooLarge(
            "headers-too-large", "The request has more or longer headers than allowed.", "请求头超过允许的数量或长度。"
        )
    return None


class Intake:
    """Hands a body on as it comes: a JSON body in one piece, once it is known not to be nested beyond reason.

    Raises `CutShort`.
    """

    def __init__(self, receive: Receive, headers: dict[bytes, bytes], max_bytes: int) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._taken = 0
        self._more = True
        self._json = b"json" in headers.get(b"content-type", b"").lower()
        declared = int(headers.get(b"content-length") or max_bytes)
        self._until = asyncio.get_running_loop().time() + FIRST_BYTES_WITHIN_S + declared / LEAST_BYTES_PER_S

    async def __call__(self) -> Message:
        if not self._more:  # what follows a body is only that the asker left, which may take for ever
            return await self._receive()
        message = await self._next()
        if not self._json or message["type"] != "http.request":
            return message
        pieces = [message.get("body", b"")]
        while self._more:
            message = await self._next()
            if message["type"] != "http.request":
                return message
            pieces.append(message.get("body", b""))
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if (problem := _misshapen(body)) is not None:
            raise CutShort(problem)
        return {"type": "http.request", "body": body, "more_body": False}

    async def _next(self) -> Message:
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise CutShort(_too_slow()) from None
        if message["type"] == "http.request":
            self._taken += len(message.get("body", b""))
            if self._taken > self._max_bytes:
                raise CutShort(too_large())
        self._more = message["type"] == "http.request" and message.get("more_body", False)
        return message


def _too_slow() -> TooSlow:
    return TooSlow("too-slow", "The request did not arrive in time. Send it again.", "请求未能及时传完，请重新发送。")


def _misshapen(body: bytes) -> Problem | None:
    if too_deep(body):
        return Malformed(
            "nested-too-deep",
            f"The content is nested more than {MAX_DEPTH} levels deep.",
            f"内容嵌套超过 {MAX_DEPTH} 层。",
        )
    if b"\0" in body:  # the standard library would read UTF-16 and UTF-32, which JSON on the wire is not
        return Malformed("malformed-json", "The request is not valid JSON.", "请求不是有效的 JSON。")
    return None


def too_deep(body: bytes) -> bool:
    """Tell whether JSON is nested deeper than `MAX_DEPTH`, whatever else is wrong with it.

    Every pass takes the innermost level away, in C: parsing such a text is what must not be done.
    """
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    left = _STRING.sub(b"", body).translate(None, _NO_BRACKETS).replace(b"{", b"[").replace(b"}", b"]")
    for _ in range(MAX_DEPTH):
        left = left.replace(b"[]", b"")
    # What does not close is counted as well: the parser that would refuse it goes down first.
    return b"[]" in left or left.count(b"[") > MAX_DEPTH


def too_large() -> TooLarge:
    return TooLarge("too-large", "The request is larger than allowed.", "请求内容超过允许的大小。")
