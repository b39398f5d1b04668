"""A fact is written with the change that made it true; without this file a crash could separate the two.

`emit` raises the aggregate's version first (its row lock orders writers), then draws the outbox identity, so that id
order is commit order per aggregate. No NOTIFY: it would serialise every commit of the database.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Event
from shared.db import Aggregate, table_of
from shared.observe import current_trace

MAX_EVENT_BYTES = 256 * 1024
"""A row that the broker can never accept would block its aggregate for ever; it is refused when written."""


def bus_subject(event: Event) -> str:
    """Give the internal subject `cw.<area>.<owner>.<aggregate>.<fact>`."""
    return f"cw.{event.area_code}.{event.subject}"


def event_headers() -> dict[str, str]:
    """Capture, at request time, what must travel with the event."""
    trace = current_trace()
    return {} if trace is None else {"traceparent": trace.traceparent}


def event_bytes(event: Event) -> bytes:
    """Serialise once: what is committed, published, archived and republished is the same."""
    data = event.model_dump_json(exclude_none=True).encode()
    assert len(data) <= MAX_EVENT_BYTES, f"{event.type_name()} is larger than an event may be"
    return data


async def emit(tx: AsyncSession, aggregate: Aggregate, event: Event) -> UUID:
    """State one fact about `aggregate` in the transaction `tx`; return the event's id.

    Raises AssertionError when the event belongs to another service (house rule 5), `Conflict` at commit when another
    writer was first.
    """
    only_the_owner(tx, event)
    _of_its_own(aggregate, event)
    await raise_version(tx, aggregate)
    event_id = uuid4()
    await tx.execute(insert(_outbox(aggregate)), outbox_row(event_id, aggregate.id, aggregate.version, event))
    return event_id


async def emit_many(tx: AsyncSession, facts: Sequence[tuple[Aggregate, Event]]) -> None:
    """State the first fact of many new aggregates of one kind: what `emit` would do for each, in two statements.

    The aggregates do not become part of the session. Raises as `emit` does.
    """
    if not facts:
        return
    rows: list[dict[str, Any]] = []
    for aggregate, event in facts:
        only_the_owner(tx, event)
        _of_its_own(aggregate, event)
        assert aggregate.version == 0, "only a new aggregate has a first fact"
        aggregate.version = 1
        rows.append(outbox_row(uuid4(), aggregate.id, 1, event))
    [kind] = {type(aggregate) for aggregate, _ in facts}
    connection = await tx.connection()  # not the session: these rows are none of its objects
    await connection.execute(insert(table_of(kind)), [aggregate.model_dump() for aggregate, _ in facts])
    await connection.execute(insert(_outbox(facts[0][0])), rows)


async def raise_version(tx: AsyncSession, aggregate: Aggregate) -> None:
    """Write the aggregate with its next version, taking its row lock."""
    aggregate.version += 1
    tx.add(aggregate)
    await tx.flush()


def outbox_row(event_id: UUID, aggregate_id: UUID, version: int, event: Event) -> dict[str, Any]:
    """Give the outbox columns of one fact; hot paths put them into their own single statement."""
    return {
        "event_id": event_id,
        "aggregate_type": event.aggregate(),
        "aggregate_id": aggregate_id,
        "version": version,
        "subject": bus_subject(event),
        "type": event.type_name(),
        "headers": event_headers(),
        "data": event_bytes(event),
        "occurred_at": event.at,
    }


def only_the_owner(tx: AsyncSession, event: Event) -> None:
    """Refuse an event of another service (house rule 5); hot paths that write their own outbox row call it."""
    service: str = tx.info["service"]
    assert event.owner() == service, f"house rule 5: only the owner emits its events; {service} tried {event.subject}"


def _of_its_own(aggregate: Aggregate, event: Event) -> None:
    """Refuse an event that speaks of another kind of thing than the one whose version it takes."""
    noun: str = table_of(type(aggregate)).info["noun"]
    assert event.aggregate() == noun, f"{event.subject} is no fact of the aggregate {noun!r}"


def _outbox(aggregate: Aggregate) -> Table:
    return table_of(type(aggregate)).metadata.tables["outbox"]
