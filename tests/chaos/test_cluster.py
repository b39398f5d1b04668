"""Brokers of a cluster die, change their leader and lose their disks; what was acknowledged has one effect."""

import asyncio
import contextlib
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from chaos.counters import LISTENER, Parties, nats_users, parties, publish_batches
from chaos.live import until
from chaos.nodes import Node, Nodes, three_nodes

from shared.bus.streams import lay_streams
from shared.embedded.files import temporary_directory
from shared.embedded.keys import Keyring
from shared.embedded.postgres import postgres

SEED = int(os.environ.get("COMMONWATCH_CHAOS_SEED", random.SystemRandom().randrange(10**6)))
KILLS = int(os.environ.get("COMMONWATCH_CHAOS_NODE_KILLS", "30"))
RATE = 150.0


@dataclass
class Scene:
    """Two services on a cluster of three."""

    nodes: Nodes
    parties: Parties
    capfd: pytest.CaptureFixture[str]
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    kills: int = 0
    leaders: int = 0
    """How often the stream or its consumer got another leader."""
    waits_s: list[float] = field(default_factory=list[float])
    """How long after each blow facts flowed again."""

    async def do_without(self, node: Node, end: Callable[[], Awaitable[None]]) -> None:
        """End a node, write on without it, and have it back; the others lead meanwhile."""
        led = [await self.nodes.leader(durable) is node for durable in ("", LISTENER)]
        await end()
        await self.flows()
        for durable, was_leader in zip(("", LISTENER), led, strict=True):
            assert await self.nodes.leader(durable) is not node
            self.leaders += was_leader
        await self.nodes.start(node)
        await self.nodes.whole()

    async def kill(self, node: Node) -> None:
        await self.do_without(node, node.kill)
        self.kills += 1

    async def lose_disk(self, node: Node) -> None:
        async def burn() -> None:
            await node.kill()
            node.wipe()

        await self.do_without(node, burn)
        self.kills += 1

    async def step_down(self, durable: str = "", successor: Node | None = None) -> None:
        self.leaders += await self.nodes.step_down(durable, successor)

    async def flows(self) -> None:
        """Wait until facts stated from now on have had their effect."""
        began = time.monotonic()
        wanted = await self.parties.known()

        async def all_heard() -> bool:
            return wanted <= (await self.parties.effects()).keys()

        await until(all_heard, "facts flow")
        self.waits_s.append(time.monotonic() - began)

    async def judge(self, what: str) -> None:
        await self.parties.rest()
        verdict = await self.parties.judge()
        self.tell(
            f"{what}: {verdict.events} events, {self.kills} kills, {self.leaders} leader changes, "
            f"{verdict.copies} copies in the stream, {len(self.parties.ledger.unanswered)} writes unanswered, "
            f"{len(verdict.faults)} faults; flowed again after {statistics.median(self.waits_s):.1f} s, "
            f"at most {max(self.waits_s):.1f} s (seed {SEED})"
        )
        assert verdict.faults == []

    def tell(self, sentence: str) -> None:
        with self.capfd.disabled():
            sys.stdout.write(f"\ncluster: {sentence}\n")


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_directory() as made:
        yield made


@pytest.fixture
async def scene(home: Path, capfd: pytest.CaptureFixture[str]) -> AsyncIterator[Scene]:
    keys = Keyring(home)
    roles = {name: keys.database_password(name) for name in ("counter", "listener")}
    async with (
        postgres(home / "postgres", roles) as server,
        three_nodes(home, nats_users(keys), keys.nats_seed()) as nodes,
        parties(server.url("counter"), server.url("listener"), nodes.url, keys, replicas=3) as both,
    ):
        await both.found()
        yield Scene(nodes, both, capfd)


@pytest.mark.live
async def test_the_death_of_a_leader_and_of_a_follower_loses_nothing_and_doubles_nothing(scene: Scene) -> None:
    async with scene.parties.writing_on(RATE, SEED):
        leader = await scene.nodes.leader()
        await scene.kill(leader)
        leader = await scene.nodes.leader()
        await scene.kill(next(node for node in scene.nodes.nodes if node is not leader))
        await scene.step_down()
        await scene.step_down(LISTENER)
        await scene.flows()
    assert scene.leaders >= 2
    await scene.judge("a leader and a follower killed")


@pytest.mark.chaos
@pytest.mark.timeout(900)
async def test_killing_any_node_again_and_again_loses_nothing_and_doubles_nothing(scene: Scene) -> None:
    async with scene.parties.writing_on(RATE, SEED):
        for number in range(KILLS):
            node = scene.nodes.nodes[number % 3] if number % 2 else await scene.nodes.leader()
            await asyncio.sleep(scene.chance.uniform(0, 1))
            await scene.kill(node)
    await scene.judge("any node killed")


@pytest.mark.chaos
@pytest.mark.timeout(300)
async def test_rolling_restarts_lose_nothing_and_double_nothing(scene: Scene) -> None:
    async with scene.parties.writing_on(RATE, SEED):
        for node in scene.nodes.nodes * 3:
            await scene.do_without(node, node.stop)
    await scene.judge("three rolling restarts")


@pytest.mark.chaos
@pytest.mark.timeout(300)
async def test_leaders_that_change_all_the_time_lose_nothing_and_double_nothing(scene: Scene) -> None:
    async with scene.parties.writing_on(RATE, SEED):
        for _ in range(20):
            await scene.step_down()
            await scene.step_down(LISTENER)
        await scene.flows()
    assert scene.leaders >= 20
    await scene.judge("leaders made to step down")


@pytest.mark.chaos
@pytest.mark.timeout(300)
async def test_without_a_quorum_writes_are_taken_and_wait(scene: Scene) -> None:
    both, (first, second, _) = scene.parties, scene.nodes.nodes
    async with both.writing_on(RATE, SEED):
        await scene.flows()
        for node in (first, second):
            await node.kill()
            scene.kills += 1
        told = len(both.ledger.acknowledged)
        heard = (await both.effects()).total()
        await asyncio.sleep(5)
        waiting = len(await both.ids(both.writing, "select event_id from outbox"))
        assert len(both.ledger.acknowledged) - told > RATE, "the database takes writes as before"
        assert waiting > RATE, "and they wait in the outbox"
        scene.tell(f"no quorum for 5 s: {waiting} facts wait; {heard} were heard before")
        await scene.nodes.start(first, second)
        await scene.nodes.whole()
        await scene.flows()
    await scene.judge("no quorum for a while")


@pytest.mark.chaos
@pytest.mark.timeout(300)
async def test_a_node_that_lost_its_disk_gets_everything_back(scene: Scene) -> None:
    async with scene.parties.writing_on(RATE, SEED):
        for node in scene.nodes.nodes:
            await scene.lose_disk(node)
            await scene.step_down(successor=node)
            assert await scene.nodes.leader() is node, "it has everything, for it may lead"
    await scene.judge("every node's disk lost in turn")


@pytest.mark.chaos
@pytest.mark.timeout(300)
# nats-py forgets the socket of a server that accepted it and then said nothing.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_node_that_hangs_is_given_up(scene: Scene) -> None:
    """Without an answer and without an end of the connection: a frozen machine, a cable pulled out."""
    async with scene.parties.writing_on(RATE, SEED):
        for node in scene.nodes.nodes:
            node.pause()
            with contextlib.ExitStack() as stack:
                stack.callback(node.resume)
                await scene.flows()
            await scene.nodes.whole()
    await scene.judge("every node hung in turn")


@pytest.mark.chaos
@pytest.mark.timeout(300)
async def test_what_three_copies_cost(scene: Scene) -> None:
    """A measurement in one run: the same stream with one copy and with three, each acknowledged after its fsync."""
    for replicas in (3, 1, 3, 1):
        await lay_streams(scene.nodes.url, scene.parties.keys.nats_seed(), [], replicas=replicas)
        await scene.nodes.whole()
        for rows, batches in ((1, 200), (25, 60), (500, 20)):
            took = sorted(await publish_batches(scene.parties, batches, rows))
            scene.tell(
                f"R{replicas}, {rows} facts of 500 B a time: {rows * batches / sum(took):,.0f} facts/s, "
                f"p50 {statistics.median(took) * 1e3:.2f} ms, p99 {took[int(len(took) * 0.99)] * 1e3:.2f} ms"
            )
