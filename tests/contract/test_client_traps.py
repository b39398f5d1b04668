"""Each known trap of nats-py, provoked on the real server: what it does to a plain client, and that we escape it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from broker_place import PATIENCE_S, SUBJECT, Liar, Place, Reader, place, row, taken_in, until
from nats.aio.msg import Msg
from nats.errors import OutboundBufferLimitError

from shared import bus as bus_module
from shared.app import ready
from shared.broker import FORBIDDEN, UNKNOWN, Outgoing, Way
from shared.bus import NatsBus
from shared.relay.plan import INCOMPLETE
from shared.service import Service

ROOT = Path(__file__).parents[2]
IN_VAIN = [UNKNOWN] * 100


@pytest.fixture
async def here() -> AsyncIterator[Place]:
    async with place("volunteer", "inspection") as made:
        yield made


@pytest.fixture
async def liar(here: Place) -> AsyncIterator[Liar]:
    between = Liar(here.server.port)
    yield between
    await between.shut()


def flushed(client: Any) -> Callable[[], bool]:
    """Tell whether the client has handed over all its bytes."""
    return lambda: client._pending_data_size == 0


async def lost_with_the_server(here: Place, bus: NatsBus, work: Awaitable[Any]) -> "asyncio.Future[Any]":
    """Kill the server when it has the bytes and has done nothing with them; start it again."""
    here.pause()
    under_way = asyncio.ensure_future(work)
    await asyncio.sleep(0)
    await until(lambda: bus.client.stats["out_msgs"] > 0 and flushed(bus.client)(), "the bytes are handed over")
    await here.kill()
    return under_way


async def test_what_dies_with_the_server_is_unknown_at_once_and_is_stored_when_it_is_sent_again(here: Place) -> None:
    rows = [row(str(number)) for number in range(100)]
    bus = await here.bus("volunteer")
    bus.ack_timeout_s = 10 * PATIENCE_S
    plain = await here.plain("volunteer")
    here.pause()
    futures = [await plain.jetstream().publish_async(SUBJECT, b"lost") for _ in range(100)]
    await until(flushed(plain), "the plain client's bytes are handed over")

    answered = await lost_with_the_server(here, bus, bus.publish(rows, Way.TOGETHER))
    assert await asyncio.wait_for(answered, PATIENCE_S) == IN_VAIN

    await here.start()
    await until(lambda: plain.is_connected and bus.connected(), "both are back")
    assert await plain.jetstream().publish(SUBJECT, b"after") is not None
    assert not any(future.done() for future in futures), "the plain client waits for ever"
    for future in futures:
        future.cancel()

    places = [answer.seq for answer in await bus.publish(rows, Way.TOGETHER)]
    assert None not in places
    assert sorted(await here.bodies()) == sorted([b"after", *(one.data for one in rows)])


async def test_of_two_rows_of_one_aggregate_the_newer_overtakes_on_a_plain_client(here: Place) -> None:
    plain = await here.plain("volunteer")
    here.pause()
    first = asyncio.create_task(plain.jetstream().publish(SUBJECT, b"v1", timeout=1))
    await asyncio.sleep(0)
    await until(lambda: plain.stats["out_msgs"] > 0 and flushed(plain)(), "v1 is handed over")
    await here.kill()
    await until(lambda: not plain.is_connected, "the client knows that the server is away")
    second = asyncio.create_task(plain.jetstream().publish(SUBJECT, b"v2", timeout=PATIENCE_S))
    await here.start()
    await second
    with pytest.raises(TimeoutError):
        await first
    await plain.jetstream().publish(SUBJECT, b"v1")
    assert await here.bodies() == [b"v2", b"v1"]


@pytest.mark.parametrize("way", [Way.BATCH, Way.SINGLY])
async def test_no_row_overtakes_an_older_one_of_its_aggregate_over_a_reconnect(here: Place, way: Way) -> None:
    key = uuid4()
    rows = [row(f"v{number}", key=key) for number in range(1, 31)]
    bus = await here.bus("volunteer")
    under_way = await lost_with_the_server(here, bus, bus.publish(rows, way))
    await here.start()
    assert await under_way == [UNKNOWN] * 30
    await until(bus.connected, "the bus is back")
    await bus.publish(rows, way)
    assert await here.bodies() == [one.data for one in rows]


async def test_a_round_whose_server_dies_hands_over_nothing_more(here: Place) -> None:
    bus = await here.bus("volunteer")
    bus.ack_timeout_s = 10 * PATIENCE_S
    under_way = await lost_with_the_server(here, bus, bus.publish([row(), row(), row()], Way.SINGLY))
    assert await asyncio.wait_for(under_way, PATIENCE_S) == [UNKNOWN] * 3
    assert bus.client._pending_data_size == 0


async def test_nothing_is_handed_to_a_client_without_a_connection(here: Place) -> None:
    plain, bus = await here.plain("volunteer"), await here.bus("volunteer")
    reader = Reader(await here.bus("inspection"), "inspection")
    await here.kill()
    await until(lambda: not plain.is_connected and not bus.connected(), "both know it")
    with pytest.raises(OutboundBufferLimitError):
        for _ in range(5):
            await plain.publish(SUBJECT, b"x" * 500_000)

    for way in Way:
        assert await bus.publish([row("x" * 500_000) for _ in range(5)], way) == [UNKNOWN] * 5
    await bus.tell("poke.volunteer", b"")
    assert bus.client._pending_data_size == 0
    await reader.close()


async def test_we_try_for_ever_and_tell_meanwhile_that_the_broker_is_away(
    here: Place, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "RECONNECT_WAIT_S", 0.001)
    url = await liar.open()
    plain, bus = await here.plain("volunteer", url, reconnect_time_wait=0.001), await here.bus("volunteer", url)
    await liar.shut()
    await until(lambda: plain.is_closed, "the plain client closes for good")
    await until(lambda: bus.client._server_pool[0].reconnects > 2 * 60, "ours has tried far more often")

    database = SimpleNamespace(ready=_yes)
    rules = SimpleNamespace(broken=None)
    answer = await ready(cast("Service", SimpleNamespace(database=database, broker=bus, rules=rules)))
    assert (answer.status_code, json.loads(answer.body)) == (200, {"rules": True, "database": True, "broker": False})

    await liar.open()
    await until(bus.connected, "ours is back")
    assert await bus.publish([row()], Way.SINGLY) != [UNKNOWN]
    assert plain.is_closed


async def test_a_client_that_no_longer_tries_is_replaced(
    here: Place, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A greeting that nobody foresaw ends the plain client's attempts without a word."""
    monkeypatch.setattr(bus_module, "ABANDON_S", 0.5)
    url = await liar.open()
    plain, writer, heard = (
        await here.plain("volunteer", url),
        await here.bus("volunteer"),
        await here.bus("inspection", url),
    )
    reader = Reader(heard, "inspection")
    await _flows(writer, reader, "before")
    first = heard.client
    await liar.shut()
    liar.greeting = b"INFO\r\n"
    await liar.open()
    await until(lambda: plain._reconnection_task.done() and first._reconnection_task.done(), "both have given up")
    liar.greeting = b""
    await _flows(writer, reader, "after")
    assert not plain.is_connected
    assert not plain.is_closed
    await reader.close()


async def _yes() -> bool:
    return True


LIES = {
    "a line that its parser cannot read": b"-ERR \r\n",
    "a word that is none": b"HELLO\r\n",
    "a length that is none": b"MSG a 1 99999999999999999999\r\n",
    "an error after which it closes for good": b"-ERR 'Unknown Protocol Operation'\r\n",
    "that its rights are gone": b"-ERR 'Authorization Violation'\r\n",
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_client_that_is_told(here: Place, liar: Liar, lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus_module, "PING_S", 0.2)
    url = await liar.open()
    writer, heard = await here.bus("volunteer", url), await here.bus("inspection", url)
    pokes: list[bytes] = []
    await writer.hear("poke.volunteer", pokes.append)
    reader = Reader(heard, "inspection")
    await _flows(writer, reader, "before")
    liar.say(LIES[lie])
    await _flows(writer, reader, "after")

    async def poked() -> bool:
        await writer.tell("poke.volunteer", b"wake")
        return b"wake" in pokes

    await until(poked, "what was listened to is heard again")
    await reader.close()


async def test_a_connection_that_falls_silent_in_the_middle_of_a_message_is_given_up(
    here: Place, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "PING_S", 0.2)
    url = await liar.open()
    writer, heard = await here.bus("volunteer"), await here.bus("inspection", url)
    reader = Reader(heard, "inspection")
    await _flows(writer, reader, "before")
    liar.cut(after=30)
    await _flows(writer, reader, "after")
    await reader.close()


async def _flows(writer: NatsBus, reader: Reader, text: str) -> None:
    """Publish as a relay does, again and again under one id, until it has arrived."""
    fact = row(text)

    async def stored() -> bool:
        return (await writer.publish([fact], Way.SINGLY))[0].seq is not None

    await until(stored, f"{text} is stored")
    await until(lambda: reader.heard(text), f"{text} is heard")


async def test_a_plain_client_goes_on_believing_in_a_connection_that_nobody_reads(here: Place, liar: Liar) -> None:
    plain = await here.plain("volunteer", await liar.open())
    liar.say(LIES["a line that its parser cannot read"])
    with pytest.raises(TimeoutError):
        await plain.jetstream().publish(SUBJECT, b"x", timeout=0.5)
    assert plain.is_connected
    assert plain._reading_task.done()


async def test_a_forbidden_row_is_refused_at_once_and_holds_up_no_other(here: Place) -> None:
    bus = await here.bus("volunteer")
    bus.ack_timeout_s = 10 * PATIENCE_S
    forbidden = row(subject="cw.999901.Inspection.hazard.closed")
    for way in (Way.TOGETHER, Way.SINGLY):
        first, refused, last = await bus.publish([row("a"), forbidden, row("b")], way)
        assert refused.code == FORBIDDEN
        assert None not in (first.seq, last.seq)
    # In the middle it also makes a gap, and whichever is told first counts.
    assert {answer.code for answer in await bus.publish([row(), forbidden, row()], Way.BATCH)} <= {
        FORBIDDEN,
        INCOMPLETE,
    }
    assert {answer.code for answer in await bus.publish([row(), forbidden], Way.BATCH)} == {FORBIDDEN}
    assert await here.bodies() == [b"a", b"b", b"a", b"b"]


NO_ANSWERS = (b'{"stream":"OTHER","seq":7,"count":2}', b"not JSON", b"", b"[]", b"{}", b'{"stream":"CW"}', b"\xff")


async def test_only_an_answer_of_the_right_stream_counts() -> None:
    async with place("volunteer", authorization={}) as open_house:
        admin, bus = await open_house.plain(), await open_house.bus("volunteer")
        await admin.jetstream().update_stream(name="CW", subjects=["cw.other.>"])
        bus.ack_timeout_s = 10 * PATIENCE_S
        for words in NO_ANSWERS:
            liar = await admin.subscribe("cw.999901.>", cb=partial(_answer, words))
            await taken_in(admin)
            for way in Way:
                assert await bus.publish([row(), row()], way) == [UNKNOWN] * 2, (words, way)
            await liar.unsubscribe()
            await taken_in(admin)
        assert open_house.faults == []


async def _answer(words: bytes, message: Msg) -> None:
    if message.reply:
        await message._client.publish(message.reply, words)


async def test_a_stream_that_took_our_subjects_is_told_and_gets_nothing(here: Place) -> None:
    admin, bus = await here.plain(), await here.bus("volunteer")
    await admin.jetstream().update_stream(name="CW", subjects=["cw.other.>"])
    await admin.jetstream().add_stream(name="THIEF", subjects=["cw.999901.>"], allow_atomic=True)
    for way in Way:
        assert [answer.code for answer in await bus.publish([row(), row()], way)] == [10060, 10060], way
    assert await here.stored("THIEF") == []


async def test_headers_of_a_row_are_never_changed_and_always_printable(here: Place) -> None:
    plain = await here.plain("volunteer")
    mine = {"ce-note": "x"}
    await plain.jetstream().publish(SUBJECT, b"", stream="CW", headers=mine)
    assert mine != {"ce-note": "x"}, "the plain client writes into what it is given"

    bus, listener = await here.bus("volunteer"), await here.plain()
    wire = await listener.subscribe(SUBJECT)
    await taken_in(listener)
    headers = {"ce-note": " 第一号 100% \r\n forged: yes ", "ce-type": "x"}
    for way in Way:
        facts = [Outgoing(uuid4(), uuid4(), SUBJECT, dict(headers), b"x") for _ in range(2)]
        assert None not in [answer.seq for answer in await bus.publish(facts, way)]
        assert [fact.headers for fact in facts] == [headers, headers]
        for _ in facts:
            sent = (await wire.next_msg(PATIENCE_S)).headers or {}
            assert "forged" not in sent
            assert all(32 < ord(letter) < 127 for letter in sent["ce-note"])


async def test_a_row_that_the_client_itself_refuses_is_refused_and_not_tried_for_ever(here: Place) -> None:
    bus = await here.bus("volunteer")
    big, bad = row("x" * 2_000_000), row(subject="cw.a b.volunteer.x")
    odd = Outgoing(uuid4(), uuid4(), SUBJECT, {"ce note": "x"}, b"")
    for way in Way:
        for refused in (big, bad, odd):
            answers = await bus.publish([row(), refused], way)
            assert answers[1].code == 400, (way, refused.subject)


UNGUARDED = re.compile(r"\.(publish_async|fetch|pull_subscribe(_bind)?|drain|flush)\(|ordered_consumer")
"""It leaks its slots, stalls, drops what a reconnect buffered, overtakes what it was to flush, does not reset."""


def test_what_cannot_be_guarded_is_not_used() -> None:
    texts = {path: path.read_text("utf-8") for path in (ROOT / "shared").rglob("*.py")}
    speaking = {path: text for path, text in texts.items() if re.search(r"^(import|from) nats", text, re.MULTILINE)}
    assert len(speaking) > 4
    assert [f"{path.name}: {used[0]}" for path, text in speaking.items() for used in UNGUARDED.finditer(text)] == []
