"""Keeps the stream equal to the log of record; without it a broker that lost its store would have lost the facts.

The broker may lose everything, come back with an older copy, or lose single messages; a database may come back from an
older backup. Numbers alone do not tell: other services fill the same sequence numbers. So ids are compared.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from enum import IntEnum
from uuid import uuid4

from shared.broker import UNKNOWN, Broker, Kept, StreamState, Way
from shared.crashpoint import crashpoint
from shared.observe import RECONNECTS, RESENT, logger
from shared.relay.archive import Archive, Audit, Fact, Refill
from shared.relay.dress import outgoing

LOOK_S = 60.0
AGAIN_S = 1.0
BATCH_ROWS = 1_000
"""As many as the server takes in one; fewer waits for the disk a fact than the batches of every day."""

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
        self._reading: AsyncGenerator[list[Kept]] | None = None
        """What is left to read of the stream for the comparison under way."""
        self._span = (Scope.NUMBERS, 0, 0)
        """How much is compared, and the first archive id and sequence of it."""
        self._there = 0
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

    @property
    def busy(self) -> bool:
        """Whether a comparison is under way."""
        return self._reading is not None

    def due(self, now: float) -> bool:
        return now >= self._look_at or self._met != self.broker.reconnects

    async def look(self, archive: Archive, now: float) -> int:
        """Do a piece of what is due; give how many facts were sent again."""
        if not self.due(now):
            return 0
        if self._met != self.broker.reconnects:
            self._scope = max(self._scope, Scope.NEWEST)
            await self.close()
        self._met, self._look_at = self.broker.reconnects, now + AGAIN_S
        RECONNECTS.labels(self.service).set(self._met)
        state = await self.broker.state()
        if state is None:
            if not self._gone:
                log.warning("the stream is gone or silent; `commonwatch events rebuild` lays it", service=self.service)
            self.epoch, self._gone = None, True
            await self.close()
            return 0
        self._gone = False
        try:
            sent, more = await self._piece(archive, state)
        except OSError as away:
            log.warning("the comparison will begin again", service=self.service, error=repr(away))
            await self.close()
            return 0
        self._look_at = now if more else now + LOOK_S
        return sent

    async def close(self) -> None:
        """Give up the comparison under way; the next look begins it anew."""
        if self._reading is not None:
            self._scope = max(self._scope, self._span[0])
            await self._end()

    async def _end(self) -> None:
        if self._reading is not None:
            reading, self._reading = self._reading, None
            await reading.aclose()

    async def _piece(self, archive: Archive, state: StreamState) -> tuple[int, bool]:
        """Compare or refill a little; give how many facts were sent again and whether more is due at once."""
        if state.epoch != self.epoch:
            await self.close()
            await self._meet(archive, state)
        if self._compared and self._refill.done < self._refill.until:
            return await self._refill_some(archive, state), True
        sent = await self._compare(archive, state)
        if self._reading is not None:
            return sent, True
        self._compared = True
        if self._refill.done < self._refill.until:
            self._scope = max(self._scope, self._span[0])  # once more when the stream is full
            return sent, True
        return sent, False

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
        """Do a piece of the comparison; it is over when nothing is being read any more."""
        if self._reading is None and not await self._begin(archive, state):
            self._scope, self._span = Scope.NUMBERS, (Scope.NUMBERS, 0, 0)
            return 0
        if not await self._read_on(archive):
            return 0
        scope, from_id, from_seq = self._span
        if scope is Scope.NEWEST and (
            await archive.lacking(self.stream, state.epoch, from_id, from_seq) or await archive.unknown()
        ):
            # Where the newest differ, older ones may too; nothing is mended before all is known.
            await self._read(archive, state, Scope.EVERYTHING, 0, 0)
            return 0
        lacking = await self._resend_lacking(archive, state, from_id, from_seq)
        unknown = await self._adopt(archive, state)
        await archive.audited(self.stream, state.epoch, Audit(scope is Scope.EVERYTHING, self._there, lacking, unknown))
        if lacking or unknown:
            log.error("stream and log of record differed", service=self.service, lacking=lacking, unknown=unknown)
        await self._end()
        return lacking

    async def _begin(self, archive: Archive, state: StreamState) -> bool:
        """Decide what is compared and begin to read it; False: nothing."""
        tail = await archive.tail(self.stream, state.epoch)
        behind = tail is not None and not state.first_seq <= tail.last_seq <= state.last_seq
        scope = max(self._scope, Scope.NEWEST) if behind else self._scope
        if scope is Scope.NUMBERS or (scope is Scope.NEWEST and tail is None and self._compared):
            return False
        newest = tail if scope is Scope.NEWEST else None
        await self._read(archive, state, scope, *((newest.first_id, newest.first_seq) if newest else (0, 0)))
        return True

    async def _read(self, archive: Archive, state: StreamState, scope: Scope, from_id: int, from_seq: int) -> None:
        await self._end()
        await archive.begin_audit()
        self._scope = Scope.NUMBERS  # what is asked from now on is asked for afterwards
        self._span, self._there = (scope, from_id, from_seq), 0
        self._reading = self.broker.own(self.service, from_seq, state.last_seq, bodies=False)

    async def _read_on(self, archive: Archive) -> bool:
        """Read a piece, or all of it while nothing may be published anyway; tell whether the end was reached."""
        assert self._reading is not None
        async for kept in self._reading:
            await archive.found(kept)
            self._there += len(kept)
            if self._compared:
                return False
        return True

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
