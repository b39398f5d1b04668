"""A fact is stated with its change, arrives once and in order, and poison stops nobody else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from kernel import Counted, Counter, Kernel, kernel_on

from shared import inbox, relay
from shared.broker import Answer, Outgoing, Way
from shared.contracts.volunteer import ReportSubmitted
from shared.errors import Conflict
from shared.inbox import MAX_TRIES
from shared.inbox.plan import HOLDS_S
from shared.outbox import emit
from shared.testing import START


@pytest.fixture
async def kernel(postgres_server: Any) -> AsyncIterator[Kernel]:
    async with kernel_on(postgres_server.url("kernel")) as made:
        yield made


async def test_change_and_fact_are_committed_together_or_not_at_all(kernel: Kernel) -> None:
    counter_id = uuid4()
    with pytest.raises(RuntimeError):
        async with kernel.database.transaction() as tx:
            counter = Counter(id=counter_id, area_code="999901")
            await emit(tx, counter, Counted(at=START, area_code="999901", counter_id=counter_id, total=1))
            raise RuntimeError("power cut")
    assert await kernel.ask("select * from counters") == []
    assert await kernel.ask("select * from outbox") == []


async def test_only_the_owner_emits_its_events(kernel: Kernel) -> None:
    foreign = ReportSubmitted.model_construct(at=START, area_code="999901")
    with pytest.raises(AssertionError, match="house rule 5"):
        async with kernel.database.transaction() as tx:
            await emit(tx, Counter(id=uuid4(), area_code="999901"), foreign)


async def test_facts_arrive_once_and_in_order_however_often_and_shuffled_they_are_delivered(kernel: Kernel) -> None:
    first, second = uuid4(), uuid4()
    for _ in range(6):
        await kernel.count(first)
        await kernel.count(second)
    await kernel.relayed()
    await kernel.deliver(times=3, shuffle=Random(7))
    for counter_id in (first, second):
        got = await kernel.ask(f"select total from effects where counter_id = '{counter_id}' order by id")
        assert got == [(1,), (2,), (3,), (4,), (5,), (6,)]
    assert await kernel.ask("select count(*) from outbox") == [(0,)]
    assert await kernel.ask("select min(version), max(version), count(*) from outbox_sent") == [(1, 6, 12)]


async def test_an_early_version_waits_for_the_one_before(kernel: Kernel) -> None:
    counter_id = uuid4()
    await kernel.count(counter_id, 2)
    await kernel.relayed()
    early, late = kernel.bus.due("kernel")
    await kernel.consumer.take([late])
    assert await kernel.ask("select total from effects") == []
    await kernel.consumer.take([early])
    await kernel.deliver()
    assert await kernel.ask("select total from effects order by id") == [(1,), (2,)]


async def test_to_wait_for_an_earlier_version_is_no_failure(kernel: Kernel) -> None:
    counter_id = uuid4()
    await kernel.count(counter_id, 2)
    await kernel.relayed()
    early, late = kernel.bus.due("kernel")
    for _ in HOLDS_S:
        await kernel.consumer.take([late])
        [late] = kernel.bus.due("kernel")
    await kernel.consumer.take([early])
    kernel.poison.add(2)
    await kernel.consumer.take([late])
    kernel.poison.clear()
    await kernel.deliver()
    assert await kernel.ask("select total from effects order by id") == [(1,), (2,)]
    assert await kernel.ask("select * from dead_letter") == []


async def test_a_batch_waits_while_the_database_is_away(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away() -> bool:
        kernel.poison.clear()
        return False

    monkeypatch.setattr(inbox, "AWAY_S", 0.0)
    monkeypatch.setattr(kernel.database, "ready", away)
    kernel.poison.update({1, 2})
    await kernel.count(uuid4(), 2)
    await kernel.relayed()
    await kernel.consumer.take(kernel.bus.due("kernel"))
    assert await kernel.ask("select total from effects order by id") == [(1,), (2,)]
    assert kernel.bus.due("kernel") == [], "nothing had to be delivered again"


async def test_a_relay_that_stumbles_begins_anew(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    publish, faults = kernel.bus.publish, [RuntimeError("a fault that nobody thought of")]

    async def stumble(rows: Sequence[Outgoing], way: Way) -> list[Answer]:
        if faults:
            raise faults.pop()
        return await publish(rows, way)

    monkeypatch.setattr(relay, "AGAIN_S", 0.0)
    monkeypatch.setattr(kernel.bus, "publish", stumble)
    await kernel.count(uuid4())
    running = asyncio.create_task(kernel.relay.run())
    while await kernel.ask("select 1 from outbox"):
        pass
    kernel.relay.stop()
    await running
    assert len(kernel.bus.stored) == 1


async def test_poison_is_parked_with_its_cause_and_stops_nobody_else(kernel: Kernel) -> None:
    good, bad = uuid4(), uuid4()
    kernel.poison.add(3)
    await kernel.count(bad, 3)
    await kernel.count(good, 2)
    await kernel.relayed()
    await kernel.deliver()
    assert await kernel.ask(f"select count(*) from effects where counter_id = '{good}'") == [(2,)]
    assert await kernel.ask(f"select count(*) from effects where counter_id = '{bad}'") == [(2,)]
    [(tries, error_class, error)] = await kernel.ask("select num_delivered, error_class, error from dead_letter")
    assert (tries, error_class) == (MAX_TRIES, "ValueError")
    assert error.startswith("raised in kernel.note, line ")


async def test_what_can_never_be_applied_is_parked_at_once(kernel: Kernel) -> None:
    kernel.permanent.add(1)
    await kernel.count(uuid4())
    await kernel.relayed()
    await kernel.deliver()
    assert await kernel.ask("select num_delivered from dead_letter") == [(1,)]


async def test_two_writers_at_once_leave_one_winner_and_one_conflict(kernel: Kernel) -> None:
    counter_id = uuid4()
    await kernel.count(counter_id)
    event = Counted(at=START, area_code="999901", counter_id=counter_id, total=9)
    with pytest.raises(Conflict):
        async with kernel.database.transaction() as slow:
            mine = await slow.get(Counter, counter_id)
            assert mine is not None
            await kernel.count(counter_id)
            mine.total = 9
            await emit(slow, mine, event)
    assert await kernel.ask("select total, version from counters") == [(2, 2)]
