"""The public API in front of services: who may pass, what is passed on, and what happens when a part is away."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from services.gateway.edge.domain.routes import PARTS
from services.gateway.main import create_app
from services.gateway.settings import Settings
from shared.auth import Actor
from shared.contracts.values import Role
from shared.testing import ISSUER, START, jwks, private_jwk, token

OFFICER = Actor(uuid4(), Role.AUTHORITY_OFFICER, uuid4(), "999001")
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Stub:
    """A service that remembers what it was asked and answers as the test wants."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.bodies: list[bytes] = []
        self.answer = Response(b'{"fine":true}', media_type="application/json")
        self.app = FastAPI(openapi_url=None)
        self.app.add_api_route("/{path:path}", self.reply, methods=["GET", "PUT", "POST", "DELETE", "PATCH"])

    async def reply(self, request: Request) -> Response:
        self.asked.append(request)
        self.bodies.append(await request.body())
        return self.answer

    @property
    def heard(self) -> Mapping[str, str]:
        return self.asked[-1].headers


class Down(httpx.AsyncBaseTransport):
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error


class Faucet(httpx.AsyncBaseTransport, httpx.AsyncByteStream):
    """Answers with a stream that gives what the test puts in, when it puts it in."""

    def __init__(self) -> None:
        self.drops: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.request: httpx.Request | None = None
        self.closed = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.request = request
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (drop := await self.drops.get()) is not None:
            yield drop

    async def aclose(self) -> None:
        self.closed.set()


def gateway(transports: Mapping[str, httpx.AsyncBaseTransport] | None = None, **changes: Any) -> FastAPI:
    """Build a gateway that needs no database: none of these requests reaches it."""
    urls = {f"url_{part}": f"http://{part}" for part in PARTS}
    settings = {"issuer": ISSUER, "jwks": jwks(), "signing_key": private_jwk(), "public_url": "http://gateway", **urls}
    return create_app(
        Settings(database_url="postgresql://nobody@localhost/none", **{**settings, **changes}),
        clock=lambda: START,
        transports=transports,
    )


@pytest.fixture
def stub() -> Stub:
    return Stub()


def open_client(app: FastAPI, actor: Actor | None = None, **headers: str) -> httpx.AsyncClient:
    if actor is not None:
        headers["authorization"] = f"Bearer {token(actor)}"
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://gateway/api/v1", headers=headers)


def all_parts(stub: Stub) -> dict[str, httpx.AsyncBaseTransport]:
    return dict.fromkeys(PARTS, httpx.ASGITransport(stub.app, raise_app_exceptions=False))


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
    ("GET", "/enterprises/1"),
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


async def test_events_pass_as_they_come_and_stop_when_the_reader_leaves():
    faucet = Faucet()
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    leaves = asyncio.Event()

    async def hear() -> dict[str, Any]:
        await leaves.wait()
        return {"type": "http.disconnect"}

    authorization = f"Bearer {token(OFFICER)}".encode()
    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.3"},
        "method": "GET",
        "path": "/api/v1/events/stream",
        "raw_path": b"/api/v1/events/stream",
        "query_string": b"",
        "headers": [(b"authorization", authorization), (b"last-event-id", b"e1-41")],
    }
    listening = asyncio.create_task(gateway({"notify": faucet})(scope, hear, said.put))
    for drop in (b"id: e1-42\ndata: 1\n\n", b": still here\n\n"):
        await faucet.drops.put(drop)
        while (message := await asyncio.wait_for(said.get(), 5))["type"] != "http.response.body":
            assert dict(message["headers"])[b"content-type"] == b"text/event-stream"
        assert message == {"type": "http.response.body", "body": drop, "more_body": True}
    assert faucet.request is not None
    assert faucet.request.headers["last-event-id"] == "e1-41"
    assert faucet.request.extensions["timeout"]["read"] is None

    leaves.set()
    await asyncio.wait_for(listening, 5)
    assert faucet.closed.is_set()


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Serve on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@pytest.mark.live
async def test_real_connections_carry_pictures_events_and_absence(stub: Stub):
    async def events() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"
        yield b"data: 2\n\n"

    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    async with served(stub.app) as url:
        urls = {f"url_{part}": url for part in PARTS} | {"url_registry": nobody}
        async with served(gateway(**urls)) as public:
            bearer = {"authorization": f"Bearer {token(OFFICER)}", "accept-encoding": "gzip"}
            async with httpx.AsyncClient(base_url=f"{public}/api/v1", headers=bearer, trust_env=False) as http:
                picture = bytes(1_000_000)
                assert (await http.put("/evidence/volunteer/1", content=picture)).json() == {"fine": True}
                assert stub.bodies == [picture]
                assert (await http.put("/reports/1?a=b", json={"what": "烟"})).status_code == 200
                assert json.loads(stub.bodies[-1]) == {"what": "烟"}
                assert set(stub.heard) == {
                    "host", "accept", "authorization", "content-type", "content-length", "x-request-id", "traceparent"
                }  # fmt: skip
                assert (await http.get("/areas")).status_code == 503
                stub.answer = StreamingResponse(events(), media_type="text/event-stream")
                assert (await http.get("/events/stream")).text == "data: 1\n\ndata: 2\n\n"


async def test_the_front_page_speaks_the_readers_language_and_loads_nothing_from_elsewhere(stub: Stub):
    app = gateway(all_parts(stub), demo=True)
    async with open_client(app) as http:
        chinese = await http.get("http://gateway/")
        english = await http.get("http://gateway/?lang=en")
        reference = await http.get("http://gateway/api/docs", headers={"accept-language": "en-GB"})
        assert 'lang="zh-CN"' in chinese.text
        assert "查询码" in chinese.text
        assert 'lang="en"' in english.text
        assert "Tracking code" in english.text
        assert "/api/v1/openapi.json" in reference.text
        for page in (chinese, english, reference):
            assert page.status_code == 200
            assert "DEMO" in page.text
            assert page.headers["content-security-policy"].startswith("default-src 'none'")
            assert "http://" not in page.text
            assert "https://" not in page.text
        for name in ("pages.css", "pages.js", "mark.svg"):
            assert f"/static/{name}" in english.text
            assert (await http.get(f"http://gateway/static/{name}")).status_code == 200
        assert (await http.get("http://gateway/static/../api.py")).status_code == 404


async def test_a_real_county_is_not_called_a_demo(stub: Stub):
    async with open_client(gateway(all_parts(stub))) as http:
        assert "DEMO" not in (await http.get("http://gateway/")).text
