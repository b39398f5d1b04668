"""Which service owns which address, and which of them the public may use; without it the edge would be guesses."""

import re
from collections.abc import Iterable, Mapping

from services.gateway.domain import Flow
from shared.errors import NotFound, Unavailable

PREFIX = "/api/v1"

PARTS: Mapping[str, tuple[str, str]] = {
    "registry": ("the register of areas, parties and enterprises", "登记服务"),
    "volunteer": ("the reports of the public", "公众报告服务"),
    "thirdparty": ("third-party audits", "第三方检查服务"),
    "inspection": ("inspection and hazards", "监督检查服务"),
    "notify": ("messages and subscriptions", "通知服务"),
}
"""The services behind the edge, as a person knows them."""

OWNERS: Mapping[str, str] = {
    segment: part
    for part, segments in {
        "registry": "areas grids industries parties enterprises people memberships certificates training records risks"
        " competence criteria bases delegations self-checks imports exports templates",
        "volunteer": "reports tracking",
        "thirdparty": "engagements audits findings",
        "inspection": "docket hazards visits letters views deadlines",
        "notify": "inbox subscriptions events",
    }.items()
    for segment in segments.split()
}
"""First segment of an address → the service that owns it."""
NAMED = ("evidence", "operator")
"""First segments after which the address itself names the service: `/evidence/<service>`."""
OWNED = rf"(?:{'|'.join(OWNERS)}|(?:{'|'.join(NAMED)})(?!/gateway/))(?:/.*)?"
"""What the edge forwards, as one pattern: a request is told from the gateway's own addresses in one look."""

_PLAIN = re.compile(r"(?:/[A-Za-z0-9_~:-]+(?:\.[A-Za-z0-9_~:-]+)*)+")
"""Ids, codes and verbs need no more. What is left out (`%`, `..`, `//`, `\\`) is how one climbs out of a path."""

_PUBLIC = re.compile(
    r"PUT /reports/[^/]+"
    r"|POST /reports/[^/]+/additions"
    r"|POST /tracking(?:/contest)?"
    r"|PUT /evidence/volunteer/[^/]+"
    r"|(?:GET|HEAD) /(?:areas|grids|parties|criteria|bases|delegations)(?:/(?!(?:register|coverage|suggestion)$)[^/]+)?"
    r"|(?:GET|HEAD) /areas/[^/]+/path"
    r"|(?:GET|HEAD) /(?:areas|grids)/[^/]+/boundary"
    r"|(?:GET|HEAD) /industries"
    r"|(?:GET|HEAD) /enterprises(?:/[^/]+)?"
)
"""What somebody who did not sign in may ask; the owner still decides what it answers them."""

_BULK = re.compile(r"/(?:imports|exports)(?:/|$)|[./](?:export|csv|xlsx)$")

METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"})
READS = frozenset({"GET", "HEAD"})

_REQUEST_HEADERS = frozenset(
    {
        b"accept",
        b"accept-language",
        b"authorization",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"if-none-match",
        b"last-event-id",
    }
)
"""All that a service hears of the caller's headers. A list of what may pass cannot forget what can be forged."""

_OWN_ANSWER_HEADERS = frozenset(
    {
        b"connection",
        b"date",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"server",
        b"set-cookie",
        b"te",
        b"trailer",
        b"traceparent",
        b"transfer-encoding",
        b"upgrade",
        b"x-request-id",
    }
)
"""Headers of one connection (RFC 9110 §7.6.1), and those that the gateway writes itself."""

Headers = list[tuple[bytes, bytes]]


def owner_of(path: str) -> str:
    """Name the service that owns an address below `/api/v1`; raises `NotFound` where there is nothing."""
    if _PLAIN.fullmatch(path):
        segments = path.split("/", 3)
        part = segments[2] if segments[1] in NAMED and len(segments) > 2 else OWNERS.get(segments[1])  # noqa: PLR2004 — /evidence/<service>
        if part is not None and part in PARTS:
            return part
    raise NotFound("no-such-address", "There is nothing at this address.", "该地址不存在。")


def flow_of(method: str, path: str, *, anonymous: bool) -> Flow:
    """Name what a request is counted as."""
    if path == "/tracking" or path.startswith("/tracking/"):
        return Flow.TRACKING
    if anonymous:
        return Flow.PUBLIC_READS if method in READS else Flow.ANONYMOUS
    return Flow.BULK if _BULK.search(path) else Flow.REQUESTS


def is_public(method: str, path: str) -> bool:
    return _PUBLIC.fullmatch(f"{method} {path}") is not None


def is_endless(path: str) -> bool:
    """Tell whether the answer is a stream of events, which may be silent for long."""
    return path == "/events/stream"


def headers_for_service(given: Iterable[tuple[bytes, bytes]], request_id: bytes, traceparent: str) -> Headers:
    passed = [pair for pair in given if pair[0] in _REQUEST_HEADERS]
    return [*passed, (b"x-request-id", request_id), (b"traceparent", traceparent.encode())]


def headers_for_caller(given: Iterable[tuple[bytes, bytes]]) -> Headers:
    return [(name, value) for name, value in ((k.lower(), v) for k, v in given) if name not in _OWN_ANSWER_HEADERS]


def part_unavailable(part: str) -> Unavailable:
    """Tell that one service does not answer; whether it acted before it fell silent is unknown."""
    en, zh = PARTS[part]
    return Unavailable(
        "part-unavailable",
        f"One part of the platform cannot answer now: {en}. The other parts work. Try again soon.",
        f"平台的“{zh}”暂时无法响应，其他部分正常，请稍后重试。",
        part=part,
    )
