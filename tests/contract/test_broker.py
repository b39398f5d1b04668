"""One suite of promises, kept by the broker of the tests and by the real one."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from shared.broker import FORBIDDEN, Broker, Incoming, Outgoing, Way, decode_headers, encode_headers
from shared.bus import NatsBus
from shared.bus.streams import Durable, lay_streams
from shared.embedded.files import temporary_directory
from shared.embedded.keys import Keyring
from shared.embedded.nats import nats_server
from shared.embedded.nats_rights import admin_user, service_user
from shared.relay.plan import Plan
from shared.testing import MemoryBus

HEARD = ["cw.*.volunteer.report.>"]


@dataclass
class Bench:
    broker: Broker
    reader: Broker
    take: Callable[[int], Awaitable[list[Incoming]]]
    """Wait for so many deliveries to the durable `inspection`."""


@pytest.fixture(params=["memory", "nats"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    if request.param == "memory":
        bus = MemoryBus()
        bus.listen("inspection", HEARD)

        async def due(_: int) -> list[Incoming]:
            return bus.due("inspection")

        yield Bench(bus, bus, due)
        return
    with temporary_directory() as home:
        keys = Keyring(home)
        users = [admin_user("platform", keys.nats_public())]
        users += [service_user(name, keys.nats_public(name), name) for name in ("volunteer", "inspection")]
        async with nats_server(home / "nats", users) as server:
            await lay_streams(server.url, keys.nats_seed(), [Durable("inspection", HEARD)])
            await lay_streams(server.url, keys.nats_seed(), [Durable("inspection", HEARD)])
            writer = await NatsBus.connect(server.url, name="volunteer", seed=keys.nats_seed("volunteer"))
            reader = await NatsBus.connect(server.url, name="inspection", seed=keys.nats_seed("inspection"))
            batches = reader.batches("inspection")

            async def pull(count: int) -> list[Incoming]:
                got: list[Incoming] = []
                async with asyncio.timeout(10):
                    while len(got) < count:
                        got += await anext(batches)
                return got

            yield Bench(writer, reader, pull)
            await batches.aclose()
            await reader.close()
            await writer.close()


@dataclass
class SentRow:
    id: int
    row: Outgoing

    @property
    def aggregate_id(self) -> UUID:
        return self.row.aggregate_id

    @property
    def size_bytes(self) -> int:
        return len(self.row.data)


def _row(
    number: int = 0, *, subject: str = "cw.999901.volunteer.report.submitted", key: UUID | None = None
) -> Outgoing:
    event_id = uuid4()
    headers = {"ce-id": str(event_id), "ce-type": "x", "ce-note": f"第{number}号 %"}
    return Outgoing(event_id, key or uuid4(), subject, headers, str(number).encode())


async def published(bench: Bench, rows: list[Outgoing]) -> list[int | None]:
    """Publish as the relay does: what is decided there, in rounds until all is answered."""
    plan, facts = Plan(), [SentRow(place, row) for place, row in enumerate(rows)]
    while left := [fact for fact in facts if fact.id not in plan.stored]:
        count, way = plan.next_round(left, 0.0)
        answers = await bench.broker.publish([fact.row for fact in left[:count]], way)
        plan.answered(left[:count], answers, way, 0.0)
    return [plan.stored[fact.id] for fact in facts]


async def test_rows_arrive_in_order_with_their_headers(bench: Bench) -> None:
    for count in (1, 5, 60):
        rows = [_row(number) for number in range(count)]
        places = await published(bench, rows)
        assert None not in places
        assert places == sorted(places, key=lambda place: place or 0)
        got = await bench.take(count)
        assert [message.data for message in got] == [row.data for row in rows]
        assert got[-1].headers["ce-note"] == f"第{count - 1}号 %"
        for message in got:
            await message.ack()


async def test_a_row_published_again_is_stored_once_and_keeps_its_place(bench: Bench) -> None:
    rows = [_row(number) for number in range(40)]
    first = await published(bench, rows)
    again = await published(bench, rows)
    single = await published(bench, rows[:1])
    assert again == first
    assert single == first[:1]
    assert len(await bench.take(40)) == 40


async def test_two_rows_of_one_aggregate_keep_their_order(bench: Bench) -> None:
    key = uuid4()
    rows = [_row(number, key=key) for number in range(3)]
    places = await published(bench, rows)
    assert None not in places
    assert [message.data for message in await bench.take(3)] == [b"0", b"1", b"2"]


async def test_only_what_was_asked_for_is_delivered(bench: Bench) -> None:
    other = _row(1, subject="cw.999901.volunteer.task.published")
    await published(bench, [other, _row(2)])
    [message] = await bench.take(1)
    assert message.data == b"2"


async def test_a_message_that_is_retried_comes_again_and_counts(bench: Bench) -> None:
    await published(bench, [_row(7)])
    [first] = await bench.take(1)
    await first.retry(0.01)
    [second] = await bench.take(1)
    assert (first.num_delivered, second.num_delivered, second.data) == (1, 2, b"7")
    await second.ack()


async def test_a_parked_message_never_comes_again(bench: Bench) -> None:
    await published(bench, [_row(1)])
    [poison] = await bench.take(1)
    await poison.park()
    await published(bench, [_row(2)])
    [following] = await bench.take(1)
    assert following.data == b"2"


@pytest.mark.parametrize("bench", ["nats"], indirect=True)
async def test_a_service_cannot_publish_under_anothers_name(bench: Bench) -> None:
    assert isinstance(bench.broker, NatsBus)
    [refused] = await bench.broker.publish([_row(1, subject="cw.999901.inspection.hazard.closed")], Way.SINGLY)
    assert (refused.seq, refused.code) == (None, FORBIDDEN)


@pytest.mark.parametrize("bench", ["nats"], indirect=True)
async def test_a_batch_larger_than_the_server_takes_goes_out_all_the_same(bench: Bench) -> None:
    rows = [_row(number) for number in range(1200)]
    assert None not in await published(bench, rows)
    assert len(await bench.take(1200)) == 1200


def test_header_values_survive_any_text() -> None:
    text = 'a "quoted" 隐患 100% \n line'
    encoded = encode_headers({"Ce-Note": text})
    assert all(32 < ord(letter) < 127 for letter in encoded["Ce-Note"])
    assert decode_headers(encoded) == {"ce-note": text}
    assert os.linesep not in encoded["Ce-Note"]
