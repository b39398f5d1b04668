"""Takes and gives back a hold; a page that shows an object renews it for as long as it is open."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.copies.models import Person
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.domain import About
from services.inspection.holds.models import Hold
from services.inspection.holds.queries import holder
from services.inspection.holds.shapes import HoldView
from shared.auth import Actor


async def hold(tx: AsyncSession, who: Actor, about: About, now: datetime) -> HoldView:
    """Say that this person has the object open. Renewed in time it is one hold, after a pause a new one."""
    until = now + timedelta(minutes=rules_of(tx).number("hold.expires", local_day(tx, now)))
    row = insert(Hold).values(
        object_id=about.id,
        who_id=who.id,
        object_kind=about.kind,
        party_id=who.party_id,
        name=who.name or await _name(tx, who.id),
        since=now,
        until=until,
    )
    renewed = row.on_conflict_do_update(
        index_elements=[col(Hold.object_id), col(Hold.who_id)],
        set_={"party_id": row.excluded.party_id, "name": row.excluded.name, "until": until},
    )
    lapsed = delete(Hold).where(col(Hold.object_id) == about.id, col(Hold.until) <= now)
    await tx.execute(lapsed.execution_options(synchronize_session=False))
    await tx.execute(renewed)
    return HoldView(until=until, held_by=await holder(tx, who, about.id, now))


async def release(tx: AsyncSession, who: Actor, object_id: UUID) -> None:
    """Say that it is open no longer; that it was not is no fault."""
    mine = delete(Hold).where(col(Hold.object_id) == object_id, col(Hold.who_id) == who.id)
    await tx.execute(mine.execution_options(synchronize_session=False))


async def _name(tx: AsyncSession, person_id: UUID) -> str:
    person = await tx.get(Person, person_id)
    return person.name if person is not None else ""
