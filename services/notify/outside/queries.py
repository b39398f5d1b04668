"""What a reader of the feed may see, from a place in it on; without it every way out would scope its own way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.notify.outside.domain import Scope, scope_of
from services.notify.outside.models import OutsideEvent
from services.notify.people.queries import still_holds
from shared.auth import Actor


async def current_scope(tx: AsyncSession, who: Actor, now: datetime) -> Scope:
    """Give what this actor may see at this moment, whatever its token said when it was signed."""
    granted = await still_holds(tx, who.id, who.role, who.party_id, now)
    return scope_of(who.roles, who.party_id, who.area_code, granted=granted)


async def head(tx: AsyncSession) -> int:
    """Give the last position; every copy up to it is committed."""
    return (await tx.execute(select(func.max(col(OutsideEvent.position))))).scalar_one() or 0


async def seen_by(tx: AsyncSession, scope: Scope, after: int, until: int, limit: int) -> Sequence[OutsideEvent]:
    """List copies within a scope, in order, in `after < position <= until`."""
    position = col(OutsideEvent.position)
    query = select(OutsideEvent).where(position > after, position <= until, _within(scope))
    return (await tx.execute(query.order_by(position).limit(limit))).scalars().all()


async def newest(tx: AsyncSession, after: int, limit: int) -> Sequence[OutsideEvent]:
    """List copies of all channels after a position: for the tail, which sorts them by reader itself."""
    position = col(OutsideEvent.position)
    rows = await tx.execute(select(OutsideEvent).where(position > after).order_by(position).limit(limit))
    return rows.scalars().all()


def _within(scope: Scope) -> ColumnElement[bool]:
    """Say `Scope.sees` in SQL."""
    area = or_(false(), *(col(OutsideEvent.area_code).startswith(prefix, autoescape=True) for prefix in scope.areas))
    within = and_(col(OutsideEvent.channel).in_(scope.channels), area)
    return and_(within, col(OutsideEvent.type).in_(scope.types)) if scope.types else within
