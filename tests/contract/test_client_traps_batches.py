"""What the server answers to atomic batches, as it answers it; the relay's decisions rest on these very codes."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from broker_place import PATIENCE_S, SUBJECT, Place, place, row, taken_in, until
from nats.aio.client import Client

from shared.broker import STREAM, UNKNOWN, Outgoing, Way
from shared.bus import NatsBus
from shared.relay.plan import (
    BATCH_ROWS,
    DUPLICATE,
    INCOMPLETE,
    NO_BATCHES,
    TOO_MANY_BATCHES,
    TOO_MANY_ROWS,
)

LIMITS = {"limits": {"batch": {"max_inflight_per_stream": 2}}}


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[Place]:
    async with place("volunteer", jetstream=LIMITS) as made:
        yield made


@pytest.fixture
async def bus(here: Place) -> AsyncIterator[NatsBus]:
    made = await NatsBus.connect(here.url, name="volunteer", seed=here.keys.nats_seed("volunteer"))
    yield made
    await made.close()


async def _codes(bus: NatsBus, rows: list[Outgoing]) -> set[int | None]:
    return {answer.code for answer in await bus.publish(rows, Way.BATCH)}


async def _last(here: Place) -> int:
    return (await (await here.admin()).stream_info(STREAM)).state.last_seq


async def test_a_batch_lies_in_one_piece_though_others_publish_meanwhile(here: Place, bus: NatsBus) -> None:
    other = await here.bus("volunteer")
    batches = [[row(f"{number}/{place}") for place in range(50)] for number in range(10)]
    singles = [row("single") for _ in range(100)]
    answered, *_ = await asyncio.gather(
        asyncio.gather(*(bus.publish(rows, Way.BATCH) for rows in batches[:2])), other.publish(singles, Way.TOGETHER)
    )
    stored = await here.bodies()
    for rows, answers in zip(batches, answered, strict=False):
        places = [answer.seq or 0 for answer in answers]
        assert places == list(range(places[0], places[0] + 50))
        assert [stored[place - 1] for place in places] == [one.data for one in rows]


async def test_a_row_that_is_stored_already_refuses_the_whole_batch_and_single_rows_get_their_old_place(
    here: Place, bus: NatsBus
) -> None:
    old, fresh = row("old"), row("fresh")
    [first] = await bus.publish([old], Way.SINGLY)
    last = await _last(here)
    assert await _codes(bus, [fresh, old]) == {DUPLICATE}
    assert await _codes(bus, [fresh, fresh]) == {DUPLICATE}
    assert await _last(here) == last
    assert [answer.seq for answer in await bus.publish([fresh, old], Way.SINGLY)] == [last + 1, first.seq]


async def test_a_batch_with_a_gap_is_refused_whole(here: Place, bus: NatsBus) -> None:
    last = await _last(here)
    for places in ([1, 3], [2, 3]):
        assert await _raw_batch(bus.client, f"gap-{places[0]}", places) == INCOMPLETE
    assert await _last(here) == last


async def test_more_rows_than_the_server_takes_are_refused_whole(here: Place, bus: NatsBus) -> None:
    last = await _last(here)
    assert await _codes(bus, [row() for _ in range(1_001)]) == {TOO_MANY_ROWS}
    assert await _last(here) == last
    assert BATCH_ROWS <= 1_000


async def test_too_many_open_batches_are_seen_as_such_at_the_first_row_and_else_as_incomplete(
    here: Place, bus: NatsBus
) -> None:
    for number in range(LIMITS["limits"]["batch"]["max_inflight_per_stream"]):
        await bus.client.publish(SUBJECT, b"", headers=_place(f"open-{number}", 1))
    refused = json.loads((await bus.client.request(SUBJECT, b"", headers=_place("x", 1), timeout=PATIENCE_S)).data)
    assert refused["error"]["err_code"] == TOO_MANY_BATCHES
    assert await _codes(bus, [row(), row()]) == {INCOMPLETE}
    for number in range(LIMITS["limits"]["batch"]["max_inflight_per_stream"]):
        assert await _raw_batch(bus.client, f"open-{number}", [2]) is None
    assert await _codes(bus, [row(), row()]) == {None}


async def test_a_stream_that_takes_no_batches_says_so(here: Place, bus: NatsBus) -> None:
    admin = await here.admin()
    config = (await admin.stream_info(STREAM)).config
    last = await _last(here)
    await admin.update_stream(config, allow_atomic=False)
    assert await _codes(bus, [row(), row()]) == {NO_BATCHES}
    assert await _last(here) == last
    await admin.update_stream(config, allow_atomic=True)


async def test_a_batch_whose_server_dies_before_the_commit_is_unknown_and_left_no_trace() -> None:
    async with place("volunteer") as mortal:
        bus = await mortal.bus("volunteer")
        bus.ack_timeout_s = 10 * PATIENCE_S
        rows = [row(str(number)) for number in range(60)]
        # The beginning of a batch arrives, its commit never does.
        for number in range(1, 30):
            await bus.client.publish(SUBJECT, b"half", headers=_place("half", number))
        await taken_in(bus.client)
        mortal.pause()
        publishing = asyncio.create_task(bus.publish(rows, Way.BATCH))
        await asyncio.sleep(0)
        await until(lambda: bus.client._pending_data_size == 0, "the bytes are handed over")
        await mortal.kill()
        await mortal.start()
        assert await publishing == [UNKNOWN] * 60
        await until(bus.connected, "the bus is back")
        assert await mortal.bodies() == []
        assert await _raw_batch(bus.client, "half", [30]) == INCOMPLETE
        assert [answer.seq for answer in await bus.publish(rows, Way.BATCH)] == list(range(1, 61))


def _place(batch: str, number: int) -> dict[str, Any]:
    return {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}


async def _raw_batch(client: Client, batch: str, places: list[int]) -> int | None:
    """Publish a batch with these places and commit it; give the code of the refusal."""
    for number in places[:-1]:
        await client.publish(SUBJECT, b"", headers=_place(batch, number))
    commit = {**_place(batch, places[-1]), "Nats-Batch-Commit": "1"}
    answer: dict[str, Any] = json.loads((await client.request(SUBJECT, b"", headers=commit, timeout=PATIENCE_S)).data)
    return answer["error"]["err_code"] if "error" in answer else None
