"""A pull that stands still: whatever befalls it, the next message is heard soon; for a plain `fetch` that is not so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from broker_place import PATIENCE_S, Place, Reader, place, row, until

from shared.broker import STREAM, Way
from shared.bus import NatsBus, pulling

SOON_S = 8.0
"""Twice what a pull is left standing; an idle machine needs a fraction of it."""


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked again merely because time went by."""
    monkeypatch.setattr(pulling, "PULL_EXPIRES_S", 10 * PATIENCE_S)


@asynccontextmanager
async def _reading(here: Place) -> AsyncIterator[tuple[NatsBus, Reader]]:
    bus = await here.bus("inspection")
    reader = Reader(bus, "inspection")
    try:
        yield await here.bus("volunteer"), reader
    finally:
        await reader.close()


@pytest.fixture
async def here() -> AsyncIterator[Place]:
    async with place("volunteer", "inspection") as made:
        yield made


async def _heard_soon(writer: NatsBus, reader: Reader, text: str) -> None:
    assert (await writer.publish([row(text)], Way.SINGLY))[0].seq is not None
    waited_s = await until(lambda: reader.heard(text), f"{text!r} is heard")
    assert waited_s < SOON_S, text


async def test_a_message_is_heard_at_once_and_not_when_a_batch_is_full(here: Place) -> None:
    async with _reading(here) as (writer, reader):
        for number in range(20):
            await _heard_soon(writer, reader, str(number))


@pytest.mark.usefixtures("patient")
async def test_a_pull_that_stood_while_the_server_was_killed_is_asked_anew(here: Place) -> None:
    async with _reading(here) as (writer, reader):
        await _heard_soon(writer, reader, "before")
        for number in range(3):
            await here.kill()
            await here.start()
            await until(writer.connected, "the writer is back")
            await _heard_soon(writer, reader, f"after {number}")


@pytest.mark.usefixtures("patient")
async def test_a_pull_that_stood_while_the_server_was_paused_goes_on(here: Place) -> None:
    async with _reading(here) as (writer, reader):
        await _heard_soon(writer, reader, "before")
        here.pause()
        publishing = writer.publish([row("during")], Way.SINGLY)
        writer.ack_timeout_s = 0.3
        assert (await publishing)[0].seq is None
        here.resume()
        await _heard_soon(writer, reader, "after")
        assert reader.heard("during")


@pytest.mark.usefixtures("patient")
async def test_a_consumer_that_is_deleted_and_made_again_is_heard(here: Place) -> None:
    admin = await here.admin()
    async with _reading(here) as (writer, reader):
        await _heard_soon(writer, reader, "before")
        await admin.delete_consumer(STREAM, "inspection")
        assert (await writer.publish([row("meanwhile")], Way.SINGLY))[0].seq is not None
        await here.lay()
        await until(lambda: reader.heard("meanwhile"), "what came meanwhile is heard")
        await _heard_soon(writer, reader, "after")


@pytest.mark.usefixtures("patient")
async def test_a_stream_that_is_deleted_and_made_again_is_heard(here: Place) -> None:
    admin = await here.admin()
    async with _reading(here) as (writer, reader):
        await _heard_soon(writer, reader, "before")
        await admin.delete_stream(STREAM)
        await here.lay()
        await _heard_soon(writer, reader, "after")


STATUSES = {
    "408 the pull has expired": b"NATS/1.0 408 Request Timeout\r\n\r\n",
    "404 there is nothing": b"NATS/1.0 404 No Messages\r\n\r\n",
    "409 another leads now": b"NATS/1.0 409 Leadership Change\r\n\r\n",
    "409 too many wait": b"NATS/1.0 409 Exceeded MaxWaiting\r\n\r\n",
    "503 nobody is there": b"NATS/1.0 503\r\n\r\n",
    "100 a heartbeat that nobody asked for": b"NATS/1.0 100 Idle Heartbeat\r\n\r\n",
    "777 nobody knows what": b"NATS/1.0 777 Surprise\r\n\r\n",
}


@pytest.mark.parametrize("status", STATUSES)
async def test_after_the_status(here: Place, status: str) -> None:
    async with _reading(here) as (writer, reader):
        await _heard_soon(writer, reader, "before")
        client = reader.bus.client
        [pull] = [sub for sub in client._subs.values() if not sub._subject.endswith("*")]
        words = STATUSES[status]
        told = f"HMSG {pull._subject} {pull._id} {len(words)} {len(words)}\r\n".encode() + words + b"\r\n"
        await client._ps.parse(told)
        await _heard_soon(writer, reader, "after")


async def test_a_pull_that_the_server_forgot_is_asked_again(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """No status, no reconnect: the request is simply gone, as after a leader that died with it."""
    monkeypatch.setattr(pulling, "PULL_EXPIRES_S", 1.0)
    bus = await here.bus("inspection")
    said = bus.client.publish
    asked: list[str] = []

    async def lose_the_first(subject: str, *given: bytes | str) -> None:
        asked.append(subject)
        if len(asked) > 1:
            await said(subject, *given)

    monkeypatch.setattr(bus.client, "publish", lose_the_first)
    reader = Reader(bus, "inspection")
    await until(lambda: len(asked) == 1, "the first pull is lost")
    await _heard_soon(await here.bus("volunteer"), reader, "after")
    assert asked[0] == "$JS.API.CONSUMER.MSG.NEXT.CW.inspection"
    await reader.close()


async def test_more_than_one_pull_can_carry_is_heard_to_the_last(here: Place) -> None:
    async with _reading(here) as (writer, reader):
        rows = [row(str(number)) for number in range(3 * pulling.PULL_BATCH + 7)]
        for start in range(0, len(rows), 500):
            await writer.publish(rows[start : start + 500], Way.BATCH)
        await until(lambda: len(reader.got) == len(rows), "all are heard")
        assert [message.data for message in reader.got] == [one.data for one in rows]


async def test_a_plain_fetch_waits_out_its_time_on_a_pull_that_the_server_forgot(here: Place) -> None:
    """Why there is an own loop: the message lies there, and nobody asks for it."""
    js = (await here.plain("inspection")).jetstream(timeout=PATIENCE_S)
    pull = await js.pull_subscribe_bind("inspection", STREAM)
    fetching = asyncio.create_task(pull.fetch(1, timeout=2))

    async def stands() -> bool:
        return (await js.consumer_info(STREAM, "inspection")).num_waiting == 1

    await until(stands, "the pull stands")
    await here.kill()
    await here.start()
    assert (await (await here.bus("volunteer")).publish([row("x")], Way.SINGLY))[0].seq == 1
    with pytest.raises(TimeoutError):
        await fetching
    [message] = await pull.fetch(1, timeout=PATIENCE_S)
    assert message.data == b"x"
