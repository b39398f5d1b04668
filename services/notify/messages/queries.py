"""What a person's inbox shows, and which mails are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.notify.messages.models import Notification

"""Where a page ended: (was read, created at, id)."""


async def inbox_of(
    tx: AsyncSession, person_id: UUID, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Notification]:
    """List a person's messages, unread ones first, the newest first among each."""
    is_read = col(Notification.read_at).is_not(None)
    newest = tuple_(col(Notification.created_at), col(Notification.id))
    query = select(Notification).where(col(Notification.person_id) == person_id)
    if after is not None:
        was_read, created_at, last_id = after
        older = newest < tuple_(created_at, last_id)
        query = query.where(and_(is_read, older) if was_read else or_(is_read, older))
    order = (is_read, col(Notification.created_at).desc(), col(Notification.id).desc())
    rows = await tx.execute(query.order_by(*order).limit(limit))
    return rows.scalars().all()


async def unread_count(tx: AsyncSession, person_id: UUID) -> int:
    unread = select(func.count()).where(col(Notification.person_id) == person_id, col(Notification.read_at).is_(None))
    return (await tx.execute(unread)).scalar_one()


@dataclass(frozen=True, slots=True)
class DueMail:
    """One claimed e-mail; `address` is None when the person has none any more."""

    delivery_id: UUID
    attempts: int
    address: str | None
    language: str
    subject: str
    body: str


_DUE = "state = 'pending' and next_at <= :now and (lease_until is null or lease_until < :now)"
_ANY_DUE = text(f"select exists (select 1 from deliveries where {_DUE})")  # noqa: S608 — a constant of this file
_CLAIM = text(f"""
with due as (
  select id from deliveries where {_DUE}
  order by next_at limit :limit for update skip locked
), claimed as (
  update deliveries d set attempts = attempts + 1, lease_token = :token, lease_until = :until
  from due where d.id = due.id returning d.id, d.attempts, d.notification_id
)
select c.id, c.attempts, p.email, n.language, n.subject, n.body
from claimed c join notifications n on n.id = c.notification_id left join people p on p.id = n.person_id
order by n.created_at, c.id
""")  # noqa: S608 — a constant of this file


async def any_due(tx: AsyncSession, now: datetime) -> bool:
    return bool((await tx.execute(_ANY_DUE, {"now": now})).scalar_one())


async def claim_due(tx: AsyncSession, token: UUID, until: datetime, limit: int, now: datetime) -> list[DueMail]:
    """Lease the mails that are due to this worker alone and count the attempt."""
    rows = await tx.execute(_CLAIM, {"now": now, "token": token, "until": until, "limit": limit})
    return [DueMail(*row) for row in rows]
