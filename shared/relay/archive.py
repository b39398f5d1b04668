"""One database's outbox and log of record; without it nothing that the broker loses could be sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shared.broker import Kept
from shared.raw import RawConnection, Record
from shared.relay import statements as sql
from shared.relay.adoption import adopted, numbered_anew

INBOX_DAYS = 30
"""Longer than any stream keeps a message. An older copy would still be known by its version."""
AHEAD_DAYS = 2
PRUNE_ROWS = 5_000
KEPT_DAYS = 14
"""So long the stream keeps a message, and so old a fact may be that is published into a new one: its copies are known
to every inbox."""
SURE_DAYS = KEPT_DAYS - 1
"""So young a fact must be in the stream: what lies before its first message was lost too, not only outlived."""
CHUNK_ROWS = 2_000
TAIL_ROWS = 1_000


@dataclass(slots=True)
class Fact:
    """A row of the outbox or of the archive: an event with all that it was published with."""

    id: int
    event_id: UUID
    aggregate_type: str
    aggregate_id: UUID
    version: int
    subject: str
    type: str
    headers: str
    data: bytes
    occurred_at: datetime

    @property
    def size_bytes(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Refill:
    """How far a new stream was filled with the facts of the one that was lost: archive ids."""

    done: int
    until: int


@dataclass(frozen=True, slots=True)
class Tail:
    """The newest facts of a stream."""

    first_id: int
    first_seq: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What a comparison of stream and log of record found."""

    whole: bool
    """Whether everything was compared, or only the newest facts."""
    there: int
    """Messages of this service that were read."""
    lacking: int
    """Facts that the stream had lost; they were sent again."""
    unknown: int
    """Messages that this database did not know, for it was restored to an earlier point; it adopted them."""


class Archive:
    """The sending tables of one database, through the very connection that holds the relay's lock."""

    def __init__(self, connection: RawConnection, tables: Mapping[str, str]) -> None:
        self._connection = connection
        self._tables = tables
        """Of the aggregates, by their noun."""
        self._adopted: bool | None = None
        self._audit_began_at: datetime | None = None
        """What was sent later is not looked for: it may lie behind what is read."""

    async def unsent(self, held: Sequence[UUID], stored: Sequence[int], limit: int) -> tuple[list[Fact], float]:
        """Give the oldest unsent facts and the age of the very first in seconds.

        Left out are aggregates that are held, or blocked by a fact that the broker will never take, and rows that
        the broker has but the archive has not yet.
        """
        rows = await self._connection.fetch(sql.SCAN, held, stored, limit)
        if not rows:
            return [], 0.0
        facts = [_fact(row) for row in rows]
        if await self._restored() and await numbered_anew(self._connection, self._tables, [fact.id for fact in facts]):
            facts = []  # looked at again next time, under their new versions
        return facts, rows[0]["age_s"]

    async def _restored(self) -> bool:
        """Tell whether this database ever adopted a fact: only then may versions be used twice."""
        if self._adopted is None:
            self._adopted = await self._connection.fetchval(sql.RESTORED)
        return bool(self._adopted)

    async def move(self, stored: Mapping[int, int], stream: str, epoch: datetime) -> None:
        """Move facts that the broker has stored (outbox id → its sequence) to the log of record, in one statement."""
        await self._connection.execute(sql.MOVE, list(stored), list(stored.values()), stream, epoch)

    async def bury(self, row_id: int, tries: int, error: str) -> None:
        """Tell the operator of a fact that the broker will never take; its aggregate's facts wait behind it."""
        await self._connection.execute(sql.BURY, row_id, tries, error)

    async def of_aggregate(self, aggregate_id: UUID, noun: str, first: int, last: int) -> list[Fact]:
        """Give facts of one aggregate again, from version `first` to `last`, the oldest `CHUNK_ROWS` of them."""
        rows = await self._connection.fetch(sql.OF_AGGREGATE, aggregate_id, noun, first, last, CHUNK_ROWS)
        return [_fact(row) for row in rows]

    async def meet(self, stream: str, epoch: datetime) -> Refill:
        """Remember that this stream was met; give what must be published into it that lies in older ones only."""
        await self._connection.execute(sql.MEET, stream, epoch, KEPT_DAYS)
        row = await self._connection.fetchrow(sql.REFILL, stream, epoch)
        assert row is not None, "the row was made by the statement before"
        return Refill(row["refilled_to"], row["refill_until"])

    async def of_older_epochs(self, stream: str, epoch: datetime, after: int, until: int) -> list[Fact]:
        """Give the next facts that lie in older streams only, in the order of their ids."""
        rows = await self._connection.fetch(sql.OLDER, stream, epoch, after, until, KEPT_DAYS, CHUNK_ROWS)
        return [_fact(row) for row in rows]

    async def refilled(self, stream: str, epoch: datetime, to: int) -> None:
        """Remember how far the stream was filled again; a crash before this line fills a piece twice, harmlessly."""
        await self._connection.execute(sql.REFILLED, stream, epoch, to)

    async def tail(self, stream: str, epoch: datetime) -> Tail | None:
        """Tell where the newest facts of this stream begin and end; None when none was sent to it."""
        row = await self._connection.fetchrow(sql.TAIL, stream, epoch, TAIL_ROWS)
        return (
            None if row is None or row["first_id"] is None else Tail(row["first_id"], row["first_seq"], row["last_seq"])
        )

    async def begin_audit(self) -> None:
        """Forget what an earlier audit found in the stream."""
        await self._connection.execute(sql.THERE)
        self._audit_began_at = await self._connection.fetchval("select clock_timestamp()")

    async def found(self, kept: Sequence[Kept]) -> None:
        """Note messages that the stream holds."""
        await self._connection.execute(sql.FOUND, [one.event_id for one in kept], [one.seq for one in kept])

    async def lacking(self, stream: str, epoch: datetime, from_id: int, from_seq: int) -> list[Fact]:
        """Give the next facts that were stored in this stream and are not there any more."""
        rows = await self._connection.fetch(
            sql.LACKING, stream, epoch, from_id, from_seq, CHUNK_ROWS, SURE_DAYS, self._audit_began_at
        )
        return [_fact(row) for row in rows]

    async def unknown(self) -> list[tuple[UUID, int]]:
        """Give messages (id, sequence) that the stream holds and this database does not know."""
        return [(row["event_id"], row["seq"]) for row in await self._connection.fetch(sql.UNKNOWN, CHUNK_ROWS)]

    async def placed(self, stream: str, epoch: datetime, places: Mapping[int, int]) -> None:
        """Correct where facts lie that had to be stored in this stream once more."""
        await self._connection.execute(sql.PLACED, stream, epoch, list(places), list(places.values()))

    async def audited(self, stream: str, epoch: datetime, audit: Audit) -> None:
        """Remember what a comparison found, for the operator."""
        found = (audit.whole, audit.there, audit.lacking, audit.unknown)
        await self._connection.execute(sql.AUDITED, stream, epoch, *found)

    async def adopt(self, stream: str, epoch: datetime, kept: Sequence[Kept]) -> None:
        """Take facts into the log of record that only the stream knows: see `adoption`."""
        for one in kept:
            await adopted(self._connection, self._tables, stream, epoch, one)
            self._adopted = True

    async def keep_house(self, archive_days: int) -> None:
        """Make the coming days, drop those past `archive_days` (0: none), forget old inbox rows."""
        today: date = await self._connection.fetchval("select (now() at time zone 'utc')::date")
        known = {row["name"] for row in await self._connection.fetch(sql.DAYS)}
        for ahead in range(AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            if (name := _table_of(day)) not in known:
                await self._connection.execute(
                    f"create table if not exists {name} partition of outbox_sent "
                    f"for values from ('{day} 00:00+00') to ('{day + timedelta(days=1)} 00:00+00')"
                )
        if archive_days:
            oldest = _table_of(today - timedelta(days=archive_days))
            for name in sorted(name for name in known if name < oldest):
                await self._connection.execute(f"drop table if exists {name}")
        await self._connection.execute(sql.PRUNE, INBOX_DAYS, PRUNE_ROWS)


def _fact(row: Record) -> Fact:
    return Fact(*(row[name] for name in Fact.__slots__))


def _table_of(day: date) -> str:
    return f"outbox_sent_{day:%Y%m%d}"
