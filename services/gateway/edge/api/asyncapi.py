"""The published AsyncAPI document; without it partners would have to guess what the events hold."""

from functools import cache
from hashlib import sha256

from fastapi import APIRouter, Request, Response

from shared.settings import ROOT

router = APIRouter(include_in_schema=False)

DOCUMENT = ROOT / "docs" / "asyncapi.json"
"""Made by `commonwatch docs` from what the services declare, none of which the gateway imports."""


@cache
def _document() -> tuple[bytes, str]:
    """Read the document and its tag; it changes only with the code, so once is enough."""
    written = DOCUMENT.read_bytes()
    return written, f'"{sha256(written).hexdigest()[:32]}"'


@router.get("/asyncapi.json")
async def asyncapi(request: Request) -> Response:
    """Describe every event: its channel, its headers, its body, who sends and who receives it."""
    written, tag = _document()
    headers = {"Cache-Control": "public, max-age=300", "ETag": tag}
    known = {given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(written, media_type="application/json", headers=headers)
