"""Applies each event once and in order per aggregate; without it redelivery would double and reorder effects.

A pulled batch is one transaction: claim in the inbox what is next, react, commit, then acknowledge. When a reaction
fails, the batch is taken apart, a transaction for each message: that isolates as savepoints would, and costs the path
that never fails nothing. What cannot be applied becomes a letter (`letters`): it fails and is tried again, waits for
an earlier version, or is open, which means that an operator must look. What is decided when stands in `plan`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared.broker import Incoming
from shared.contracts.base import Envelope, Shape
from shared.crashpoint import crashpoint
from shared.db import Database
from shared.inbox.causes import Cause, cause_of
from shared.inbox.claims import claim, seen_of
from shared.inbox.letters import Letters, as_incoming
from shared.inbox.opening import Letter, Unfit, id_of_unreadable, opened
from shared.inbox.plan import (
    MAX_TRIES,
    Again,
    Key,
    Sorted,
    State,
    after_failure,
    before_trying,
    suspect,
    when_early,
)
from shared.observe import DEAD_LETTERS, EVENTS_DONE, logger, tracing
from shared.reactions import Permanent, Reactions
from shared.relay.recall import Recall

__all__ = ["MAX_TRIES", "Consumer"]

AWAY_S = 0.5
UNFINISHED = Cause("Unfinished", "the process ended while this was applied, or it is being applied now")

T = TypeVar("T")

log = logger("inbox")


class GivenUp(Shape):
    """What the broker's advisory says of a message that it delivers no more."""

    stream_seq: int
    deliveries: int


async def _told_nobody(_subject: str, _body: bytes) -> None:
    """Say nothing: there is no broker to ask for what is missing."""


class Consumer:
    """The receiving end of one service. `tell` reaches the owners of events."""

    def __init__(self, database: Database, name: str, reactions: Reactions) -> None:
        self.database = database
        self.name = name
        self.reactions = reactions
        self.letters = Letters(name)
        self.tell: Callable[[str, bytes], Awaitable[None]] = _told_nobody
        self._waited_for: set[Key] = set()
        """Aggregates with letters that wait, as far as this process knows; `heal` knows them all."""

    async def take(self, batch: Sequence[Incoming]) -> None:
        """Bring every message of the batch to its end: applied, held or kept as a letter.

        While the database is away the batch waits here, for that says nothing about its messages.
        """
        calm: list[Letter] = []
        suspects: list[Letter] = []
        for incoming in sorted(batch, key=lambda message: message.stream_seq):
            try:
                letter = opened(incoming)
            except Unfit as unfit:
                await self._refuse(incoming, unfit.envelope.event_id, unfit.envelope, unfit)
            except Permanent as unreadable:
                await self._refuse(incoming, id_of_unreadable(incoming), None, unreadable)
            else:
                (suspects if suspect(incoming.num_delivered) else calm).append(letter)
        if calm:
            await self._together(calm)
        if suspects:
            await self._one_by_one(suspects)

    async def heal(self) -> int:
        """Let follow what can, and ask again for what is missing; give how many letters followed."""
        async with self.database.transaction() as tx:
            await self.letters.settle(tx)
            gaps = await self.letters.gaps(tx)
        self._waited_for = {(gap.aggregate, gap.aggregate_id) for gap in gaps}
        moved = await self.follow(list(self._waited_for))
        for gap in gaps:
            nobody_before = gap.blocked is None or gap.blocked > gap.version
            if gap.version > gap.seen + 1 and nobody_before:
                await self._recall((gap.aggregate, gap.aggregate_id), gap.seen + 1, gap.version - 1)
        return moved

    async def follow(self, keys: Iterable[Key]) -> int:
        """Apply letters that waited and are next now, each in a transaction of its own; give how many."""
        moved = 0
        for key in keys:
            while key in self._waited_for and await self._next(key):
                moved += 1
        return moved

    async def given_up(self, advisory: Incoming) -> None:
        """Leave to the operator what the broker delivered so often that it stopped: it says so, and nothing else."""
        told = GivenUp.model_validate_json(advisory.data)
        again = f"`commonwatch events replay {self.name} --from {told.stream_seq}` delivers it again"
        cause = Cause("GivenUp", f"delivered {told.deliveries} times and never acknowledged; {again}")

        async def written() -> None:
            async with self.database.transaction() as tx:
                if not await self.letters.give_up(tx, told.stream_seq):
                    nothing = replace(advisory, headers={}, data=b"", stream_seq=told.stream_seq)
                    await self.letters.write(tx, nothing, id_of_unreadable(advisory), None, State.OPEN, cause)

        await self._patiently(written)
        DEAD_LETTERS.labels(self.name).inc()
        log.error("the broker gave an event up", consumer=self.name, stream_seq=told.stream_seq)
        await advisory.ack()

    async def apply(self, tx: AsyncSession, letters: Sequence[Letter]) -> tuple[Sorted[Letter], dict[Key, int]]:
        """Claim these and react to those that are next, in the caller's transaction; early ones are left alone."""
        found, seen = await claim(tx, self.name, letters)
        crashpoint("inbox.claimed")
        for letter in found.ready:
            await self._react(tx, letter)
        return found, dict(seen)

    def waits(self, key: Key) -> None:
        """Take note that letters of this aggregate wait."""
        self._waited_for.add(key)

    async def _together(self, letters: Sequence[Letter]) -> None:
        try:
            await self._patiently(partial(self._apply, letters))
        except Exception as failed:  # noqa: BLE001 — whatever a reaction raises, the message must come to its end
            if len(letters) == 1:
                await self._failed(letters[0], failed, counted=False)
                return
            for letter in letters:
                await self._alone(letter, counted=False)

    async def _one_by_one(self, letters: Sequence[Letter]) -> None:
        """Try what comes again and again, the least tried first: one of them may be what ends this process."""

        async def tried() -> dict[UUID, int]:
            async with self.database.reading() as tx:
                return await self.letters.tries(tx, [letter.event_id for letter in letters])

        tries = await self._patiently(tried)
        for letter in sorted(letters, key=lambda each: tries.get(each.event_id, 0)):
            counted = await self._patiently(partial(self._begin, letter))
            if counted is not None:
                await self._alone(letter, counted=counted)

    async def _begin(self, letter: Letter) -> bool | None:
        """Write an attempt down before it is made; None: it was made too often, and is the operator's now."""
        async with self.database.transaction() as tx:
            if letter.version != await seen_of(tx, self.name, letter.key) + 1:
                return False
            tries = (await self.letters.tries(tx, [letter.event_id])).get(letter.event_id, 0) + 1
            end = before_trying(tries)
            await self._write(tx, letter, end or State.FAILING, UNFINISHED, min(tries, MAX_TRIES))
        crashpoint("inbox.attempt-written")
        if end is None:
            return True
        await self._parked(letter.incoming, letter.event_id, UNFINISHED)
        return None

    async def _alone(self, letter: Letter, *, counted: bool) -> None:
        try:
            await self._patiently(partial(self._apply, [letter]))
        except Exception as failed:  # noqa: BLE001 — as above
            await self._failed(letter, failed, counted=counted)

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work, again and again while the database is away; raise what it raises though the database answers."""
        while True:
            try:
                return await work()
            except Exception:
                if await self.database.ready():
                    raise
            await asyncio.sleep(AWAY_S)

    async def _apply(self, letters: Sequence[Letter]) -> None:
        async with self.database.transaction() as tx:
            found, seen = await self.apply(tx, letters)
            again = [letter.event_id for letter in letters if letter.incoming.num_delivered > 1]
            if again:
                await self.letters.forget(tx, again)
            ahead = await self.letters.ahead(tx, {letter.key for letter in found.early}) if found.early else {}
            crashpoint("inbox.reacted")
        crashpoint("inbox.committed")
        for letter in (*found.ready, *found.known):
            await letter.incoming.ack()
        EVENTS_DONE.labels(self.name, "applied").inc(len(found.ready))
        EVENTS_DONE.labels(self.name, "dropped").inc(len(found.known))
        first = {letter.key: letter for letter in reversed(found.early)}
        for letter in found.early:
            version, state = ahead.get(letter.key, (letter.version, None))
            decision = when_early(letter.incoming.num_delivered, state if version < letter.version else None)
            await self._early(letter, seen[letter.key], decision, asks=letter is first[letter.key])
        if self._waited_for:
            await self.follow(dict.fromkeys(letter.key for letter in letters))

    async def _react(self, tx: AsyncSession, letter: Letter) -> None:
        if letter.event is None:
            return
        with tracing(letter.envelope.traceparent):
            for heard in self.reactions.of(letter.envelope.type):
                await heard.react(letter.event, tx)
            for react in self.reactions.every:
                await react(letter.event, letter.envelope, tx)

    async def _early(self, letter: Letter, seen: int, decision: Again | State, *, asks: bool) -> None:
        if isinstance(decision, Again):
            if decision.recall and asks:
                await self._recall(letter.key, seen + 1, letter.version - 1)
            await letter.incoming.retry(decision.after_s)
            return
        cause = Cause("Early", f"version {letter.version} came, version {seen + 1} is missing or lies here itself")
        await self._patiently(partial(self._kept, letter, decision, cause))
        self.waits(letter.key)
        EVENTS_DONE.labels(self.name, "waiting").inc()
        log.warning("event waits for an earlier one", consumer=self.name, event_id=str(letter.event_id))
        await letter.incoming.park()

    async def _recall(self, key: Key, first: int, last: int) -> None:
        """Ask the owner to send these versions again; that the request may be lost costs patience only."""
        owner, _, noun = key[0].partition(".")
        await self.tell(f"recall.{owner}", Recall(noun, key[1], first, last).as_bytes())

    async def _next(self, key: Key) -> bool:
        """Apply the first letter of this aggregate that waits, if it is next."""
        found = await self._patiently(partial(self._begin_waiting, key))
        if found is None:
            return False
        letter, letter_id, tries = found
        try:
            async with self.database.transaction() as tx:
                await self.apply(tx, [letter])
                await self.letters.delete(tx, letter_id)
        except Exception as failed:
            if not await self.database.ready():
                raise
            cause = cause_of(failed)
            outcome = after_failure(tries, permanent=cause.permanent)
            state = State.WAITING if isinstance(outcome, Again) else outcome
            await self._patiently(partial(self._kept, letter, state, cause, tries + 1))
            self._tell_failure(letter, tries, cause)
            return False
        return True

    async def _begin_waiting(self, key: Key) -> tuple[Letter, int, int] | None:
        """Write the attempt down before it is made, for it may end this process; give letter, row and which attempt."""
        async with self.database.transaction() as tx:
            row = await self.letters.first_waiting(tx, key)
            if row is None:
                self._waited_for.discard(key)
            if row is None or row.version > row.seen + 1:
                return None
            letter = opened(as_incoming(row))
            if (end := before_trying(row.tries)) is not None:
                await self._write(tx, letter, end, UNFINISHED, MAX_TRIES)
            else:
                await self.letters.count(tx, row.id)
        if end is None:
            return letter, row.id, row.tries
        await self._parked(letter.incoming, letter.event_id, UNFINISHED)
        return None

    async def _failed(self, letter: Letter, failed: Exception, *, counted: bool) -> None:
        cause = cause_of(failed)

        async def written() -> tuple[int, Again | State]:
            async with self.database.transaction() as tx:
                before = (await self.letters.tries(tx, [letter.event_id])).get(letter.event_id, 0)
                tries = max(before, 1) if counted else before + 1
                outcome = after_failure(tries, permanent=cause.permanent)
                await self._write(tx, letter, State.FAILING if isinstance(outcome, Again) else outcome, cause, tries)
            return tries, outcome

        tries, outcome = await self._patiently(written)
        self._tell_failure(letter, tries, cause)
        if isinstance(outcome, Again):
            await letter.incoming.retry(outcome.after_s)
        else:
            await self._parked(letter.incoming, letter.event_id, cause)

    async def _refuse(self, incoming: Incoming, event_id: UUID, envelope: Envelope | None, cause: Permanent) -> None:
        """Keep what can never be read; a crash between the row and the broker's answer keeps it once more, as one."""
        told = cause_of(cause)

        async def written() -> None:
            async with self.database.transaction() as tx:
                await self.letters.write(tx, incoming, event_id, envelope, State.OPEN, told)

        await self._patiently(written)
        await self._parked(incoming, event_id, told)

    async def _parked(self, incoming: Incoming, event_id: UUID, cause: Cause) -> None:
        DEAD_LETTERS.labels(self.name).inc()
        log.error("event parked", consumer=self.name, event_id=str(event_id), cause=cause.error[:200])
        crashpoint("inbox.buried")
        await incoming.park()

    async def _kept(self, letter: Letter, state: State, cause: Cause, tries: int = 1) -> None:
        async with self.database.transaction() as tx:
            await self._write(tx, letter, state, cause, tries)

    async def _write(self, tx: AsyncSession, letter: Letter, state: State, cause: Cause, tries: int) -> None:
        await self.letters.write(tx, letter.incoming, letter.event_id, letter.envelope, state, cause, tries)

    def _tell_failure(self, letter: Letter, tries: int, cause: Cause) -> None:
        log.warning(
            "reaction failed",
            consumer=self.name,
            type=letter.envelope.type,
            event_id=str(letter.event_id),
            tries=tries,
            error_class=cause.error_class,
            error=cause.error,
        )
