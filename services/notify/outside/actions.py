"""Putting copies into the feed; without the one lock here a reader's cursor could pass over a copy."""

import secrets
from dataclasses import asdict

from sqlalchemy import DateTime, Text, Uuid, bindparam, func, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from services.notify.outside.domain import copies
from services.notify.outside.models import Feed
from shared.contracts.base import Envelope, Event

_FEED_LOCK = 0x46454544
"""Any constant: advisory locks are per database. One transaction at a time draws positions and commits them."""


_APPEND = text("""
with counted as (
    insert into outside_aggregates (id, sequence)
    select :aggregate_id, 1 where not exists (select from outside_events where event_id = :event_id)
    on conflict (id) do update set sequence = outside_aggregates.sequence + 1
    returning sequence
)
insert into outside_events (event_id, channel, aggregate_id, sequence, type, area_code, at, data)
select :event_id, :channel, :aggregate_id, sequence, :type, :area_code, :at, :data from counted
""").bindparams(
    bindparam("event_id", type_=Uuid()),
    bindparam("aggregate_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("data", type_=JSONB),
    *(bindparam(name, type_=Text) for name in ("channel", "type", "area_code")),
)


async def project(tx: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Append the copies of an event to the feed; a copy that is there already stays as it is."""
    leaving = list(copies(event, envelope))
    if leaving and "feed" not in tx.info:
        await tx.execute(select(func.pg_advisory_xact_lock(_FEED_LOCK)))
        tx.info["feed"] = "locked by this transaction"
    for copy in leaving:
        await tx.execute(_APPEND, asdict(copy))


async def epoch(tx: AsyncSession) -> str:
    """Give the feed's epoch, begun by whoever asks first."""
    if (feed := await tx.get(Feed, 1)) is not None:
        return feed.epoch
    await tx.execute(insert(Feed).values(id=1, epoch=secrets.token_hex(4)).on_conflict_do_nothing())
    return (await tx.execute(select(Feed.epoch))).scalar_one()
