"""Putting copies into the feed; without the one lock here a reader's cursor could pass over a copy."""

import json
import secrets

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from services.notify.outside.domain import copies
from services.notify.outside.models import Feed
from shared.contracts.base import Envelope, Event
from shared.db import raw_of

_FEED_LOCK = 0x46454544
"""Any constant: advisory locks are per database. One transaction at a time draws positions and commits them."""


_LOCK = "select pg_advisory_xact_lock($1)"
_APPEND = """
with counted as (
    insert into outside_aggregates (id, sequence)
    select $1, 1 where not exists (select from outside_events where event_id = $2)
    on conflict (id) do update set sequence = outside_aggregates.sequence + 1
    returning sequence
)
insert into outside_events (event_id, channel, aggregate_id, sequence, type, area_code, at, data)
select $2, $3, $1, sequence, $4, $5, $6, $7 from counted
"""


async def project(tx: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Append the copies of an event to the feed; a copy that is there already stays as it is."""
    leaving = list(copies(event, envelope))
    if not leaving:
        return
    raw = await raw_of(tx)
    if "feed" not in tx.info:
        await raw.execute(_LOCK, _FEED_LOCK)
        tx.info["feed"] = "locked by this transaction"
    for copy in leaving:
        row = (copy.channel, copy.type, copy.area_code, copy.at, json.dumps(copy.data))
        await raw.execute(_APPEND, copy.aggregate_id, copy.event_id, *row)


async def epoch(tx: AsyncSession) -> str:
    """Give the feed's epoch, begun by whoever asks first."""
    if (feed := await tx.get(Feed, 1)) is not None:
        return feed.epoch
    await tx.execute(insert(Feed).values(id=1, epoch=secrets.token_hex(4)).on_conflict_do_nothing())
    return (await tx.execute(select(Feed.epoch))).scalar_one()
