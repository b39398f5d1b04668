"""The letters that could not be applied, as rows of one database; without it they would die with the process.

A row is written in a transaction of its own, after that of the reaction was rolled back.
"""

import json
from collections.abc import Awaitable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.broker import Incoming
from shared.contracts.base import Envelope
from shared.inbox.causes import Cause
from shared.inbox.plan import Key, State

_WRITE = text("""
insert into dead_letter as known (consumer, event_id, aggregate, aggregate_id, version, type, subject, headers, data,
                                  stream_seq, num_delivered, tries, error_class, error, state)
values (:consumer, :event_id, :aggregate, :aggregate_id, :version, :type, :subject, cast(:headers as jsonb), :data,
        :stream_seq, :num_delivered, :tries, :error_class, :error, :state)
on conflict (consumer, event_id) do update set
    state = excluded.state, tries = excluded.tries, num_delivered = excluded.num_delivered, died_at = now(),
    stream_seq = excluded.stream_seq, error_class = excluded.error_class, error = excluded.error
where known.state not in ('replayed', 'discarded')
""")
_TRIES = text("select event_id, tries from dead_letter where consumer = :consumer and event_id = any(:events)")
_FORGET = text("""
delete from dead_letter where consumer = :consumer and state = 'failing' and event_id = any(:events)
""")
_AHEAD = text("""
select distinct on (aggregate, aggregate_id) aggregate, aggregate_id, version, state from dead_letter
where consumer = :consumer and aggregate_id = any(:ids) and version is not null
  and state in ('failing', 'waiting', 'open')
order by aggregate, aggregate_id, version
""")
_FIRST_WAITING = text("""
select d.*, coalesce(s.version, 0) as seen from dead_letter d
left join seen s using (consumer, aggregate, aggregate_id)
where consumer = :consumer and aggregate = :aggregate and aggregate_id = :id and d.state = 'waiting'
order by d.version limit 1 for update of d
""")
_COUNT = text("update dead_letter set tries = tries + 1 where id = :id")
_DELETE = text("delete from dead_letter where id = :id")
_SETTLE = text("""
with applied as (
    select d.id, d.state from dead_letter d join inbox i using (consumer, event_id)
    where d.consumer = :consumer and d.state in ('failing', 'waiting', 'open')
), gone as (
    delete from dead_letter d using applied a where d.id = a.id and a.state <> 'open'
)
update dead_letter d set state = 'replayed', acted_at = now(), note = 'applied when it was delivered again'
from applied a where d.id = a.id and a.state = 'open'
""")
_GIVE_UP = text("""
update dead_letter set state = case when state = 'failing' then 'open' else state end
where consumer = :consumer and stream_seq = :stream_seq returning id
""")
_GAPS = text("""
select d.aggregate, d.aggregate_id, min(d.version) filter (where d.state = 'waiting') as version,
       coalesce(s.version, 0) as seen, min(d.version) filter (where d.state <> 'waiting') as blocked
from dead_letter d left join seen s using (consumer, aggregate, aggregate_id)
where consumer = :consumer and d.state in ('failing', 'waiting', 'open') and d.aggregate_id is not null
group by d.aggregate, d.aggregate_id, s.version having count(*) filter (where d.state = 'waiting') > 0
order by d.aggregate, d.aggregate_id
""")


class Letters:
    """The letters of one consumer. Every method works in the transaction that it is given."""

    def __init__(self, consumer: str) -> None:
        self._consumer = consumer

    async def write(
        self,
        tx: AsyncSession,
        incoming: Incoming,
        event_id: UUID,
        envelope: Envelope | None,
        state: State,
        cause: Cause,
        tries: int = 1,
    ) -> None:
        """Keep a letter with what became of it; one that an operator has dealt with stays as it is."""
        known = {
            "aggregate": envelope and f"{envelope.source[1:]}.{envelope.aggregate}",
            "aggregate_id": envelope and envelope.aggregate_id,
            "version": envelope and envelope.sequence,
            "type": envelope and envelope.type,
        }
        received = {
            "subject": _storable(incoming.subject),
            "headers": json.dumps({_storable(name): _storable(value) for name, value in incoming.headers.items()}),
            "data": incoming.data,
            "stream_seq": incoming.stream_seq,
            "num_delivered": incoming.num_delivered,
        }
        outcome = {
            "state": state.value,
            "tries": tries,
            "error_class": cause.error_class,
            "error": _storable(cause.error)[:2000],
        }
        await tx.execute(_WRITE, {"consumer": self._consumer, "event_id": event_id, **known, **received, **outcome})

    async def tries(self, tx: AsyncSession, events: Collection[UUID]) -> dict[UUID, int]:
        """Give how often the reactions to these were tried and did not succeed."""
        rows = await tx.execute(_TRIES, {"consumer": self._consumer, "events": list(events)})
        return {row.event_id: row.tries for row in rows}

    async def forget(self, tx: AsyncSession, events: Collection[UUID]) -> None:
        """Strike out earlier failures of letters that were applied after all."""
        await tx.execute(_FORGET, {"consumer": self._consumer, "events": list(events)})

    async def ahead(self, tx: AsyncSession, keys: Collection[Key]) -> dict[Key, tuple[int, State]]:
        """Give, of each aggregate that has letters here, the first one's version and state."""
        rows = await tx.execute(_AHEAD, {"consumer": self._consumer, "ids": [key[1] for key in keys]})
        return {(row.aggregate, row.aggregate_id): (row.version, State(row.state)) for row in rows}

    async def first_waiting(self, tx: AsyncSession, key: Key) -> Row[Any] | None:
        """Lock the first letter of an aggregate that waits; `seen` is the version before it that was applied."""
        names = {"consumer": self._consumer, "aggregate": key[0], "id": key[1]}
        return (await tx.execute(_FIRST_WAITING, names)).one_or_none()

    async def count(self, tx: AsyncSession, letter_id: int) -> None:
        """Write one more attempt down."""
        await tx.execute(_COUNT, {"id": letter_id})

    async def delete(self, tx: AsyncSession, letter_id: int) -> None:
        await tx.execute(_DELETE, {"id": letter_id})

    async def settle(self, tx: AsyncSession) -> None:
        """Close letters whose event was applied when the broker delivered it once more."""
        await tx.execute(_SETTLE, {"consumer": self._consumer})

    async def give_up(self, tx: AsyncSession, stream_seq: int) -> bool:
        """Leave a letter that the broker delivers no more to the operator; tell whether it is known at all."""
        known = {"consumer": self._consumer, "stream_seq": stream_seq}
        return (await tx.execute(_GIVE_UP, known)).first() is not None

    async def gaps(self, tx: AsyncSession) -> Sequence[Row[Any]]:
        """Give the aggregates that have letters which wait.

        Of each: the `version` of the first of these, the last version `seen`, and that of the first letter which is
        `blocked`, for it fails or needs an operator.
        """
        return (await tx.execute(_GAPS, {"consumer": self._consumer})).all()


def as_incoming(row: Row[Any]) -> Incoming:
    """Give a letter the form in which it was delivered; no broker waits for its end."""
    headers: Mapping[str, str] = row.headers
    sequence = row.stream_seq or 0
    return Incoming(
        row.subject, headers, row.data, sequence, row.num_delivered, ack=_nobody, retry=_nobody, park=_nobody
    )


def _nobody(*_: float) -> Awaitable[None]:
    return _nothing()


async def _nothing() -> None:
    return None


def _storable(words: str) -> str:
    """Replace what PostgreSQL cannot hold: a message that cannot even be parked would come for ever."""
    return words.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
