"""Speaks to the platform as somebody, through its public interface; without it each story would build requests.

Nothing here knows a service: only the gateway's address, a token and JSON.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
PATIENCE_S = 10.0
LOOK_EVERY_S = 0.05


class Refused(Exception):
    """The platform did not do what the story needs it to do."""


class TooSlow(Exception):
    """What should have flowed did not arrive in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform said."""

    status: int
    body: Any
    headers: httpx.Headers

    @property
    def slug(self) -> str:
        """Give the problem's short name: the last word of its type."""
        return self._told("type").rpartition("/")[2].rpartition(":")[2]

    @property
    def sentence(self) -> str:
        """Give the words in which a problem is told."""
        return self._told("detail")

    def _told(self, field: str) -> str:
        problem = self.headers.get("content-type", "").startswith("application/problem+json")
        return str(self.body.get(field, "")) if problem else ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who speaks to the platform; `token` None is a member of the public."""

    title: str
    http: httpx.AsyncClient
    token: str | None = None
    language: str = "en"

    async def ask(self, method: str, path: str, **request: Any) -> Answer:
        """Send a request and take any answer."""
        headers = {"accept-language": self.language, **request.pop("headers", {})}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        answer = await self.http.request(method, f"/api/v1/{path}", headers=headers, **request)
        is_json = answer.content and "json" in answer.headers.get("content-type", "")
        return Answer(answer.status_code, answer.json() if is_json else answer.content, answer.headers)

    async def get(self, path: str, **params: Any) -> Any:
        return await self._done("GET", path, params=params)

    async def put(self, path: str, body: Any) -> Any:
        return await self._done("PUT", path, json=body)

    async def post(self, path: str, body: Any = None) -> Any:
        return await self._done("POST", path, json=body if body is not None else {})

    async def upload(self, path: str, data: bytes, media_type: str) -> Any:
        return await self._done("PUT", path, content=data, headers={"content-type": media_type})

    async def _done(self, method: str, path: str, **request: Any) -> Any:
        answer = await self.ask(method, path, **request)
        if not httpx.codes.is_success(answer.status):
            raise Refused(f"{method} {path} was refused to {self.title}: {answer.status} {answer.slug} {answer.body}")
        return answer.body


async def until(
    look: Callable[[], Awaitable[T]], wanted: Callable[[T], object], hope: str, every_s: float = LOOK_EVERY_S
) -> T:
    """Look until what is wanted is there; `hope` says what was waited for."""
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        found = await look()
        if wanted(found):
            return found
        if time.monotonic() > give_up_at:
            raise TooSlow(f"{hope}: not within {PATIENCE_S:.0f} s; the last answer was {str(found)[:600]}")
        await asyncio.sleep(every_s)
