"""Takes facts back that only the stream still knows; without it a restored database would use their versions again.

The other services have applied them, so what happens next must have a later version; else it would be taken for one of
them and dropped. What these facts changed in this database is gone with the backup: the operator is told of each.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shared.broker import Kept
from shared.raw import RawConnection

_CARRIED = ("traceparent",)
"""Headers that were captured with the fact; all others are made of its columns."""

_ADOPT = """
insert into outbox_sent (id, event_id, aggregate_type, aggregate_id, version, subject, type, headers, data,
                         occurred_at, js_stream, js_epoch, js_seq)
values (nextval(pg_get_serial_sequence('outbox', 'id')), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_TELL = """
insert into dead_letter (consumer, event_id, aggregate, aggregate_id, version, subject, type, headers, data,
                         stream_seq, num_delivered, tries, error_class, error)
values ('restored', $1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 'Restored',
        'the database was restored to a moment before this fact; the fact stands, what it changed here is gone')
on conflict (consumer, event_id) do nothing
"""
_USED = """
select o.aggregate_type as noun, o.aggregate_id, min(o.version) as version from outbox o
where o.id = any($1::bigint[]) and exists (
    select from outbox_sent s
    where s.aggregate_type = o.aggregate_type and s.aggregate_id = o.aggregate_id and s.version = o.version
)
group by 1, 2
"""
_LOCK = 'select version from "{}" where id = $1 for update'
_COUNT = 'update "{}" set version = greatest(version, $2) where id = $1'
_NUMBER = """
with sent as (
    select max(version) as version from outbox_sent where aggregate_type = $1 and aggregate_id = $2
), later as (
    delete from outbox where aggregate_type = $1 and aggregate_id = $2 and version >= $3 returning *
), numbered as (
    insert into outbox (event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at)
    select event_id, aggregate_type, aggregate_id, sent.version + row_number() over (order by id),
           subject, type, headers, data, occurred_at
    from later, sent order by id
    returning version
)
select coalesce((select max(version) from numbered), (select version from sent))
"""


async def adopted(
    connection: RawConnection, tables: Mapping[str, str], stream: str, epoch: datetime, kept: Kept
) -> None:
    """Put one fact into the log of record, tell the operator, and count it in its aggregate.

    `tables` are those of the aggregates by noun. The stream may hold facts that were sent again behind their
    followers, so they may come in any order.
    """
    owner, noun = kept.subject.split(".")[2:4]
    key, version, kind = UUID(kept.headers["ce-subject"]), int(kept.headers["ce-sequence"]), kept.headers["ce-type"]
    headers = json.dumps({name: kept.headers[name] for name in _CARRIED if name in kept.headers})
    at = datetime.fromisoformat(kept.headers["ce-time"])
    fact = (key, version, kept.subject, kind, headers, kept.data)
    async with connection.transaction():
        await connection.execute(_ADOPT, kept.event_id, noun, *fact, at, stream, epoch, kept.seq)
        await connection.execute(_TELL, kept.event_id, f"{owner}.{noun}", *fact, kept.seq)
        await _number(connection, tables, noun, key, version)


async def numbered_anew(connection: RawConnection, tables: Mapping[str, str], unsent: Sequence[int]) -> bool:
    """Move facts behind those adopted ones that have their versions; tell whether there were any.

    So it goes with a thing that was lost with its first fact and is made anew under the same id, and with what was
    committed at the very moment of the adoption. `unsent` are outbox ids.
    """
    used = await connection.fetch(_USED, list(unsent))
    for row in used:
        async with connection.transaction():
            await _number(connection, tables, row["noun"], row["aggregate_id"], row["version"])
    return bool(used)


async def _number(connection: RawConnection, tables: Mapping[str, str], noun: str, key: UUID, used: int) -> None:
    """Let an aggregate's unsent facts from version `used` on follow its sent ones; earlier ones keep their place.

    Whoever writes to it at this moment is waited for.
    """
    table = tables.get(noun)
    if table:
        await connection.fetchval(_LOCK.format(table), key)
    newest: int = await connection.fetchval(_NUMBER, noun, key, used)
    if table:
        await connection.execute(_COUNT.format(table), key, newest)
