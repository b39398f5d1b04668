"""How often one may ask, from which web sites, and what no request may smuggle in: all of it decided at the door."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import ValidationError
from stub_parts import OFFICER, Stub, all_parts, gateway, open_client
from test_edge_streams import served
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from services.gateway import domain
from services.gateway.domain import Allowance, Flow
from services.gateway.edge.domain.routes import flow_of
from shared.auth import Actor
from shared.contracts.values import Role
from shared.errors import TooMany
from shared.testing import START, token

MAP = "https://map.example.org"
REPORT = "/reports/1"


@pytest.fixture
def stub() -> Stub:
    return Stub()


async def test_every_answer_says_what_is_left_and_a_refusal_when_to_come_back(stub: Stub):
    async with open_client(
        gateway(all_parts(stub), requests_per_minute=2), OFFICER, **{"accept-language": "en"}
    ) as http:
        answers = [await http.get("/docket") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"requests";r=1;t=30',
        '"requests";r=0;t=60',
        '"requests";r=0;t=30',
    ]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"requests";q=2;w=60'}
    assert answers[2].headers["retry-after"] == "30"
    assert answers[2].json()["detail"] == "Too many requests from you. Try again in 30 seconds."
    assert len(stub.asked) == 2


async def test_a_person_is_counted_wherever_they_ask_from_and_whatever_token_they_show(stub: Stub):
    app = gateway(all_parts(stub), requests_per_minute=2)
    statuses: list[int] = []
    for number in range(3):
        transport = httpx.ASGITransport(app, client=(f"198.51.100.{number}", 1))
        bearer = {"authorization": f"Bearer {token(OFFICER)}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway/api/v1", headers=bearer) as http:
            statuses.append((await http.get("/docket")).status_code)
    assert statuses == [200, 200, 429]
    other = Actor(uuid4(), Role.AUTHORITY_OFFICER, uuid4(), "999001")
    async with open_client(app, other) as http:
        assert (await http.get("/docket")).status_code == 200


async def test_flows_are_counted_by_themselves(stub: Stub):
    app = gateway(all_parts(stub), anonymous_per_minute=1, tracking_per_minute=1, bulk_per_minute=1)
    async with open_client(app) as anybody, open_client(app, OFFICER) as officer:
        for http, method, path, statuses in (
            (anybody, "PUT", REPORT, [200, 429]),
            (anybody, "POST", "/tracking", [200, 429]),
            (officer, "POST", "/tracking", [429]),
            (anybody, "GET", "/areas", [200, 200]),
            (officer, "GET", "/parties/exports/1", [200, 429]),
            (officer, "GET", "/areas", [200, 200]),
        ):
            assert [(await http.request(method, path)).status_code for _ in statuses] == statuses, path


@pytest.mark.parametrize(
    ("method", "path", "anonymous", "flow"),
    [
        ("GET", "/docket", False, Flow.REQUESTS),
        ("PUT", "/imports/1", False, Flow.BULK),
        ("GET", "/enterprises.csv", False, Flow.BULK),
        ("GET", "/enterprises/export", False, Flow.BULK),
        ("GET", "/importers", False, Flow.REQUESTS),
        ("GET", "/areas", True, Flow.PUBLIC_READS),
        ("PUT", "/evidence/volunteer/1", True, Flow.ANONYMOUS),
        ("POST", "/tracking", True, Flow.TRACKING),
    ],
)
def test_a_request_belongs_to_one_flow(method: str, path: str, anonymous: bool, flow: Flow):
    assert flow_of(method, path, anonymous=anonymous) is flow


def test_memory_is_bounded_and_whoever_asked_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(domain, "MAX_REMEMBERED", 3)
    allowance = Allowance(1, Flow.ANONYMOUS)
    for number in range(4):
        allowance.spend(f"198.51.100.{number}", START)
    assert len(allowance._left) == 3
    allowance.spend("198.51.100.0", START)
    with pytest.raises(TooMany):
        allowance.spend("198.51.100.3", START)


def test_a_subscriber_does_not_multiply_by_changing_the_end_of_an_ipv6_address():
    allowance = Allowance(1, Flow.ANONYMOUS)
    allowance.spend("2001:db8::1", START)
    with pytest.raises(TooMany):
        allowance.spend("2001:db8::2", START)
    allowance.spend("2001:db8:0:1::1", START)


@pytest.mark.parametrize(("trusted", "statuses"), [("203.0.113.0/24", [200, 429, 429]), ("127.0.0.1", [200, 200, 200])])
async def test_only_a_trusted_proxy_says_for_whom_it_speaks(stub: Stub, trusted: str, statuses: list[int]):
    app: Any = ProxyHeadersMiddleware(gateway(all_parts(stub), anonymous_per_minute=1), trusted)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway/api/v1") as http:
        answers = [
            await http.put(REPORT, json={}, headers={"x-forwarded-for": f"198.51.100.{number}"}) for number in range(3)
        ]
    assert [answer.status_code for answer in answers] == statuses


PREFLIGHT = {"access-control-request-method": "PUT", "access-control-request-headers": "authorization,if-match"}


async def test_a_listed_site_may_use_the_api_and_no_other_is_told_that_it_could(stub: Stub):
    async with open_client(gateway(all_parts(stub), cors_origins=(MAP,)), OFFICER) as http:
        for origin in (MAP, "https://map.example.org.evil.example", "http://map.example.org", "null", f"{MAP}:444"):
            asked = await http.options("/docket", headers={"origin": origin, **PREFLIGHT})
            got = await http.get("/docket", headers={"origin": origin})
            allowed = {answer.headers.get("access-control-allow-origin") for answer in (asked, got)}
            assert allowed == ({MAP} if origin == MAP else {None}), origin
            assert asked.status_code == (200 if origin == MAP else 400)
            for answer in (asked, got):
                assert "Origin" in answer.headers["vary"]
                assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in (await http.get("/docket")).headers["vary"]
        assert "ETag" in (await http.get("/docket", headers={"origin": MAP})).headers["access-control-expose-headers"]
    assert [request.method for request in stub.asked] == ["GET"] * 7


async def test_nobody_is_listed_unless_somebody_was(stub: Stub):
    async with open_client(gateway(all_parts(stub)), OFFICER) as http:
        assert (await http.options("/docket", headers={"origin": MAP, **PREFLIGHT})).status_code == 405
        assert "access-control-allow-origin" not in (await http.get("/docket", headers={"origin": MAP})).headers


@pytest.mark.parametrize("origin", ["*", "null", "https://*.example.org", "https://a.example/", "map.example.org", ""])
def test_an_origin_is_exact_or_no_origin(stub: Stub, origin: str):
    with pytest.raises(ValidationError, match="no exact origin"):
        gateway(all_parts(stub), cors_origins=(origin,))


async def test_every_answer_tells_browsers_to_be_careful(stub: Stub):
    for public, hsts in (("https://safe.example", "max-age=31536000"), ("http://127.0.0.1:8000", None)):
        async with open_client(gateway(all_parts(stub), public_url=public), OFFICER) as http:
            for answer in (await http.get("/docket"), await http.get("/nothing"), await http.get("http://gateway/")):
                said = answer.headers
                assert said["x-content-type-options"] == "nosniff"
                assert said["x-frame-options"] == "DENY"
                assert said["referrer-policy"] in {"no-referrer", "same-origin"}
                assert said["cross-origin-opener-policy"] == "same-origin"
                assert said["cross-origin-resource-policy"] == "same-origin"
                assert "frame-ancestors 'none'" in said["content-security-policy"]
                assert said.get("strict-transport-security") == hsts


async def spoken(public: str, lines: str, body: bytes = b"") -> bytes:
    """Say it as it stands, because a client library would not."""
    host, port = public.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(lines.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
    try:
        heard = await asyncio.wait_for(reader.read(4096), 5)
    finally:
        writer.close()
    return heard


@pytest.mark.live
@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 4\nTransfer-Encoding: chunked",
        "Content-Length: 4\nContent-Length: 5",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Content-Length: +4",
        "Content-Length: 4, 4",
        "Content-Length: -1",
    ],
)
async def test_a_request_whose_end_is_in_doubt_reaches_nobody(stub: Stub, framing: str):
    smuggled = b"0\r\n\r\nPUT /api/v1/docket/1 HTTP/1.1\r\nhost: a\r\n\r\n"
    async with served(gateway(all_parts(stub))) as public:
        head = f"PUT /api/v1{REPORT} HTTP/1.1\nHost: a\nAuthorization: Bearer {token(OFFICER)}\n{framing}"
        heard = await spoken(public, head, smuggled)
    assert heard.startswith(b"HTTP/1.1 400 "), heard
    assert heard.count(b"HTTP/1.1 ") == 1
    assert stub.asked == []


@pytest.mark.live
async def test_headers_of_one_connection_end_there(stub: Stub):
    bearer = f"Bearer {token(OFFICER)}"
    async with served(gateway(all_parts(stub))) as public:
        await spoken(
            public,
            f"GET /api/v1/docket HTTP/1.1\nHost: a\nAuthorization: Bearer nonsense\nAuthorization: {bearer}\n"
            "Connection: close, X-User-Id, Authorization\nX-User-Id: 1\nX-Forwarded-For: 10.0.0.1\nUpgrade: h2c\n"
            "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\nProxy-Authorization: Basic eA==\nExpect: 100-continue",
        )
    heard = stub.asked[-1].headers
    assert heard.getlist("authorization") == [bearer]
    assert not set(heard) & {"x-user-id", "x-forwarded-for", "upgrade", "http2-settings", "proxy-authorization"}
