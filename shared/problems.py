"""Refusals as RFC 9457 documents, written and described; without it a client could not know the shape of an error."""

import json
from typing import Any

from fastapi import Request, Response

from shared.errors import Problem, Unauthenticated, Unsupported

_MEDIA_TYPE = "application/problem+json"
DOCUMENT: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "A refusal (RFC 9457). `type` is stable; `detail` is in the reader's language.",
    "required": ["type", "title", "status", "detail", "detail_en", "detail_zh"],
    "properties": {
        "type": {
            "type": "string",
            "pattern": "^urn:commonwatch:problem:[a-z0-9]+(-[a-z0-9]+)*$",
            "examples": ["urn:commonwatch:problem:not-found"],
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "detail_en": {"type": "string"},
        "detail_zh": {"type": "string"},
    },
}
_WHY = {
    400: "The request cannot be read.",
    401: "Nobody, or nobody who can be recognised, is asking.",
    403: "This person may not do this.",
    404: "There is no such thing, or none that this person may know of.",
    408: "The request did not arrive in time.",
    409: "The state of things does not allow this, or somebody else was first.",
    412: "The object changed after it was read (`If-Match`).",
    413: "The request is larger than allowed.",
    414: "The address is longer than allowed.",
    415: "The content is of a type that is not accepted.",
    422: "The request can be read, but cannot be done as written.",
    429: "Asked too often; `Retry-After` says when to ask again.",
    431: "The request has more or longer headers than allowed.",
    503: "A part of the platform cannot answer now; nothing was half done.",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": why, "content": {_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, why in _WHY.items()
}


def problem_response(problem: Problem, language: str, headers: dict[str, str] | None = None) -> Response:
    """Give the RFC 9457 document: `type` is stable, `detail` in the reader's language, both languages beside it."""
    body: dict[str, Any] = {
        "type": f"urn:commonwatch:problem:{problem.slug}",
        "title": problem.slug.replace("-", " "),
        "status": problem.status,
        "detail": problem.sentence(language),
        "detail_en": problem.en,
        "detail_zh": problem.zh,
        **problem.facts,
    }
    if problem.status == Unauthenticated.status:
        headers = {**(headers or {}), "WWW-Authenticate": "Bearer"}
    if (wait_s := problem.facts.get("retry_after_s")) is not None:
        headers = {**(headers or {}), "Retry-After": str(wait_s)}
        if (flow := problem.facts.get("flow")) is not None:
            policy = f'"{flow}";q={problem.facts["per_minute"]};w=60'
            headers |= {"RateLimit-Policy": policy, "RateLimit": f'"{flow}";r=0;t={wait_s}'}
    return Response(
        json.dumps(body, ensure_ascii=False, default=str),
        problem.status,
        headers={"Content-Language": "zh-CN" if language.startswith("zh") else "en", **(headers or {})},
        media_type=_MEDIA_TYPE,
    )


def language_of(request: Request) -> str:
    """Give the reader's language, `zh` unless English is asked for first."""
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def packed() -> Unsupported:
    return Unsupported(
        "packed-content",
        "Send the content as it is: a packed one (Content-Encoding) is not accepted.",
        "不接受压缩编码（Content-Encoding）的内容，请直接发送原文。",
    )
