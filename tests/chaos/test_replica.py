"""The primary dies and its replica takes over: what was acknowledged and is lost, what is not, and who notices."""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from chaos.counters import LISTENER, WRITER, Parties, nats_users, parties
from chaos.live import until
from chaos.replica import Pair, primary_and_replica

from shared.embedded.files import temporary_directory
from shared.embedded.keys import Keyring
from shared.embedded.nats import nats_server
from shared.embedded.postgres import postgres

SEED = int(os.environ.get("COMMONWATCH_CHAOS_SEED", random.SystemRandom().randrange(10**6)))
RATE = 150.0
UNSEEN = 10
"""So many writes are acknowledged that the replica never receives."""
STUCK_S = 1.0
"""What has not happened after so long waits for something."""


@dataclass
class Scene:
    pair: Pair
    parties: Parties

    async def write(self, tally_id: UUID, times: int) -> set[UUID]:
        """Write so often, each acknowledged; give the ids."""
        before = set(self.parties.ledger.acknowledged)
        for _ in range(times):
            assert await self.parties.tick(tally_id)
        return self.parties.ledger.acknowledged - before

    async def fail_over(self) -> None:
        await self.pair.primary.kill()
        await self.pair.promote()

    async def lost(self) -> set[UUID]:
        """Give the acknowledged writes that the writing database does not know."""
        return self.parties.ledger.acknowledged - await self.parties.known()

    async def stated(self) -> set[UUID]:
        return {fact.write_id for fact in await self.parties.stream()}


@asynccontextmanager
async def staged(*doubled: str) -> AsyncIterator[Scene]:
    """Run the two services; the databases of those named have a replica, the others a server without one."""
    async with AsyncExitStack() as stack:
        home = stack.enter_context(temporary_directory())
        keys = Keyring(home)
        roles = {name: keys.database_password(name) for name in (WRITER, LISTENER)}
        broker = await stack.enter_async_context(nats_server(home / "nats", nats_users(keys)))
        pair = await stack.enter_async_context(primary_and_replica(home, roles))
        urls = {name: pair.url(name) for name in doubled}
        if alone := roles.keys() - doubled:
            steady = await stack.enter_async_context(postgres(home / "steady", {name: roles[name] for name in alone}))
            urls |= {name: steady.url(name) for name in alone}
        both = await stack.enter_async_context(parties(urls[WRITER], urls[LISTENER], broker.url, keys))
        await both.found()
        await both.rest()
        await pair.caught_up()
        yield Scene(pair, both)


@pytest.mark.live
async def test_with_synchronous_commit_a_failover_under_load_loses_nothing_acknowledged(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Writer and listener both lose their primary, at the same moment."""
    async with staged(WRITER, LISTENER) as scene:
        both = scene.parties
        await scene.pair.wait_for_replica(wait=True)
        async with both.writing_on(RATE, SEED):
            await _acknowledged(both, 300)
            await scene.fail_over()
            await _acknowledged(both, 300)
        await both.rest()
        verdict = await both.judge()
        assert verdict.faults == []
        with capfd.disabled():
            sys.stdout.write(
                f"\nfailover: {verdict.events} events, {len(both.ledger.unanswered)} writes unanswered, "
                f"{verdict.copies} copies in the stream, 0 lost (seed {SEED})\n"
            )


@pytest.mark.chaos
async def test_a_synchronous_commit_waits_for_a_replica_and_tells_nobody_meanwhile() -> None:
    async with staged(WRITER) as scene:
        both = scene.parties
        await scene.pair.wait_for_replica(wait=True)
        await scene.pair.cut()
        waiting = asyncio.create_task(scene.write(both.tallies[0], 1))
        await asyncio.wait([waiting], timeout=STUCK_S)
        assert not waiting.done()
        assert both.ledger.unanswered.isdisjoint(await scene.stated()), "not even the relay sees it"
        scene.pair.mend()
        [write_id] = await asyncio.wait_for(waiting, 30)
        await both.rest()
        assert (await both.effects())[write_id] == 1


@pytest.mark.chaos
async def test_without_synchronous_commit_a_failover_loses_what_the_replica_had_not_received() -> None:
    async with staged(WRITER) as scene:
        both, tally_id, newborn = scene.parties, scene.parties.tallies[0], uuid4()
        kept = await scene.write(tally_id, UNSEEN)
        await scene.pair.caught_up()
        await scene.pair.cut()
        unseen = await scene.write(tally_id, UNSEEN) | await scene.write(newborn, 1)
        await both.rest()
        await scene.fail_over()

        assert await scene.lost() == unseen, "these, though acknowledged, and no others"
        assert await scene.stated() - await both.known() == unseen, "the database is behind the stream"
        assert {*kept, *unseen} <= (await both.effects()).keys(), "the listener heard of what never was"
        await _what_becomes_of_it(scene, unseen, tally_id, newborn)


async def _what_becomes_of_it(scene: Scene, unseen: set[UUID], tally_id: UUID, newborn: UUID) -> None:
    """State what relay and listener make of facts that only the stream knows.

    The relay takes them back and tells the operator of each, so that what follows has versions of its own, also where
    the aggregate itself was lost and is made anew under the same id.
    """
    both = scene.parties
    again = await scene.write(tally_id, UNSEEN)

    async def told() -> bool:
        letters = await both.rows(both.writing, "select data from dead_letter where consumer = 'restored'")
        return {UUID(json.loads(letter["data"])["write_id"]) for letter in letters} == unseen

    await until(told, "the operator is told of each fact that only the stream knew")
    await both.rest()
    effects = await both.effects()
    assert [effects[write_id] for write_id in again] == [1] * UNSEEN, "the listener heard what followed, once"
    [reborn] = await scene.write(newborn, 1)
    [later] = await scene.write(newborn, 1)
    await both.rest()
    effects = await both.effects()
    assert (effects[reborn], effects[later]) == (1, 1), "what is made anew follows the facts of what was lost"
    assert await scene.lost() == unseen, "what those facts changed in the database stays lost"


@pytest.mark.chaos
async def test_a_listener_that_forgot_what_it_acknowledged_hears_it_again_from_a_new_consumer() -> None:
    async with staged(LISTENER) as scene:
        both, tally_id = scene.parties, scene.parties.tallies[0]
        await scene.pair.cut()
        unseen = await scene.write(tally_id, UNSEEN)
        await both.rest()
        await scene.fail_over()

        assert unseen.isdisjoint(await both.effects()), "the broker was told that they are done"
        later = await scene.write(tally_id, 1)
        await both.sent()
        await asyncio.sleep(STUCK_S)
        assert later.isdisjoint(await both.effects()), "what follows them waits for them"
        await both.hear_again()
        await both.rest()
        assert (await both.judge()).faults == []


@pytest.mark.chaos
@pytest.mark.parametrize("commit", ["on", "off"])
async def test_a_crash_loses_acknowledged_writes_only_with_synchronous_commit_off(commit: str) -> None:
    async with staged(WRITER) as scene:
        both = scene.parties
        await scene.pair.primary.ask(f"alter role {WRITER} set synchronous_commit = {commit}")
        await both.writing.engine.dispose()
        await scene.pair.primary.ask(
            f"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{WRITER}'"
        )
        assert await both.tick(both.tallies[0])
        await both.rest()
        await scene.pair.primary.ask("checkpoint")
        scene.pair.primary.keep_unwritten()
        unwritten = await scene.write(both.tallies[0], UNSEEN)
        await both.rest()
        await scene.pair.primary.kill()
        await scene.pair.primary.start()
        assert await scene.lost() == (unwritten if commit == "off" else set())
        assert await scene.stated() - await both.known() == (unwritten if commit == "off" else set())


@pytest.mark.chaos
async def test_whoever_cancels_a_waiting_commit_has_it_acknowledged_without_the_replica() -> None:
    """PostgreSQL ends the wait with a warning and answers that it is committed."""
    async with staged(WRITER) as scene:
        await scene.pair.wait_for_replica(wait=True)
        await scene.pair.cut()
        waiting = asyncio.create_task(scene.parties.tick(scene.parties.tallies[0]))
        cancel = "select count(pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'"

        async def cancelled() -> bool:
            return await scene.pair.primary.ask(cancel) == 1

        await until(cancelled, "it waits, and is told not to")
        assert await waiting is True
        await scene.fail_over()
        assert len(await scene.lost()) == 1


@pytest.mark.chaos
async def test_what_the_replica_never_had_is_not_told_though_a_crash_made_it_visible() -> None:
    """Recovery ends the wait for the replica. But a relay that begins writes before it sends, and so waits itself."""
    async with staged(WRITER) as scene:
        both = scene.parties
        await scene.pair.wait_for_replica(wait=True)
        await scene.pair.cut()
        waiting = asyncio.create_task(both.tick(both.tallies[0]))
        await asyncio.wait([waiting], timeout=STUCK_S)
        await scene.pair.primary.kill()
        assert await waiting is False
        await scene.pair.primary.start()
        assert both.ledger.unanswered <= await both.known(), "visible now"

        async def relay_waits() -> bool:
            return await scene.pair.primary.ask("select count(*) from pg_stat_activity where wait_event = 'SyncRep'")

        await until(relay_waits, "the relay came back, and waits for the replica")
        assert both.ledger.unanswered.isdisjoint(await scene.stated())
        await scene.fail_over()
        assert await scene.lost() == set()
        assert await scene.stated() == await both.known()


async def _acknowledged(both: Parties, more: int) -> None:
    wanted = len(both.ledger.acknowledged) + more

    async def enough() -> bool:
        return len(both.ledger.acknowledged) >= wanted

    await until(enough, f"{more} more writes are acknowledged")
