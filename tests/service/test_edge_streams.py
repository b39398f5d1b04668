"""What flows through the edge without being held: events, pictures, over connections real and played."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from stub_parts import OFFICER, Stub, gateway

from services.gateway.edge.domain.routes import PARTS
from shared.testing import token


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
async def test_real_connections_carry_pictures_events_and_absence():
    stub = Stub()

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
