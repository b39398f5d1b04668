"""Routes: the one published OpenAPI, and whether each part of the platform can work now."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Request, Response

from services.gateway.edge.clients import Services
from services.gateway.edge.domain.publication import merged
from services.gateway.edge.domain.routes import PARTS, PREFIX
from shared.errors import Unavailable
from shared.permission import openly
from shared.web import Here, Now, part

router = APIRouter(prefix=PREFIX, tags=["platform"])

PUBLISHED_FOR = timedelta(minutes=5)
LOOK_AGAIN_AFTER = timedelta(seconds=2)
LOOK_WITHIN_S = 2.0
ANSWERED = 200


class Publication:
    """What the parts say of themselves, asked for when somebody wants it and remembered until a moment."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._document: tuple[datetime, bytes] | None = None
        self._health: tuple[datetime, dict[str, str]] | None = None

    async def document(self, own: dict[str, Any], now: datetime) -> bytes:
        """Give the merged document (JSON). One that lacks a part says so in `x-unavailable`, and is not kept long."""
        if self._document is not None and now < self._document[0]:
            return self._document[1]
        answers = await self._everywhere("/openapi.json")
        known = {name: json.loads(body) for name, (status, body) in answers.items() if status == ANSWERED}
        document = merged(own, known)
        if absent := sorted(PARTS.keys() - known.keys()):
            document["info"]["x-unavailable"] = absent
        written = json.dumps(document, ensure_ascii=False).encode()
        self._document = (now + (LOOK_AGAIN_AFTER if absent else PUBLISHED_FOR), written)
        return written

    async def health(self, now: datetime) -> dict[str, str]:
        """Tell of each part whether it is `ready`, `starting` (lacks its database or broker) or `down`."""
        if self._health is None or now >= self._health[0]:
            answers = await self._everywhere("/health/ready")
            states = {name: _state(answers.get(name)) for name in PARTS}
            self._health = (now + LOOK_AGAIN_AFTER, states)
        return self._health[1]

    async def _everywhere(self, path: str) -> dict[str, tuple[int, bytes]]:
        answers = await asyncio.gather(*(self._look(name, path) for name in PARTS))
        return {name: answer for name, answer in zip(PARTS, answers, strict=True) if answer is not None}

    async def _look(self, name: str, path: str) -> tuple[int, bytes] | None:
        try:
            async with asyncio.timeout(LOOK_WITHIN_S):
                answer = await self._services.ask(name, "GET", path, [])
                try:
                    return answer.status_code, await answer.aread()
                finally:
                    await answer.aclose()
        except (Unavailable, TimeoutError, httpx.HTTPError):
            return None


def _state(answer: tuple[int, bytes] | None) -> str:
    if answer is None:
        return "down"
    return "ready" if answer[0] == ANSWERED else "starting"


Published = Annotated[Publication, part(Publication)]


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request, published: Published, now: Now) -> Response:
    """Describe the whole public API."""
    document = await published.document(request.app.openapi(), now)
    return Response(document, media_type="application/json", headers={"Cache-Control": "public, max-age=60"})


@router.get("/health", openapi_extra=openly("health.read"))
async def health(published: Published, now: Now, here: Here) -> dict[str, str]:
    """Tell of each part whether it is `ready`, `starting` or `down`."""
    own = "ready" if await here.database.ready() else "starting"
    return {"gateway": own, **await published.health(now)}
