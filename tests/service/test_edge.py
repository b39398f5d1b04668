"""The public API in front of services: who may pass, what is passed on, and what happens when a part is away."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from fastapi import Response
from stub_parts import OFFICER, Down, Stub, all_parts, gateway, open_client

from services.gateway.edge.domain.routes import PARTS
from shared.testing import token

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def stub() -> Stub:
    return Stub()


async def test_the_owner_hears_the_person_and_nothing_that_can_be_forged(stub: Stub):
    forged = {
        "X-User-Id": "1",
        "X-User-Role": "operator",
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=10.0.0.1",
        "X-Real-IP": "10.0.0.1",
        "Cookie": "session=1",
        "Connection": "keep-alive, X-User-Id",
        "TE": "trailers",
    }
    async with open_client(gateway(all_parts(stub)), OFFICER, **forged) as http:
        answer = await http.post(
            "/hazards/7/confirm?x=1&y=%2F",
            json={"grade": "major"},
            headers={"accept-language": "zh-CN", "if-match": '"3"', "traceparent": TRACE, "x-request-id": "call-7"},
        )
    assert answer.json() == {"fine": True}
    request = stub.asked[-1]
    assert (request.method, request.url.path, request.url.query) == ("POST", "/hazards/7/confirm", "x=1&y=%2F")
    assert stub.bodies == [b'{"grade":"major"}']
    assert not {name.lower() for name in forged} & set(stub.heard) - {"connection"}
    assert stub.heard["authorization"] == http.headers["authorization"]
    assert (stub.heard["accept-language"], stub.heard["if-match"]) == ("zh-CN", '"3"')
    assert stub.heard["content-type"] == "application/json"
    assert stub.heard["x-request-id"] == "call-7"
    assert answer.headers.get_list("x-request-id") == ["call-7"]


async def test_the_trace_goes_on_with_a_span_of_the_gateway(stub: Stub):
    async with open_client(gateway(all_parts(stub)), OFFICER) as http:
        await http.get("/docket", headers={"traceparent": TRACE})
        first = stub.heard["traceparent"].split("-")
        await http.get("/docket")
        second = stub.heard["traceparent"].split("-")
    assert first[1] == TRACE.split("-")[1]
    assert first[2] != TRACE.split("-")[2]
    assert second[1] != first[1]


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/areas/999001", "registry"),
        ("/self-checks", "registry"),
        ("/evidence/registry/1", "registry"),
        ("/reports/1", "volunteer"),
        ("/evidence/volunteer/1", "volunteer"),
        ("/findings", "thirdparty"),
        ("/docket/1/accept", "inspection"),
        ("/events", "notify"),
    ],
)
async def test_the_first_segment_names_the_owner(path: str, owner: str):
    stubs = {part: Stub() for part in PARTS}
    async with open_client(
        gateway({part: httpx.ASGITransport(stub.app) for part, stub in stubs.items()}), OFFICER
    ) as http:
        assert (await http.get(path)).status_code == 200
    assert [part for part, stub in stubs.items() if stub.asked] == [owner]
    assert stubs[owner].asked[0].url.path == path


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/health/ready",
        "/metrics",
        "/evidence",
        "/evidence/gateway/1",
        "/reports/",
        "/reports//1",
        "/reports/../areas",
        "/reports/%2e%2e/areas",
        "/reports/1%2fadditions",
        "/reports/1%5cadditions",
        "/reports/1%00",
        "/reports/.hidden",
    ],
)
async def test_what_is_no_plain_address_of_a_part_is_answered_by_nobody(stub: Stub, path: str):
    spoken: list[dict[str, Any]] = []

    async def listen(message: dict[str, Any]) -> None:
        spoken.append(message)

    async def say() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    # Spoken by hand, because a client library would mend the address first.
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(f"/api/v1{path}"),
        "raw_path": f"/api/v1{path}".encode(),
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {token(OFFICER)}".encode())],
        "client": ("127.0.0.1", 1),
    }
    await gateway(all_parts(stub))(scope, say, listen)
    assert spoken[0]["status"] == 404
    assert json.loads(spoken[1]["body"])["type"] == "urn:commonwatch:problem:no-such-address"
    assert stub.asked == []


async def test_a_method_that_nobody_takes_is_refused_at_the_door(stub: Stub):
    async with open_client(gateway(all_parts(stub)), OFFICER) as http:
        assert (await http.request("TRACE", "/areas")).status_code == 405
    assert stub.asked == []


PUBLIC = [
    ("PUT", "/reports/1"),
    ("POST", "/reports/1/additions"),
    ("POST", "/tracking"),
    ("PUT", "/evidence/volunteer/1"),
    ("GET", "/areas"),
    ("GET", "/areas/999001"),
    ("GET", "/parties"),
    ("GET", "/criteria"),
    ("GET", "/enterprises"),
]
CLOSED = [
    ("GET", "/reports"),
    ("GET", "/reports/1"),
    ("GET", "/evidence/volunteer/1"),
    ("PUT", "/evidence/inspection/1"),
    ("PUT", "/areas/999001"),
    ("GET", "/people/1"),
    ("GET", "/docket"),
    ("POST", "/docket/1/accept"),
    ("POST", "/reports/1/additions/2"),
    ("GET", "/events/stream"),
]


@pytest.mark.parametrize(("method", "path"), PUBLIC)
async def test_the_public_may_report_and_look_up(stub: Stub, method: str, path: str):
    async with open_client(gateway(all_parts(stub))) as http:
        assert (await http.request(method, path)).status_code == 200
    assert "authorization" not in stub.heard


@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_everything_else_asks_to_sign_in(stub: Stub, method: str, path: str):
    async with open_client(gateway(all_parts(stub)), **{"accept-language": "en"}) as http:
        answer = await http.request(method, path)
    assert (answer.status_code, answer.json()["detail"]) == (401, "Sign in first.")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert stub.asked == []


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Basic b3BlcmF0b3I6eA==", "Bearer", ""])
async def test_a_bad_token_is_refused_also_where_none_is_needed(stub: Stub, authorization: str):
    async with open_client(gateway(all_parts(stub))) as http:
        answer = await http.get("/areas", headers={"authorization": authorization})
    assert answer.status_code == 401
    assert stub.asked == []


async def test_of_two_tokens_the_one_that_was_checked_is_the_one_that_is_heard(stub: Stub):
    both = [("authorization", "Bearer nonsense"), ("authorization", f"Bearer {token(OFFICER)}")]
    async with open_client(gateway(all_parts(stub))) as http:
        assert (await http.get("/docket", headers=both)).status_code == 200
    assert stub.asked[-1].headers.getlist("authorization") == [both[1][1]]


async def test_anonymous_reports_from_one_address_are_limited_and_others_are_not(stub: Stub):
    app = gateway(all_parts(stub), anonymous_per_minute=2)
    async with open_client(app, **{"accept-language": "en"}) as http, open_client(app, OFFICER) as officer:
        answers = [await http.put(f"/reports/{n}", json={}) for n in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[-1].headers["retry-after"] == "30"
        assert answers[-1].json()["detail"] == "Too many requests from your address. Try again in 30 seconds."
        assert (await http.get("/areas")).status_code == 200
        assert (await officer.put("/reports/9", json={})).status_code == 200
    other = httpx.ASGITransport(app, client=("198.51.100.7", 1))
    async with httpx.AsyncClient(transport=other, base_url="http://gateway/api/v1") as http:
        assert (await http.put("/reports/10", json={})).status_code == 200


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("10 s"), OSError("unreachable")])
async def test_a_part_that_is_away_is_named_and_the_others_work(stub: Stub, error: Exception):
    parts = {**all_parts(stub), "volunteer": Down(error)}
    async with open_client(gateway(parts), OFFICER, **{"accept-language": "en"}) as http:
        answer = await http.put("/reports/1", json={})
        assert answer.status_code == 503
        problem = answer.json()
        assert (problem["type"], problem["part"]) == ("urn:commonwatch:problem:part-unavailable", "volunteer")
        assert "the reports of the public" in problem["detail"]
        assert "公众报告服务" in problem["detail_zh"]
        assert (await http.get("/docket")).status_code == 200


async def test_a_services_own_problem_passes_through_unchanged(stub: Stub):
    told = (
        '{"type":"urn:commonwatch:problem:illegal-transition","status":409,"detail":"不能","state":"closed"}'.encode()
    )
    stub.answer = Response(told, 409, {"content-language": "zh-CN", "etag": '"4"'}, "application/problem+json")
    async with open_client(gateway(all_parts(stub)), OFFICER) as http:
        answer = await http.post("/hazards/1/close", json={})
    assert (answer.status_code, answer.content) == (409, told)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.headers["content-language"], answer.headers["etag"]) == ("zh-CN", '"4"')


async def test_a_service_sets_no_cookie_and_its_safe_headers_stand_once(stub: Stub):
    safe = {
        "set-cookie": "a=b",
        "x-content-type-options": "nosniff",
        "x-request-id": "theirs",
        "cache-control": "no-store",
    }
    stub.answer = Response(b"", 204, safe)
    async with open_client(gateway(all_parts(stub)), OFFICER) as http:
        answer = await http.delete("/subscriptions/1")
    assert answer.status_code == 204
    assert "set-cookie" not in answer.headers
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert len(answer.headers.get_list("x-request-id")) == 1


async def test_a_body_that_is_too_large_reaches_nobody(stub: Stub):
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"x" * 1024

    async with open_client(gateway(all_parts(stub), max_body_bytes=2048), OFFICER) as http:
        for body in (b"x" * 4096, in_pieces()):
            answer = await http.put("/reports/1", content=body)
            assert (answer.status_code, answer.json()["title"]) == (413, "too large")
    assert stub.asked == []


async def test_a_long_picture_arrives_whole(stub: Stub):
    picture = bytes(range(256)) * 8192
    async with open_client(gateway(all_parts(stub)), OFFICER) as http:
        assert (await http.put("/evidence/volunteer/1", content=picture)).status_code == 200
    assert stub.bodies == [picture]
    assert stub.heard["content-length"] == str(len(picture))
