"""Who else has something open, as far as this person may know it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.holds.models import Hold
from services.inspection.holds.shapes import HeldBy
from shared.auth import Actor
from shared.contracts.values import Role


def held_by(who: Actor, object_id: Any, now: datetime) -> Any:
    """Give the SQL expression for whoever has had the object open the longest: `HeldBy` as a document, or null.

    Told to colleagues of the same organisation, and to the committee, which asks everybody to be quick.
    """
    shown = func.jsonb_build_object("name", Hold.name, "since", Hold.since, type_=JSONB)
    query = select(shown).where(col(Hold.object_id) == object_id, _told_to(who, now))
    return query.order_by(col(Hold.since), col(Hold.who_id)).limit(1).scalar_subquery()


async def holder(tx: AsyncSession, who: Actor, object_id: UUID, now: datetime) -> HeldBy | None:
    """Give who else has the object open."""
    found = (await tx.execute(select(held_by(who, object_id, now)))).scalar_one()
    return None if found is None else HeldBy.model_validate(found)


def _told_to(who: Actor, now: datetime) -> ColumnElement[bool]:
    colleague = col(Hold.party_id) == who.party_id if who.party_id is not None else false()
    if Role.COMMITTEE in who.roles:
        colleague = true()
    return (col(Hold.until) > now) & (col(Hold.who_id) != who.id) & colleague
