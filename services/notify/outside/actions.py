"""Putting copies into the feed; without the one lock here a reader's cursor could pass over a copy."""

import secrets

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.notify.outside.domain import Copy, copies
from services.notify.outside.models import Feed, OutsideAggregate, OutsideEvent
from shared.contracts.base import Envelope, Event

_FEED_LOCK = 0x46454544
"""Any constant: advisory locks are per database. One transaction at a time draws positions and commits them."""


async def project(tx: AsyncSession, event: Event, envelope: Envelope) -> None:
    """Append the copies of an event to the feed; a copy that is there already stays as it is."""
    if leaving := list(copies(event, envelope)):
        await tx.execute(select(func.pg_advisory_xact_lock(_FEED_LOCK)))
        for copy in leaving:
            await _append(tx, copy)


async def _append(tx: AsyncSession, copy: Copy) -> None:
    known = select(OutsideEvent.position).where(col(OutsideEvent.event_id) == copy.event_id)
    if (await tx.execute(known)).first() is not None:
        return
    counted = (
        insert(OutsideAggregate)
        .values(id=copy.aggregate_id, sequence=1)
        .on_conflict_do_update(index_elements=["id"], set_={"sequence": col(OutsideAggregate.sequence) + 1})
        .returning(col(OutsideAggregate.sequence))
    )
    sequence = (await tx.execute(counted)).scalar_one()
    await tx.execute(
        insert(OutsideEvent).values(
            event_id=copy.event_id,
            channel=copy.channel,
            aggregate_id=copy.aggregate_id,
            sequence=sequence,
            type=copy.type,
            area_code=copy.area_code,
            at=copy.at,
            data=copy.data,
        )
    )


async def epoch(tx: AsyncSession) -> str:
    """Give the feed's epoch, begun by whoever asks first."""
    if (feed := await tx.get(Feed, 1)) is not None:
        return feed.epoch
    await tx.execute(insert(Feed).values(id=1, epoch=secrets.token_hex(4)).on_conflict_do_nothing())
    return (await tx.execute(select(Feed.epoch))).scalar_one()
