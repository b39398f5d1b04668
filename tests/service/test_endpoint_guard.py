"""Calls to partners' endpoints cannot be turned into calls to our own network, whatever names and numbers say."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from services.notify.webhooks.clients import Endpoints
from services.notify.webhooks.domain import Answer
from shared.testing import START


@dataclass
class Listener:
    """A server on this machine that must not be reached; counts who reached it."""

    port: int = 0
    calls: int = 0

    async def take(self, _: web.Request) -> web.Response:
        self.calls += 1
        return web.Response()


@asynccontextmanager
async def listener() -> AsyncGenerator[Listener]:
    found = Listener()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.take)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.port = runner.addresses[0][1]
    try:
        yield found
    finally:
        await runner.cleanup()


async def call(endpoints: Endpoints, url: str) -> Answer:
    async with endpoints.connected() as line:
        return await line.call(url, "whsec_c2VjcmV0", uuid4(), "{}", START)


class Answers(AbstractResolver):
    """A name server in the hands of an attacker: a new answer for each question."""

    script: ClassVar[list[list[str]]] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=each, port=port, family=socket.AF_INET, proto=0, flags=0)
            for each in self.script.pop(0)
        ]

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["10.0.0.5"], ["1.1.1.1", "127.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], []],
    ids=str,
)
async def test_a_name_that_leads_inside_is_not_called(answers: list[str], monkeypatch: pytest.MonkeyPatch):
    async with listener() as inner:
        monkeypatch.setattr(Answers, "script", [answers])
        answer = await call(Endpoints(True, Answers), f"http://partner.example.org:{inner.port}/")
        assert (answer.status, answer.error) == (None, "AddressRefused")
        assert inner.calls == 0


async def test_what_was_checked_is_what_is_dialled(monkeypatch: pytest.MonkeyPatch):
    dialled: list[str] = []
    real = Endpoints._socket

    def note(self: Endpoints, address: Any) -> socket.socket:
        dialled.append(address[4][0])
        opened = real(self, address)
        opened.close()
        raise OSError("the test goes no further")

    monkeypatch.setattr(Endpoints, "_socket", note)
    monkeypatch.setattr(Answers, "script", [["1.1.1.1"], ["127.0.0.1"]])
    async with Endpoints(resolver=Answers).connected() as line:
        await line.call("https://partner.example.org/", "whsec_c2VjcmV0", uuid4(), "{}", START)
        rebound = await line.call("https://partner.example.org/", "whsec_c2VjcmV0", uuid4(), "{}", START)
    assert set(dialled) == {"1.1.1.1"}
    assert rebound.error == "AddressRefused"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost",
        "localhost.",
    ],
)  # fmt: skip
async def test_a_number_that_leads_inside_is_not_called(host: str):
    async with listener() as inner:
        answer = await call(Endpoints(), f"http://{host}:{inner.port}/")
        assert answer.status is None
        assert inner.calls == 0


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch):
    async with listener() as proxy, listener() as partner:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        answer = await call(Endpoints(True), f"http://127.0.0.1:{partner.port}/")
        assert answer.good
        assert (proxy.calls, partner.calls) == (0, 1)
