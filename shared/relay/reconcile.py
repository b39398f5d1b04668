"""Keeps the stream equal to the log of record; without it a broker that lost its store would have lost the facts.

The broker may lose everything, come back with an older copy, or lose single messages; a database may come back from an
older backup. Numbers alone do not tell: other services fill the same sequence numbers. So ids are compared.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from uuid import uuid4

from shared.broker import UNKNOWN, Broker, StreamState, Way
from shared.crashpoint import crashpoint
from shared.observe import RECONNECTS, RESENT, logger
from shared.relay.archive import Archive, Audit, Fact, Refill
from shared.relay.dress import outgoing

LOOK_S = 60.0
AGAIN_S = 1.0
BATCH_ROWS = 500

log = logger("reconciler")


class BrokerAway(OSError):
    """The broker stopped answering midway; what was not confirmed is sent again later."""


class Scope(IntEnum):
    """How much of the log of record is compared with the stream."""

    NUMBERS = 0
    NEWEST = 1
    EVERYTHING = 2


class Reconciler:
    """One service's comparison, a piece at a time, so that new facts need not wait for it."""

    def __init__(self, service: str, broker: Broker, stream: str) -> None:
        self.service = service
        self.broker = broker
        self.stream = stream
        self.epoch: datetime | None = None
        """Of the stream as it was last met; None: nothing may be published yet."""
        self._gone = False
        """Whether the operator was told that it is."""
        self._scope = Scope.NEWEST
        self._compared = False
        self._refill = Refill(0, 0)
        self._met = -1
        self._look_at = 0.0

    def ask(self, scope: Scope) -> None:
        """Want a comparison soon."""
        self._scope, self._look_at = max(self._scope, scope), 0.0

    @property
    def ready(self) -> bool:
        """Whether new facts may be published: a restored database would give them versions that the stream has."""
        return self._compared and self.epoch is not None

    def due(self, now: float) -> bool:
        return now >= self._look_at or self._met != self.broker.reconnects

    async def look(self, archive: Archive, now: float) -> int:
        """Do a piece of what is due; give how many facts were sent again."""
        if not self.due(now):
            return 0
        if self._met != self.broker.reconnects:
            self._scope = max(self._scope, Scope.NEWEST)
        self._met, self._look_at = self.broker.reconnects, now + AGAIN_S
        RECONNECTS.labels(self.service).set(self._met)
        state = await self.broker.state()
        if state is None:
            if not self._gone:
                log.warning("the stream is gone or silent; `commonwatch events rebuild` lays it", service=self.service)
            self.epoch, self._gone = None, True
            return 0
        self._gone = False
        if state.epoch != self.epoch:
            await self._meet(archive, state)
        try:
            if self._compared and self._refill.done < self._refill.until:
                self._look_at = now
                return await self._refill_some(archive, state)
            wanted = self._scope
            sent = await self._compare(archive, state)
            self._compared = True
            if self._refill.done < self._refill.until:
                self._look_at, self._scope = now, wanted  # once more when the stream is full
                return sent
        except OSError as away:
            log.warning("the comparison will begin again", service=self.service, error=repr(away))
            self._look_at = now + AGAIN_S
            return 0
        self._look_at = now + LOOK_S
        return sent

    async def _meet(self, archive: Archive, state: StreamState) -> None:
        self._refill = await archive.meet(self.stream, state.epoch)
        self.epoch = state.epoch
        if self._refill.done < self._refill.until:
            log.error("the stream is new; filling it from the log of record", service=self.service)

    async def _refill_some(self, archive: Archive, state: StreamState) -> int:
        done, until = self._refill.done, self._refill.until
        facts = await archive.of_older_epochs(self.stream, state.epoch, done, until)
        await self.resend(facts, lost=False)
        crashpoint("reconciler.resent")
        done = facts[-1].id if facts else until
        await archive.refilled(self.stream, state.epoch, done)
        self._refill = Refill(done, until)
        if not facts:
            log.error("the stream is filled again", service=self.service)
        return len(facts)

    async def _compare(self, archive: Archive, state: StreamState) -> int:
        tail = await archive.tail(self.stream, state.epoch)
        behind = tail is not None and not state.first_seq <= tail.last_seq <= state.last_seq
        scope = max(self._scope, Scope.NEWEST) if behind else self._scope
        if scope is Scope.NUMBERS or (scope is Scope.NEWEST and tail is None and self._compared):
            self._scope = Scope.NUMBERS
            return 0
        from_id, from_seq = 0, 0
        if scope is Scope.NEWEST and tail is not None:
            from_id, from_seq = tail.first_id, tail.first_seq
        there = await self._read(archive, state, from_seq)
        if scope is Scope.NEWEST and (
            await archive.lacking(self.stream, state.epoch, from_id, from_seq) or await archive.unknown()
        ):
            # Where the newest differ, older ones may too; nothing is mended before all is known.
            scope, from_id, from_seq = Scope.EVERYTHING, 0, 0
            there = await self._read(archive, state, from_seq)
        lacking = await self._resend_lacking(archive, state, from_id, from_seq)
        unknown = await self._adopt(archive, state)
        whole = scope is Scope.EVERYTHING
        await archive.audited(self.stream, state.epoch, Audit(whole, there, lacking, unknown))
        if lacking or unknown:
            log.error("stream and log of record differed", service=self.service, lacking=lacking, unknown=unknown)
        self._scope = Scope.NUMBERS
        return lacking

    async def _read(self, archive: Archive, state: StreamState, from_seq: int) -> int:
        await archive.begin_audit()
        there = 0
        async for kept in self.broker.own(self.service, from_seq, state.last_seq, bodies=False):
            await archive.found(kept)
            there += len(kept)
        return there

    async def _resend_lacking(self, archive: Archive, state: StreamState, from_id: int, from_seq: int) -> int:
        sent = 0
        while facts := await archive.lacking(self.stream, state.epoch, from_id, from_seq):
            places = await self.resend(facts)
            crashpoint("reconciler.mended")
            await archive.placed(self.stream, state.epoch, places)
            from_id = facts[-1].id + 1
            sent += len(facts)
        return sent

    async def _adopt(self, archive: Archive, state: StreamState) -> int:
        adopted = 0
        while unknown := dict(await archive.unknown()):
            count, places = len(unknown), unknown.values()
            async for kept in self.broker.own(self.service, min(places), max(places), bodies=True):
                # The stream may hold a fact twice; it is one fact.
                first = [one for one in kept if unknown.pop(one.event_id, None) is not None]
                await archive.adopt(self.stream, state.epoch, first)
            if len(unknown) == count:
                raise ConnectionError("the stream lost what it held a moment ago")
            adopted += count - len(unknown)
        return adopted

    async def resend(self, facts: Sequence[Fact], *, lost: bool = True) -> dict[int, int]:
        """Publish facts of the log of record once more; give the places (archive id → sequence).

        `lost`: this very stream may have had them. Raises `BrokerAway` unless the broker confirmed each one that it
        can take at all.
        """
        attempt = f"-{uuid4().hex[:8]}" if lost else ""
        places: dict[int, int] = {}
        for start in range(0, len(facts), BATCH_ROWS):
            chunk = facts[start : start + BATCH_ROWS]
            rows = [outgoing(self.service, fact, attempt) for fact in chunk]
            answers = await self.broker.publish(rows, Way.BATCH if len(rows) > 1 else Way.SINGLY)
            if answers[0].code is not None and len(rows) > 1:
                answers = await self.broker.publish(rows, Way.SINGLY)
            if UNKNOWN in answers:
                raise BrokerAway("the broker did not confirm every fact")
            places |= {fact.id: one.seq for fact, one in zip(chunk, answers, strict=True) if one.seq is not None}
        RESENT.labels(self.service).inc(len(places))
        return places
