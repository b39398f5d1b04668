"""What answers the operator's questions; without it an operator would have to know the tables."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.errors import no_such
from shared.inbox.plan import State

_LETTERS = """
select d.*, s.version as applied_version from dead_letter d
left join seen s on (s.consumer, s.aggregate, s.aggregate_id) = (d.consumer, d.aggregate, d.aggregate_id)
"""
_LIST = text(f"""{_LETTERS}
where (cast(:state as text) is null or d.state = :state)
  and (cast(:consumer as text) is null or d.consumer = :consumer)
  and (cast(:aggregate_id as uuid) is null or d.aggregate_id = :aggregate_id)
  and (cast(:after as bigint) is null or d.id < :after)
order by d.id desc limit :limit
""")
_SHOW = text(f"{_LETTERS} where d.id = :id")
_COUNTS = text("select state, count(*) as letters from dead_letter group by state")
_UNSENT = text("""
select count(*) as unsent, coalesce(extract(epoch from now() - min(occurred_at)), 0)::float8 as oldest_s from outbox
""")
_ARCHIVED = text("select count(*) from outbox_sent")
_BROKEN = text("""
select count(*) from (
    select from outbox_sent group by aggregate_type, aggregate_id
    having min(version) <> 1 or max(version) <> count(distinct version)
) as histories
""")
_STREAMS = text("select *, refilled_to >= refill_until as filled from stream_epoch order by met_at desc, js_epoch desc")


Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letters an operator wants to see."""

    state: State | None = None
    consumer: str | None = None
    aggregate_id: UUID | None = None


async def letters(tx: AsyncSession, asked: Asked, after: int | None, limit: int) -> tuple[list[Found], int | None]:
    """Give letters, the newest first, and the mark of the next page."""
    names = {"state": asked.state, "consumer": asked.consumer, "aggregate_id": asked.aggregate_id}
    rows = await tx.execute(_LIST, {**names, "after": after, "limit": limit + 1})
    found = [dict(row) for row in rows.mappings()]
    return found[:limit], found[limit - 1]["id"] if len(found) > limit else None


async def letter(tx: AsyncSession, letter_id: int) -> Found:
    """Give one letter; raises `NotFound`."""
    found = (await tx.execute(_SHOW, {"id": letter_id})).mappings().one_or_none()
    if found is None:
        raise no_such("letter", "信件")
    return dict(found)


async def standing(tx: AsyncSession, *, thorough: bool) -> Found:
    """Tell how the events of this database stand; `thorough` reads the whole log of record."""
    unsent = (await tx.execute(_UNSENT)).one()
    counts = {State(row.state): row.letters for row in await tx.execute(_COUNTS)}
    return {
        "streams": [dict(row) for row in (await tx.execute(_STREAMS)).mappings()],
        "unsent": unsent.unsent,
        "unsent_oldest_s": unsent.oldest_s,
        "archived": (await tx.execute(_ARCHIVED)).scalar_one(),
        "broken_versions": (await tx.execute(_BROKEN)).scalar_one() if thorough else None,
        "letters": {state: counts.get(state, 0) for state in State},
    }
