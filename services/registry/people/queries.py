"""What is asked about people: who exists, who acts for a party."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.people.models import Membership, Person
from shared.paging import Page, page


async def registered(tx: AsyncSession, ids: Iterable[UUID]) -> set[UUID]:
    """Tell which of the ids name a person."""
    return set(await tx.scalars(select(Person.id).where(col(Person.id).in_(set(ids)))))


async def revoked(tx: AsyncSession, ids: Iterable[UUID]) -> set[UUID]:
    """Tell which of the ids name a membership that was revoked."""
    return set(await tx.scalars(select(Membership.id).where(col(Membership.id).in_(set(ids)), col(Membership.revoked))))


async def people_of(tx: AsyncSession, party_id: UUID, after: UUID | None, limit: int) -> Page[Person]:
    """List by name who acts for a party."""
    members = select(Membership.person_id).where(
        col(Membership.party_id) == party_id, col(Membership.revoked).is_(other=False)
    )
    return await page(tx, select(Person).where(col(Person.id).in_(members)), Person.name, after, limit)
