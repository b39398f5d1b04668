"""Takes facts back that only the stream still knows; without it a restored database would use their versions again.

The other services have applied them, so what happens next must have a later version; else it would be taken for one of
them and dropped. What these facts changed in this database is gone with the backup: the operator is told of each.
"""

import json
from collections.abc import Mapping
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
_MAKE_ROOM = """
with later as (
    delete from outbox where aggregate_type = $1 and aggregate_id = $2 and version >= $3 returning *
), sent as (
    select max(version) as version from outbox_sent where aggregate_type = $1 and aggregate_id = $2
)
insert into outbox (event_id, aggregate_type, aggregate_id, version, subject, type, headers, data, occurred_at)
select event_id, aggregate_type, aggregate_id, sent.version + row_number() over (order by id),
       subject, type, headers, data, occurred_at
from later, sent order by id
"""


async def adopted(
    connection: RawConnection, tables: Mapping[str, str], stream: str, epoch: datetime, kept: Kept
) -> None:
    """Put one fact into the log of record, tell the operator, and count it in its aggregate.

    `tables` are those of the aggregates by noun. Facts that were stated since the restore move behind it. The
    stream may hold facts that were sent again behind their followers, so they may come in any order.
    """
    owner, noun = kept.subject.split(".")[2:4]
    key, version, kind = UUID(kept.headers["ce-subject"]), int(kept.headers["ce-sequence"]), kept.headers["ce-type"]
    headers = json.dumps({name: kept.headers[name] for name in _CARRIED if name in kept.headers})
    at = datetime.fromisoformat(kept.headers["ce-time"])
    fact = (key, version, kept.subject, kind, headers, kept.data)
    async with connection.transaction():
        await connection.execute(_ADOPT, kept.event_id, noun, *fact, at, stream, epoch, kept.seq)
        await connection.execute(_TELL, kept.event_id, f"{owner}.{noun}", *fact, kept.seq)
        await connection.execute(_MAKE_ROOM, noun, key, version)
        if table := tables.get(noun):
            count = f'update "{table}" set version = version + 1 where id = $1'  # noqa: S608 — a table of our own models
            await connection.execute(count, key)
