"""A fact is written with the change that made it true; without this file a crash could separate the two.

`emit` raises the aggregate's version first (its row lock orders writers), then draws the outbox identity, so that id
order is commit order per aggregate. No NOTIFY: it would serialise every commit of the database.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from pydantic_core import to_json
from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Event
from shared.db import Aggregate, raw_of, table_of
from shared.observe import current_trace
from shared.raw import Raw, ordered_ids
from shared.rows import copy_rows, overwrite

MAX_EVENT_BYTES = 256 * 1024
"""A row that the broker can never accept would block its aggregate for ever; it is refused when written."""


_OUTBOX_COLUMNS = (
    "event_id", "aggregate_type", "aggregate_id", "version", "subject", "type", "headers", "data", "occurred_at"
)  # fmt: skip
_STATE = (
    f"insert into outbox ({', '.join(_OUTBOX_COLUMNS)})"  # noqa: S608 — names of our own columns
    f" values ({', '.join(f'${n}' for n in range(1, len(_OUTBOX_COLUMNS) + 1))})"
)


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
    _of_its_own(type(aggregate), event)
    await raise_version(tx, aggregate)
    event_id = uuid4()
    row = outbox_row(event_id, aggregate.id, aggregate.version, event)
    row["headers"] = json.dumps(row["headers"])
    await (await raw_of(tx)).execute(_STATE, *(row[name] for name in _OUTBOX_COLUMNS))
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
        _of_its_own(type(aggregate), event)
        assert aggregate.version == 0, "only a new aggregate has a first fact"
        aggregate.version = 1
        rows.append(outbox_row(uuid4(), aggregate.id, 1, event))
    [kind] = {type(aggregate) for aggregate, _ in facts}
    connection = await tx.connection()  # not the session: these rows are none of its objects
    await connection.execute(insert(table_of(kind)), [aggregate.model_dump() for aggregate, _ in facts])
    await connection.execute(insert(_outbox(kind)), rows)


async def emit_rows(
    tx: AsyncSession,
    kind: type[Aggregate],
    fact: type[Event],
    stated: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """State one fact of each of many aggregates: what `emit` would do for each, by COPY.

    Of each the whole row and what the event says, its fields in their order. A row's `version` is the one that its
    fact takes: 1 makes a new aggregate, a later one changes that which has the version before. Fields are trusted to
    be of their types; the first of each call is proven. Raises as `emit` does, and asyncpg's `UniqueViolationError`.
    """
    if not stated:
        return
    _proven(tx, kind, fact, stated)
    new = [row for row, _ in stated if row["version"] == 1]
    changed = [row for row, _ in stated if row["version"] != 1]
    if new:
        await copy_rows(tx, kind, new)
    if changed:
        await overwrite(tx, kind, changed)
    await _state_many(await raw_of(tx), fact, stated)


async def emit_of_kept(
    tx: AsyncSession,
    kind: type[Aggregate],
    fact: type[Event],
    stated: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """State one fact of each of many aggregates that are there, whose first fact it may be: as `emit_rows` does.

    Of each row `id`, `version` and the columns that change; the same columns for all. Whoever calls has locked them.
    """
    if not stated:
        return
    _proven(tx, kind, fact, stated)
    await overwrite(tx, kind, [row for row, _ in stated])
    await _state_many(await raw_of(tx), fact, stated)


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


def _of_its_own(kind: type[Aggregate], event: Event) -> None:
    """Refuse an event that speaks of another kind of thing than the one whose version it takes."""
    noun: str = table_of(kind).info["noun"]
    assert event.aggregate() == noun, f"{event.subject} is no fact of the aggregate {noun!r}"


def _proven(
    tx: AsyncSession,
    kind: type[Aggregate],
    fact: type[Event],
    stated: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """Look at the first of many facts, of which all are made in the same way."""
    first = fact.model_validate(stated[0][1])
    only_the_owner(tx, first)
    _of_its_own(kind, first)
    assert event_bytes(first) == _json(stated[0][1]), f"{fact.subject} is not told in its order"


async def _state_many(
    raw: Raw, fact: type[Event], stated: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    records = await asyncio.to_thread(_outbox_records, fact, stated)
    await raw.copy_records_to_table("outbox", records=records, columns=_OUTBOX_COLUMNS)


def _outbox(kind: type[Aggregate]) -> Table:
    return table_of(kind).metadata.tables["outbox"]


def _json(said: Mapping[str, Any]) -> bytes:
    """Serialise as `event_bytes` does, without building the event: an eighth of its cost."""
    return to_json(_told(said))


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _without_nothing(value) for name, value in said.items() if value is not None}


def _without_nothing(value: Any) -> Any:
    """Leave out what is not said also further inside, as an event does: of a claim in a list of claims, say."""
    if type(value) is dict:
        return _told(cast("dict[str, Any]", value))
    return [_without_nothing(each) for each in cast("Sequence[Any]", value)] if type(value) in {tuple, list} else value


def _outbox_records(
    fact: type[Event], stated: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> list[tuple[object, ...]]:
    """Give what `outbox_row` gives for each; what all facts of a kind have in common is worked out once."""
    headers, noun, type_name = json.dumps(event_headers()), fact.aggregate(), fact.type_name()
    ids = ordered_ids(len(stated), stated[0][1]["at"])
    records: list[tuple[object, ...]] = []
    for event_id, (row, said) in zip(ids, stated, strict=True):
        data = _json(said)
        assert len(data) <= MAX_EVENT_BYTES, f"{type_name} is larger than an event may be"
        subject = f"cw.{said['area_code']}.{fact.subject}"
        records.append((event_id, noun, row["id"], row["version"], subject, type_name, headers, data, said["at"]))
    return records
