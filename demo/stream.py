"""Follows the platform's event stream as a partner would (server-sent events, `Last-Event-ID`)."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from demo.gateway import Caller, Refused, until

PREFIX = "commonwatch."


@dataclass(frozen=True, slots=True)
class Heard:
    """One event as it came: `id` leads on from here, `data` is what this reader may know of it."""

    id: str
    type: str
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """Give the type without its frame: `inspection.report.received`."""
        return self.type.removeprefix(PREFIX).rpartition(".v")[0]


@dataclass(slots=True)
class Stream:
    """What was heard so far."""

    heard: list[Heard] = field(default_factory=list[Heard])
    last_id: str = ""
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def names(self, about: Callable[[Heard], bool]) -> list[str]:
        return [event.name for event in self.heard if about(event)]

    async def until(self, wanted: Callable[[list[Heard]], Any], hope: str) -> None:
        """Wait for what was heard to satisfy `wanted`."""

        async def look() -> list[Heard]:
            return self.heard

        await until(look, wanted, hope)


@asynccontextmanager
async def following(caller: Caller, last_event_id: str | None = None) -> AsyncGenerator[Stream]:
    """Follow the stream from `last_event_id` on, or from now on, until the block ends."""
    stream = Stream()
    task = asyncio.create_task(_follow(caller, last_event_id, stream))
    try:
        begun = asyncio.create_task(stream.begun.wait())
        await asyncio.wait({task, begun}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if not stream.begun.is_set():
            raise Refused(f"The event stream did not begin for {caller.title}.")
        yield stream
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await task


async def _follow(caller: Caller, last_event_id: str | None, stream: Stream) -> None:
    headers = {"authorization": f"Bearer {caller.token}", "accept": "text/event-stream"}
    if last_event_id is not None:
        headers["last-event-id"] = last_event_id
    timeout = httpx.Timeout(10, read=None)
    async with caller.http.stream("GET", "/api/v1/events/stream", headers=headers, timeout=timeout) as answer:
        answer.raise_for_status()
        message: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line:
                name, _, value = line.partition(":")
                message[name] = value.removeprefix(" ")
            elif message:
                _take(stream, message)
                message = {}


def _take(stream: Stream, message: dict[str, str]) -> None:
    """Take one message; the first says only where in the feed the stream begins."""
    stream.last_id = message.get("id", stream.last_id)
    stream.begun.set()
    event = json.loads(message.get("data", "{}"))
    if "type" in event:
        stream.heard.append(Heard(stream.last_id, event["type"], event["data"]))
