"""However a part fails, its own addresses say so in words, and nobody else notices."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from stub_parts import OFFICER, Stub, gateway
from test_edge_streams import served

from services.gateway.edge import clients
from services.gateway.edge.api import forward
from services.gateway.edge.domain.routes import PARTS
from shared import bounds
from shared.testing import token

pytestmark = pytest.mark.live
WITHIN_S = 0.4
LONG = 200_000

Fault = Callable[[asyncio.StreamWriter], Awaitable[None]]


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection as a killed process does."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def hang(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def reset_before_a_word(writer: asyncio.StreamWriter) -> None:
    reset(writer)


async def close_before_a_word(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset_in_the_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: appl")
    await writer.drain()
    reset(writer)


async def reset_in_a_short_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this")
    await writer.drain()
    reset(writer)


async def end_a_short_body_early(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nonly\r\n")
    await writer.drain()
    writer.close()


async def no_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    await writer.drain()


async def no_number(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 2OO OK\r\ncontent-length: many\r\n\r\n")
    await writer.drain()


async def no_chunks(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n")
    await writer.drain()


async def headers_without_end(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n" + b"x-a: b\r\n" * 20_000)
    await writer.drain()


async def drip_headers(writer: asyncio.StreamWriter) -> None:
    for letter in b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok" * 10:
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(WITHIN_S / 10)


async def drip_a_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(WITHIN_S / 10)


async def reset_in_a_long_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % LONG + b"x" * (LONG - 10))
    await writer.drain()
    reset(writer)


async def end_events(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    writer.write(b"10\r\nid: 1\ndata: 42\n\n\r\n")
    await writer.drain()
    reset(writer)


@asynccontextmanager
async def faulty(fault: Fault) -> AsyncIterator[str]:
    """A part that does this with every connection."""
    running: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.current_task())
        try:
            await reader.readuntil(b"\r\n\r\n")
            await fault(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the gateway left first, as it should
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in running:
            if task is not None:
                task.cancel()
        await asyncio.gather(*filter(None, running), return_exceptions=True)


@asynccontextmanager
async def with_a_part(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway whose registry is at this address and whose other parts work."""
    monkeypatch.setattr(clients, "ANSWER_WITHIN_S", WITHIN_S)
    monkeypatch.setattr(forward, "ANSWER_WITHIN_S", WITHIN_S)
    async with served(Stub().app) as well:
        urls = {f"url_{part}": well for part in PARTS} | {"url_registry": url}
        async with served(gateway(**urls)) as public:
            bearer = {"authorization": f"Bearer {token(OFFICER)}", "accept-language": "en"}
            async with httpx.AsyncClient(base_url=f"{public}/api/v1", headers=bearer, trust_env=False) as http:
                yield http


@pytest.mark.parametrize(
    "fault",
    [
        hang,
        reset_before_a_word,
        close_before_a_word,
        reset_in_the_headers,
        reset_in_a_short_body,
        end_a_short_body_early,
        no_http,
        no_number,
        no_chunks,
        headers_without_end,
        drip_headers,
        drip_a_body,
    ],
)
async def test_whatever_goes_wrong_before_the_answer_is_told_in_words(fault: Fault, monkeypatch: pytest.MonkeyPatch):
    async with faulty(fault) as url, with_a_part(url, monkeypatch) as http:
        answer, other = await asyncio.gather(http.get("/areas"), http.get("/docket"))
        assert (answer.status_code, answer.json()["title"]) == (503, "part unavailable")
        assert answer.json()["part"] == "registry"
        assert other.status_code == 200


async def test_nobody_at_the_address_is_told_in_words(monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    async with with_a_part(nobody, monkeypatch) as http:
        assert (await http.get("/areas")).json()["title"] == "part unavailable"
        assert (await http.get("/docket")).status_code == 200


async def test_a_long_answer_that_is_cut_off_is_seen_to_be_cut_off(monkeypatch: pytest.MonkeyPatch):
    async with faulty(reset_in_a_long_body) as url, with_a_part(url, monkeypatch) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get("/areas")
        assert (await http.get("/docket")).status_code == 200


async def test_a_stream_of_a_part_that_dies_ends_as_if_it_were_over(monkeypatch: pytest.MonkeyPatch):
    async with faulty(end_events) as url, with_a_part(url, monkeypatch) as http:
        answer = await http.get("/areas")
        assert (answer.status_code, answer.text) == (200, "id: 1\ndata: 42\n\n")


async def test_an_upload_that_stops_is_the_askers_and_holds_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bounds, "FIRST_BYTES_WITHIN_S", WITHIN_S)
    monkeypatch.setattr(bounds, "LEAST_BYTES_PER_S", 10**9)

    async with with_a_part("http://127.0.0.1:1", monkeypatch) as http:
        for length in ("200000", "1000"):
            piece = b"x" * (int(length) // 2)
            reader, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
            said = {"host": "a", "accept-language": "en", "content-length": length}
            said["authorization"] = http.headers["authorization"]
            lines = ["PUT /api/v1/evidence/volunteer/1 HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
            writer.write("\r\n".join([*lines, "", ""]).encode() + piece)
            heard = await asyncio.wait_for(reader.read(), 5)
            writer.close()
            assert heard.startswith(b"HTTP/1.1 408 "), heard
            assert b"urn:commonwatch:problem:too-slow" in heard
