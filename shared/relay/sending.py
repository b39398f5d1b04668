"""One relay's work step by step; whoever drives it may stop after any step, and nothing is lost, doubled or reordered.

It knows no clock and no loop: life drives it in `Relay`, tests in a simulation.
"""

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.broker import Answer, Broker, Way
from shared.crashpoint import crashpoint
from shared.observe import EVENTS_SENT, HELD, REFUSALS, UNSENT_AGE, logger
from shared.relay.archive import Archive, Fact
from shared.relay.dress import outgoing
from shared.relay.plan import MAX_REFUSALS, Plan
from shared.relay.recall import Recalls
from shared.relay.reconcile import BrokerAway, Reconciler

ROUND_ROWS = 500

log = logger("relay")


@dataclass(frozen=True, slots=True)
class Round:
    """Facts that go out now, and how."""

    facts: Sequence[Fact]
    way: Way


@dataclass
class Sender:
    """The steps of a relay that holds its database's lock."""

    service: str
    stream: str
    archive: Archive
    broker: Broker
    recalls: Recalls
    reconciler: Reconciler
    plan: Plan = field(default_factory=Plan)

    async def mend(self, now: float) -> int:
        """Send again what the stream or a consumer lacks; give how many facts."""
        if self.reconciler.due(now):
            # What was stored so far counts as stored in the stream as it was last met, whatever is found now.
            await self.put_away()
        sent = await self.reconciler.look(self.archive, now)
        if self.reconciler.epoch is not None and (facts := await self.recalls.due(self.archive, now)):
            with contextlib.suppress(BrokerAway):  # whoever lacks them asks again
                sent += len(await self.reconciler.resend(facts))
        return sent

    async def choose(self, now: float) -> Round | None:
        """Look which unsent facts go out now."""
        if not self.reconciler.ready:
            return None
        held = self.plan.held(now)
        facts, age_s = await self.archive.unsent(held, list(self.plan.stored), ROUND_ROWS)
        UNSENT_AGE.labels(self.service).set(age_s)
        HELD.labels(self.service).set(len(held))
        if not facts:
            return None
        crashpoint("relay.scanned")
        count, way = self.plan.next_round(facts, now)
        return Round(facts[:count], way)

    async def publish(self, chosen: Round) -> list[Answer]:
        """Hand a round to the broker."""
        return await self.broker.publish([outgoing(self.service, fact) for fact in chosen.facts], chosen.way)

    async def answered(self, chosen: Round, answers: Sequence[Answer], now: float) -> int:
        """Take in the answers to a round; give how many of its facts are now known to be stored."""
        crashpoint("relay.acknowledged")
        stored = self.plan.answered(chosen.facts, answers, chosen.way, now)
        for code, times in Counter(answer.code for answer in answers if answer.code is not None).items():
            REFUSALS.labels(self.service, str(code)).inc(times)
        while self.plan.refused:
            row_id, answer = self.plan.refused.pop()
            await self.archive.bury(row_id, MAX_REFUSALS, f"{answer.code}: {answer.text}")
            log.error("the broker will never take this fact", service=self.service, row=row_id, error=answer.text)
        if (alarm := self.plan.alarm) is not None and stored == 0:
            log.error("the broker's set-up is wrong", service=self.service, code=alarm.code, error=alarm.text)
        EVENTS_SENT.labels(self.service, chosen.way.value).inc(stored)
        return stored

    async def put_away(self) -> None:
        """Move what the broker has stored to the archive. May run while a round is being published."""
        stored, epoch = dict(self.plan.stored), self.reconciler.epoch
        if stored and epoch is not None:
            await self.archive.move(stored, self.stream, epoch)
            crashpoint("relay.archived")
            self.plan.archived(list(stored))
