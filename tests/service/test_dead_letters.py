"""What cannot be applied is kept: it fails and comes again, waits for its turn, or lies open for the operator."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats
import pytest
from dying import POISON
from kernel import Counted, Counter, Kernel, kernel_on
from nats.js import api
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.broker import STREAM
from shared.bus import NatsBus
from shared.bus.streams import Durable, lay_streams
from shared.embedded.files import temporary_directory
from shared.embedded.keys import Keyring
from shared.embedded.nats import nats_server
from shared.embedded.nats_rights import admin_user, service_user
from shared.inbox import MAX_TRIES, Consumer
from shared.inbox.plan import CALM_DELIVERIES, HOLDS_S
from shared.outbox import emit
from shared.raw import connect
from shared.relay import Relay
from shared.testing import START

LETTERS = "select state, version, tries from dead_letter order by aggregate_id, version"
TOTALS = "select total from effects order by id"


@pytest.fixture
async def kernel(postgres_server: Any) -> AsyncIterator[Kernel]:
    async with kernel_on(postgres_server.url("kernel")) as made:
        yield made


async def test_attempts_are_counted_over_restarts(kernel: Kernel) -> None:
    kernel.poison.add(1)
    await kernel.count(uuid4())
    await kernel.relayed()
    for tries in range(1, MAX_TRIES):
        kernel.consumer = Consumer(kernel.database, "kernel", kernel.reactions)
        await kernel.consumer.take(kernel.bus.due("kernel"))
        assert await kernel.ask(LETTERS) == [("failing", 1, tries)]
    await kernel.consumer.take(kernel.bus.due("kernel"))
    assert await kernel.ask(LETTERS) == [("open", 1, MAX_TRIES)]
    assert kernel.bus.due("kernel") == []


async def test_a_failure_that_passes_leaves_no_letter(kernel: Kernel) -> None:
    kernel.poison.add(1)
    await kernel.count(uuid4())
    await kernel.relayed()
    await kernel.consumer.take(kernel.bus.due("kernel"))
    assert await kernel.ask(LETTERS) == [("failing", 1, 1)]
    kernel.poison.clear()
    await kernel.deliver()
    assert await kernel.ask(LETTERS) == []
    assert await kernel.ask(TOTALS) == [(1,)]


async def test_what_comes_again_and_again_is_tried_alone_and_written_down_first(kernel: Kernel) -> None:
    written: list[Any] = []

    @kernel.reactions.on(Counted)
    async def look(fact: Counted, _: AsyncSession) -> None:
        written.append((fact.total, await kernel.ask("select state, tries from dead_letter")))

    await kernel.count(uuid4())
    await kernel.count(uuid4())
    await kernel.relayed()
    batch = kernel.bus.due("kernel")
    batch[0].num_delivered = CALM_DELIVERIES + 1
    await kernel.consumer.take(batch)
    assert written == [(1, []), (1, [("failing", 1)])], "the innocent first, then the suspect, its attempt committed"
    assert await kernel.ask(LETTERS) == []
    assert await kernel.ask(TOTALS) == [(1,), (1,)]


async def test_a_message_that_kills_the_process_is_parked_and_its_neighbours_are_not(kernel: Kernel) -> None:
    with temporary_directory() as home:
        keys = Keyring(home)
        users = [
            admin_user("platform", keys.nats_public()),
            service_user("kernel", keys.nats_public("kernel"), "kernel"),
        ]
        async with nats_server(home / "nats", users) as server:
            await lay_streams(server.url, keys.nats_seed(), [Durable("kernel", kernel.reactions.filters())])
            await _impatient(server.url, keys.nats_seed())
            await _poison_between_innocents(kernel, server.url, keys.nats_seed("kernel"))
            deaths = await _deaths_until_parked(kernel, server.url, keys.nats_seed("kernel"))
    assert await kernel.ask("select state, tries, error_class from dead_letter") == [("open", MAX_TRIES, "Unfinished")]
    assert await kernel.ask(TOTALS) == [(1,)] * 4
    assert deaths == ["137"] * (CALM_DELIVERIES + MAX_TRIES)


async def _impatient(url: str, seed: str) -> None:
    """Let what a dead process had in its hands come again soon."""
    admin = await nats.connect(url, name="platform", nkeys_seed_str=seed)
    info = await admin.jetstream().consumer_info(STREAM, "kernel")
    changed = {**info.config.as_dict(), "ack_wait": 300_000_000}
    await admin.jetstream().add_consumer(STREAM, api.ConsumerConfig.from_response(changed))
    await admin.close()


async def _poison_between_innocents(kernel: Kernel, url: str, seed: str) -> None:
    bus = await NatsBus.connect(url, name="kernel", seed=seed)
    connection = await connect(kernel.url)
    for innocent in (True, True, False, True, True):
        if innocent:
            await kernel.count(uuid4())
            continue
        async with kernel.database.transaction() as tx:
            counter = Counter(id=uuid4(), area_code="999901", total=POISON)
            fact = Counted(at=START, area_code="999901", counter_id=counter.id, total=POISON)
            await emit(tx, counter, fact)
    relay = Relay("kernel", kernel.url, bus, STREAM)
    while await relay.pump(connection):
        pass
    await connection.close()
    await bus.close()


async def _deaths_until_parked(kernel: Kernel, url: str, seed: str) -> list[str]:
    """Let a process die and come back until all is applied or parked; give the exit codes of its lives."""
    family = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("dying.py")),
        *(kernel.url, url, seed),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    ended = asyncio.create_task(family.wait())
    try:
        async with asyncio.timeout(60):
            settled = "select (select count(*) from effects), (select count(*) from dead_letter where state = 'open')"
            while await kernel.ask(settled) != [(4, 1)]:
                await asyncio.wait({ended}, timeout=0.1)
    finally:
        os.killpg(family.pid, signal.SIGKILL)
    lives, _ = await family.communicate()
    return [line for line in lives.decode().splitlines() if line.isdigit()]


async def test_followers_of_an_open_letter_wait_without_being_delivered_again(kernel: Kernel) -> None:
    kernel.permanent.add(2)
    await kernel.count(uuid4(), 5)
    await kernel.relayed()
    await kernel.consumer.take(kernel.bus.due("kernel"))
    assert await kernel.ask(LETTERS) == [("open", 2, 1), ("waiting", 3, 1), ("waiting", 4, 1), ("waiting", 5, 1)]
    assert kernel.bus.due("kernel") == []
    assert await kernel.ask(TOTALS) == [(1,)]


async def test_those_who_waited_follow_in_order_when_the_one_before_is_delivered_again(kernel: Kernel) -> None:
    kernel.permanent.add(2)
    await kernel.count(uuid4(), 5)
    await kernel.relayed()
    await kernel.consumer.take(kernel.bus.due("kernel"))
    kernel.permanent.clear()
    kernel.bus.queues["kernel"].append((2, 1))
    await kernel.deliver()
    assert await kernel.ask(TOTALS) == [(1,), (2,), (3,), (4,), (5,)]
    assert await kernel.ask(LETTERS) == [("open", 2, 1)]
    await kernel.consumer.heal()
    assert await kernel.ask("select state, note from dead_letter") == [
        ("replayed", "applied when it was delivered again")
    ]


async def test_one_that_waited_and_fails_is_tried_again_and_then_left_to_the_operator(kernel: Kernel) -> None:
    kernel.permanent.add(2)
    kernel.poison.add(3)
    await kernel.count(uuid4(), 4)
    await kernel.relayed()
    await kernel.consumer.take(kernel.bus.due("kernel"))
    kernel.permanent.clear()
    kernel.bus.queues["kernel"].append((2, 1))
    await kernel.deliver()
    assert (await kernel.ask(LETTERS))[1:] == [("waiting", 3, 2), ("waiting", 4, 1)]
    for _ in range(MAX_TRIES):
        await kernel.consumer.heal()
    assert (await kernel.ask(LETTERS))[1:] == [("open", 3, MAX_TRIES + 1), ("waiting", 4, 1)]
    assert await kernel.ask(TOTALS) == [(1,), (2,)]


async def test_one_that_waited_and_ends_the_process_is_tried_no_more_than_others(kernel: Kernel) -> None:
    class Ended(BaseException):
        """What no handler catches, as when the process is gone."""

    @kernel.reactions.on(Counted)
    async def end(fact: Counted, _: AsyncSession) -> None:
        if fact.total == 3:
            raise Ended

    kernel.permanent.add(2)
    await kernel.count(uuid4(), 3)
    await kernel.relayed()
    await kernel.consumer.take(kernel.bus.due("kernel"))
    kernel.permanent.clear()
    kernel.bus.queues["kernel"].append((2, 1))
    deaths = 0
    for _ in range(MAX_TRIES + 3):
        try:
            await kernel.deliver()
            await kernel.consumer.heal()
        except Ended:
            deaths += 1
    assert deaths == MAX_TRIES
    assert (await kernel.ask(LETTERS))[1:] == [("open", 3, MAX_TRIES)]
    assert await kernel.ask(TOTALS) == [(1,), (2,)]


async def test_a_hole_heals_because_the_owner_is_asked(kernel: Kernel) -> None:
    kernel.consumer.tell = kernel.bus.tell
    await kernel.bus.hear("recall.kernel", kernel.relay.recall)
    await kernel.count(uuid4(), 4)
    await kernel.relayed()
    first, _, third, fourth = kernel.bus.due("kernel")
    await kernel.consumer.take([first, third, fourth])
    for _ in HOLDS_S:
        await kernel.consumer.take([one for one in kernel.bus.due("kernel") if one.stream_seq != 2])
    assert await kernel.ask(LETTERS) == [("waiting", 3, 1), ("waiting", 4, 1)]
    assert await kernel.relayed() == 1, "only what is missing is sent again"
    await kernel.deliver()
    assert await kernel.ask(TOTALS) == [(1,), (2,), (3,), (4,)]
    assert await kernel.ask(LETTERS) == []


async def test_who_begins_to_listen_late_gets_the_history(kernel: Kernel) -> None:
    late = Consumer(kernel.database, "late", kernel.reactions)
    late.tell = kernel.bus.tell
    await kernel.bus.hear("recall.kernel", kernel.relay.recall)
    await kernel.count(uuid4(), 7)
    await kernel.relayed()
    kernel.bus.listen("late", kernel.reactions.filters())
    kernel.bus.queues["late"].append((7, 1))
    while batch := kernel.bus.due("late"):
        await late.take(batch)
        await kernel.relayed()
    assert await kernel.ask(TOTALS) == [(total,) for total in range(1, 8)]
    assert await kernel.ask("select 1 from dead_letter") == []


async def test_a_lost_request_for_what_is_missing_is_made_again(kernel: Kernel) -> None:
    await kernel.count(uuid4(), 3)
    await kernel.relayed()
    _, _, third = kernel.bus.due("kernel")
    third.num_delivered = len(HOLDS_S) + 1
    await kernel.consumer.take([third])
    asked: list[bytes] = []
    kernel.consumer.tell = kernel.bus.tell
    await kernel.bus.hear("recall.kernel", asked.append)
    await kernel.consumer.heal()
    [(aggregate_id,)] = await kernel.ask("select aggregate_id from dead_letter")
    assert asked == [f'["counter", "{aggregate_id}", 1, 2]'.encode()]


async def test_what_was_sent_again_behind_its_followers_is_applied_before_them(kernel: Kernel) -> None:
    await kernel.count(uuid4(), 3)
    await kernel.relayed()
    batch = kernel.bus.due("kernel")
    batch[0].stream_seq = 9
    await kernel.consumer.take(batch)
    assert await kernel.ask(TOTALS) == [(1,), (2,), (3,)]


async def test_a_retry_of_the_database_is_no_attempt(kernel: Kernel) -> None:
    """A connection that the server ends in the middle says nothing about the message."""
    ended: list[bool] = []

    @kernel.reactions.on(Counted)
    async def cut(_: Counted, tx: AsyncSession) -> None:
        if not ended:
            ended.append(True)
            await tx.execute(text("select pg_terminate_backend(pg_backend_pid())"))

    await kernel.count(uuid4())
    await kernel.relayed()
    await kernel.deliver()
    assert await kernel.ask(TOTALS) == [(1,)]
    assert await kernel.ask("select 1 from dead_letter") == []
