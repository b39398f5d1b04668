"""Applies each event once and in order per aggregate; without it redelivery would double and reorder effects.

A pulled batch is one transaction: lock the last seen version of every aggregate in it, drop what was applied, hold
what came too early, claim the rest in the inbox, react, commit, then acknowledge. When a reaction fails, the batch is
taken apart so that one bad message does not stop the others; a message that keeps failing is parked as a dead letter.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.broker import Incoming
from shared.contracts.base import EVENTS, Envelope, Event
from shared.db import Database, first_of
from shared.observe import DEAD_LETTERS, EVENTS_DONE, logger, tracing
from shared.reactions import Permanent, Reactions

MAX_TRIES = 5
"""A message is parked after so many failed reactions. Deliveries that ended otherwise (held, or in the hands of a
process that was killed) do not count."""
MAX_HOLDS = 30
"""A message that waits for an earlier version is delivered so often before it is parked (about two minutes)."""
AWAY_S = 0.5

_EXPECTED = """
with given as (
    select * from unnest($2::text[], $3::uuid[], $4::int[], $5::uuid[]) as g(aggregate, id, version, event_id)
), first as (
    insert into seen (consumer, aggregate, aggregate_id, version)
    select $1, aggregate, id, 1 from given where version = 1 order by aggregate, id
    on conflict do nothing returning aggregate, aggregate_id as id
), later as (
    update seen set version = g.version from given g
    where seen.consumer = $1 and seen.aggregate = g.aggregate and seen.aggregate_id = g.id
      and g.version > 1 and seen.version = g.version - 1
    returning g.event_id
)
insert into inbox (consumer, event_id)
select $1, event_id from given join first using (aggregate, id)
union all select $1, event_id from later
on conflict do nothing returning event_id
"""
"""What nearly always holds (each message is the next version of its aggregate), found and claimed in one statement."""

_LOCK_SEEN = text("""
insert into seen (consumer, aggregate, aggregate_id, version)
select :consumer, k.aggregate, k.id, 0
from unnest(cast(:aggregates as text[]), cast(:ids as uuid[])) as k(aggregate, id) order by 2, 3
on conflict (consumer, aggregate, aggregate_id) do update set version = seen.version
returning aggregate, aggregate_id, version
""")
_CLAIM = text("""
insert into inbox (consumer, event_id) select :consumer, e from unnest(cast(:events as uuid[])) as e
on conflict do nothing returning event_id
""")
_MARK_SEEN = text("""
update seen set version = s.version
from unnest(cast(:aggregates as text[]), cast(:ids as uuid[]), cast(:versions as int[])) as s(aggregate, id, version)
where seen.consumer = :consumer and seen.aggregate = s.aggregate and seen.aggregate_id = s.id
""")
_BURY = text("""
insert into dead_letter (consumer, event_id, subject, headers, data, stream_seq, num_delivered, error_class, error)
values (:consumer, :event_id, :subject, cast(:headers as jsonb), :data, :stream_seq, :num_delivered,
        :error_class, :error)
on conflict (consumer, event_id) do nothing
""")

Key = tuple[str, UUID]

log = logger("inbox")


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivered message whose envelope could be read."""

    incoming: Incoming
    envelope: Envelope
    event: Event | None
    """None: a type that this build does not know; its version is counted, nothing reacts."""

    @property
    def key(self) -> Key:
        """What is versioned: the owner's noun and the id, for two owners may use one id."""
        return f"{self.envelope.source[1:]}.{self.envelope.aggregate}", self.envelope.aggregate_id


class Consumer:
    """The receiving end of one service."""

    def __init__(self, database: Database, name: str, reactions: Reactions) -> None:
        self.database = database
        self.name = name
        self.reactions = reactions
        self._failures = Counter[UUID]()

    async def take(self, batch: Sequence[Incoming]) -> None:
        """Bring every message of the batch to its end: applied, held or parked.

        While the database is away the batch waits here, for that says nothing about its messages.
        """
        letters: list[Letter] = []
        for incoming in sorted(batch, key=lambda message: message.stream_seq):
            try:
                letters.append(_open(incoming))
            except Permanent as unreadable:
                await self._bury(incoming, unreadable)
        if not letters:
            return
        try:
            await self._patiently(partial(self._apply, letters))
        except Exception as failed:  # noqa: BLE001 — whatever a reaction raises, the message must come to its end
            if len(letters) == 1:
                await self._failed(letters[0], failed)
                return
            for letter in letters:
                await self._alone(letter)

    async def _alone(self, letter: Letter) -> None:
        try:
            await self._patiently(partial(self._apply, [letter]))
        except Exception as failed:  # noqa: BLE001 — as above
            await self._failed(letter, failed)

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
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
            ready, early = await self._claim(tx, letters)
            for letter in ready:
                await self._react(tx, letter)
        for letter in letters:
            if letter in early:
                await self._hold(letter)
            else:
                self._failures.pop(letter.envelope.event_id, None)
                await letter.incoming.ack()
        EVENTS_DONE.labels(self.name, "applied").inc(len(ready))
        EVENTS_DONE.labels(self.name, "dropped").inc(len(letters) - len(ready) - len(early))

    async def _claim(self, tx: AsyncSession, letters: Sequence[Letter]) -> tuple[list[Letter], list[Letter]]:
        """Claim what may be applied now, in the order of the stream; tell apart what waits for an earlier version."""
        alone = [letter for letter, n in zip(letters, _per_key(letters), strict=True) if n == 1]
        claimed: set[UUID] = set()
        if alone:
            columns = (
                self.name,
                [letter.key[0] for letter in alone],
                [letter.key[1] for letter in alone],
                [letter.envelope.sequence for letter in alone],
                [letter.envelope.event_id for letter in alone],
            )
            rows = await first_of(tx, _EXPECTED, columns)
            claimed = {row.event_id for row in rows}
        ready = [letter for letter in letters if letter.envelope.event_id in claimed]
        others = [letter for letter in letters if letter.envelope.event_id not in claimed]
        if not others:
            return ready, []
        more, early = await self._sort(tx, others)
        return sorted([*ready, *more], key=lambda letter: letter.incoming.stream_seq), early

    async def _sort(self, tx: AsyncSession, letters: Sequence[Letter]) -> tuple[list[Letter], list[Letter]]:
        """Split into what may be applied now and what waits for an earlier version; the rest was applied before."""
        keys = sorted({letter.key for letter in letters})
        named = {"consumer": self.name, "aggregates": [key[0] for key in keys], "ids": [key[1] for key in keys]}
        seen: dict[Key, int] = {
            (row.aggregate, row.aggregate_id): row.version for row in await tx.execute(_LOCK_SEEN, named)
        }
        moved: dict[Key, int] = {}
        ready: list[Letter] = []
        early: list[Letter] = []
        for letter in sorted(letters, key=lambda each: each.envelope.sequence):
            version = letter.envelope.sequence
            if version == seen[letter.key] + 1:
                seen[letter.key] = moved[letter.key] = version
                ready.append(letter)
            elif version > seen[letter.key]:
                early.append(letter)
        if ready:
            events = [letter.envelope.event_id for letter in ready]
            claimed = set((await tx.execute(_CLAIM, {"consumer": self.name, "events": events})).scalars())
            ready = [letter for letter in ready if letter.envelope.event_id in claimed]
            await tx.execute(
                _MARK_SEEN,
                {
                    "consumer": self.name,
                    "aggregates": [key[0] for key in moved],
                    "ids": [key[1] for key in moved],
                    "versions": list(moved.values()),
                },
            )
        return ready, early

    async def _react(self, tx: AsyncSession, letter: Letter) -> None:
        if letter.event is None:
            return
        with tracing(letter.envelope.traceparent):
            for heard in self.reactions.of(letter.envelope.type):
                await heard.react(letter.event, tx)
            for react in self.reactions.every:
                await react(letter.event, letter.envelope, tx)

    async def _hold(self, letter: Letter) -> None:
        tries = letter.incoming.num_delivered
        if tries >= MAX_HOLDS:
            await self._bury(letter.incoming, Permanent("an earlier version of this aggregate never arrived"))
        else:
            await letter.incoming.retry(min(0.05 * 2 ** min(tries, 7), 5.0))

    async def _failed(self, letter: Letter, failed: Exception) -> None:
        event_id = letter.envelope.event_id
        self._failures[event_id] += 1
        tries = self._failures[event_id]
        log.warning(
            "reaction failed",
            consumer=self.name,
            type=letter.envelope.type,
            event_id=str(event_id),
            tries=tries,
            error=repr(failed),
        )
        if isinstance(failed, Permanent) or tries >= MAX_TRIES:
            del self._failures[event_id]
            await self._bury(letter.incoming, failed)
        else:
            await letter.incoming.retry(0.2 * 2**tries)

    async def _bury(self, incoming: Incoming, cause: Exception) -> None:
        """Write the dead letter first, then tell the broker: a crash between the two parks it twice, harmlessly."""
        event_id = _event_id(incoming)
        letter = {
            "consumer": self.name,
            "event_id": event_id,
            "subject": incoming.subject,
            "headers": json.dumps(dict(incoming.headers)),
            "data": incoming.data,
            "stream_seq": incoming.stream_seq,
            "num_delivered": incoming.num_delivered,
            "error_class": type(cause).__name__,
            "error": str(cause)[:2000],
        }
        await self._patiently(partial(self._write_letter, letter))
        DEAD_LETTERS.labels(self.name).inc()
        log.error("event parked", consumer=self.name, event_id=str(event_id), cause=str(cause)[:200])
        await incoming.park()

    async def _write_letter(self, letter: dict[str, Any]) -> None:
        async with self.database.transaction() as tx:
            await tx.execute(_BURY, letter)


def _per_key(letters: Sequence[Letter]) -> list[int]:
    """Give, for each letter, how many of the batch are of its aggregate."""
    counts = Counter(letter.key for letter in letters)
    return [counts[letter.key] for letter in letters]


def _event_id(incoming: Incoming) -> UUID:
    try:
        return UUID(incoming.headers.get("ce-id", ""))
    except ValueError:
        return UUID(int=incoming.stream_seq)


def _open(incoming: Incoming) -> Letter:
    """Read the envelope and the body; raises `Permanent` for what can never be read."""
    headers = incoming.headers
    try:
        envelope = Envelope(
            event_id=UUID(headers["ce-id"]),
            type=headers["ce-type"],
            source=headers["ce-source"],
            area_code=incoming.subject.split(".")[1],
            aggregate=incoming.subject.split(".")[3],
            aggregate_id=UUID(headers["ce-subject"]),
            sequence=int(headers["ce-sequence"]),
            at=datetime.fromisoformat(headers["ce-time"]),
            traceparent=headers.get("traceparent"),
            stream_seq=incoming.stream_seq,
        )
    except (KeyError, ValueError, IndexError) as broken:
        raise Permanent(f"the envelope cannot be read: {broken!r}") from broken
    _check_origin(incoming.subject, envelope)
    known = EVENTS.get(envelope.type)
    if known is None:
        return Letter(incoming, envelope, None)
    try:
        event: Event = known.model_validate_json(incoming.data)
    except ValidationError as broken:
        raise Permanent(f"the body does not fit {envelope.type}: {_without_values(broken)}") from broken
    return Letter(incoming, envelope, event)


def _check_origin(subject: str, envelope: Envelope) -> None:
    """The broker lets a service publish only under its own name, so the subject proves who spoke."""
    owner, aggregate, fact = subject.split(".")[2:5]
    if envelope.source != f"/{owner}" or not envelope.type.startswith(f"commonwatch.{owner}.{aggregate}.{fact}."):
        raise Permanent(f"subject {subject} does not match source {envelope.source} and type {envelope.type}")


def _without_values(broken: ValidationError) -> list[tuple[Any, str]]:
    return [(error["loc"], error["type"]) for error in broken.errors(include_input=False, include_url=False)]
