"""A real broker that can be killed, paused and lied about; without it the client's traps would wait for production."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext

from shared.broker import STREAM, Incoming, Outgoing
from shared.bus import NatsBus, streams
from shared.bus.streams import Durable, lay_streams
from shared.embedded import nats as embedded
from shared.embedded.files import temporary_directory
from shared.embedded.keys import ADMIN, Keyring
from shared.embedded.nats import Nats, nats_server
from shared.embedded.nats_rights import admin_user, inbox_prefix, service_user

SUBJECT = "cw.999901.volunteer.report.submitted"
HEARS_VOLUNTEER = Durable("inspection", ["cw.*.volunteer.>"])
ACK_WAIT_S = 1
PATIENCE_S = 20.0
"""Generous, for the machine may be busy; what is proved is that something comes at all."""


def row(text: str = "", *, key: UUID | None = None, subject: str = SUBJECT) -> Outgoing:
    event_id = uuid4()
    return Outgoing(event_id, key or uuid4(), subject, {"ce-id": str(event_id)}, text.encode())


async def until(true: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str) -> float:
    """Wait until it is so; give how many seconds that took."""
    began = time.monotonic()
    while True:
        now = true()
        if now if isinstance(now, bool) else await now:
            return time.monotonic() - began
        assert time.monotonic() - began < PATIENCE_S, f"in vain waited until {what}"
        await asyncio.sleep(0.01)


@dataclass
class Place:
    """One broker with the rights of the platform, and everybody who speaks with it."""

    home: Path
    services: Sequence[str]
    durables: Sequence[Durable]
    config: dict[str, Any]
    stack: AsyncExitStack
    faults: list[str] = field(default_factory=list[str])
    """What the broker told plain clients beside their requests."""
    _server: Nats | None = None
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        self.keys = Keyring(self.home)
        self.stack.push_async_callback(self._stop)

    @property
    def server(self) -> Nats:
        assert self._server is not None
        return self._server

    @property
    def url(self) -> str:
        return self.server.url

    async def start(self) -> None:
        users = [admin_user(ADMIN, self.keys.nats_public())]
        users += [service_user(name, self.keys.nats_public(name), name) for name in self.services]
        usual = embedded._config

        def config(*given: Any) -> dict[str, Any]:
            made = usual(*given)
            return {**made, **self.config, "jetstream": {**made["jetstream"], **self.config.get("jetstream", {})}}

        with mock.patch.object(embedded, "_config", config):
            self._server = await self._running.enter_async_context(nats_server(self.home / "nats", users))

    async def lay(self) -> None:
        with mock.patch.object(streams, "ACK_WAIT_S", ACK_WAIT_S):
            await lay_streams(self.url, self.keys.nats_seed(), self.durables)

    def pause(self) -> None:
        """From now on the server takes bytes but does nothing with them."""
        os.kill(self.server.server.pid, SIGSTOP)
        os.waitid(os.P_PID, self.server.server.pid, os.WSTOPPED | os.WNOWAIT)  # its other threads stop a little later

    def resume(self) -> None:
        os.kill(self.server.server.pid, SIGCONT)

    async def kill(self) -> None:
        os.kill(self.server.server.pid, SIGKILL)
        await self.server.server.ended()
        await self._stop()

    async def _stop(self) -> None:
        if self._server is not None and self._server.server.alive:
            self.resume()
        self._server = None
        await self._running.aclose()

    async def bus(self, name: str, url: str = "") -> NatsBus:
        bus = await NatsBus.connect(url or self.url, name=name, seed=self.keys.nats_seed(name))
        self.stack.push_async_callback(bus.close)
        return bus

    async def plain(self, name: str = ADMIN, url: str = "", **options: Any) -> Client:
        """Connect with nothing but nats-py, as if nobody had told us of its traps."""

        async def note(fault: Exception) -> None:
            self.faults.append(str(fault))

        options = {"reconnect_time_wait": 0.05, **options}
        seed, inbox = self.keys.nats_seed(name), inbox_prefix(name)
        client = await nats.connect(
            url or self.url, name=name, nkeys_seed_str=seed, inbox_prefix=inbox, error_cb=note, **options
        )
        self.stack.push_async_callback(_closed, client)
        return client

    async def admin(self) -> JetStreamContext:
        return (await self.plain()).jetstream(timeout=PATIENCE_S)

    async def stored(self, stream: str = STREAM) -> list[tuple[str, bytes]]:
        """List subject and body of everything in the stream."""
        admin = await self.admin()
        last = (await admin.stream_info(stream)).state.last_seq
        messages = [await admin.get_msg(stream, place) for place in range(1, last + 1)]
        return [(message.subject or "", message.data or b"") for message in messages]

    async def bodies(self) -> list[bytes]:
        return [body for _, body in await self.stored()]


async def taken_in(client: Client) -> None:
    """Wait until the broker has taken in all that the client said; its flush may overtake what it was to flush."""
    await client.request(f"$JS.API.STREAM.INFO.{STREAM}", b"", timeout=PATIENCE_S)


async def _closed(client: Client) -> None:
    with suppress(Exception):
        await client.close()


@asynccontextmanager
async def place(
    *services: str, durables: Sequence[Durable] = (HEARS_VOLUNTEER,), **config: Any
) -> AsyncIterator[Place]:
    """Start a broker for these services, with its streams; `config` is added to the server's configuration."""
    with temporary_directory() as home:
        async with AsyncExitStack() as stack:
            here = Place(home, services, durables, config, stack)
            await here.start()
            await here.lay()
            yield here


class Reader:
    """Somebody who pulls, and takes a note of when what arrived."""

    def __init__(self, bus: NatsBus, durable: str) -> None:
        self.bus = bus
        self.got: list[Incoming] = []
        self._task = asyncio.create_task(self._read(bus, durable))

    async def _read(self, bus: NatsBus, durable: str) -> None:
        async for batch in bus.batches(durable):
            for message in batch:
                await message.ack()
            self.got += batch

    def heard(self, text: str) -> bool:
        return text.encode() in [message.data for message in self.got]

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


class Liar:
    """Stands between a client and the server: cuts what is said, adds to it, or shuts the door."""

    def __init__(self, to_port: int) -> None:
        self.to_port = to_port
        self.greeting = b""
        """Said instead of what the server would say, if given."""
        self._port = 0
        self._cut_at: int | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return f"nats://127.0.0.1:{self._port}"

    async def shut(self) -> None:
        """End every connection and take no other until `open`."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def say(self, words: bytes) -> None:
        """Tell the clients something that the server never said."""
        for client in self._clients:
            client.write(words)

    def cut(self, after: int) -> None:
        """Let so many more bytes of the server through on the connections that stand, then nothing, without closing."""
        self._cut_at = after

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._cut_at = None
        try:
            if self.greeting:
                writer.write(self.greeting)
                await writer.drain()
            else:
                await self._between(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._clients.discard(writer)
            writer.close()
            self._tasks.discard(task)

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.to_port)
        self._clients.add(writer)
        down = asyncio.create_task(self._pass_down(from_server, writer))
        try:
            while words := await reader.read(65536):
                to_server.write(words)
        finally:
            down.cancel()
            to_server.close()

    async def _pass_down(self, from_server: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while words := await from_server.read(65536):
            if self._cut_at is not None:
                words = words[: self._cut_at]
                self._cut_at -= len(words)
            writer.write(words)
        writer.close()
