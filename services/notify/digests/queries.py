"""Who has reminders waiting whose hour has come, and whether somebody was told today already."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.notify.digests.domain import TEMPLATE
from services.notify.digests.models import DigestItem
from services.notify.messages.models import Notification


def _near(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is to be told now: what has run out meanwhile was told as overdue."""
    waits = (col(DigestItem.notification_id).is_(None), col(DigestItem.left_out_at).is_(None))
    return (*waits, col(DigestItem.send_at) <= now, col(DigestItem.due_at) > now)


async def people_due(tx: AsyncSession, now: datetime, at_most: int) -> list[UUID]:
    """List people whose digest is due."""
    query = select(DigestItem.person_id).where(*_near(now)).distinct().limit(at_most)
    return list((await tx.execute(query)).scalars())


async def items_due(tx: AsyncSession, person_id: UUID, now: datetime) -> list[DigestItem]:
    """Take what a person is to be told; what another replica has taken is not given."""
    query = (
        select(DigestItem)
        .where(col(DigestItem.person_id) == person_id, *_near(now))
        .order_by(col(DigestItem.id))
        .with_for_update(skip_locked=True)
    )
    return list((await tx.execute(query)).scalars())


async def told_since(tx: AsyncSession, person_id: UUID, since: datetime) -> bool:
    """Tell whether a person got a digest since a moment."""
    query = select(Notification.id).where(
        col(Notification.person_id) == person_id,
        col(Notification.template) == TEMPLATE,
        col(Notification.created_at) >= since,
    )
    return (await tx.execute(query.limit(1))).first() is not None
