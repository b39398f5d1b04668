"""What is asked about people: who exists, who may be seen by whom, who acts for a party."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.people.models import Membership, Person
from services.registry.people.policy import acting, acts_for, memberships_reached, people_reached
from shared.auth import Actor
from shared.paging import Page, page
from shared.profile import Profile


def local_day(tx: AsyncSession, now: datetime) -> date:
    """Give the date in the county: whatever has a term begins and ends with local days."""
    rules: Profile = tx.info["profile"]
    return now.astimezone(rules.timezone).date()


async def registered(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Give those of the people who exist, by id."""
    return {person.id: person for person in await tx.scalars(select(Person).where(col(Person.id).in_(set(ids))))}


async def granted(tx: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Membership]:
    """Give those of the memberships that exist, by id."""
    return {each.id: each for each in await tx.scalars(select(Membership).where(col(Membership.id).in_(set(ids))))}


async def people(
    tx: AsyncSession, who: Actor, party_id: UUID | None, on: date, after: UUID | None, limit: int
) -> Page[Person]:
    """List by name the people whom `who` may see, all or those who act for a party."""
    query = select(Person).where(people_reached(who, "person.read", on))
    if party_id is not None:
        query = query.where(acts_for(Person.id, party_id, on))
    return await page(tx, query, Person.name, after, limit)


async def person(tx: AsyncSession, who: Actor, person_id: UUID, on: date) -> Person | None:
    return await tx.scalar(select(Person).where(col(Person.id) == person_id, people_reached(who, "person.read", on)))


async def reachable(tx: AsyncSession, who: Actor, ids: Collection[UUID], on: date) -> set[UUID]:
    """Give those of the people whose addresses `who` may see."""
    asked = select(Person.id).where(col(Person.id).in_(ids), people_reached(who, "person.contact", on))
    return set(await tx.scalars(asked))


async def memberships(
    tx: AsyncSession,
    who: Actor,
    *,
    person_id: UUID | None,
    party_id: UUID | None,
    ended: bool,
    after: UUID | None,
    limit: int,
) -> Page[Membership]:
    """List the memberships that `who` may see, those that were ended only if `ended`."""
    query = select(Membership).where(memberships_reached(who))
    if person_id is not None:
        query = query.where(col(Membership.person_id) == person_id)
    if party_id is not None:
        query = query.where(col(Membership.party_id) == party_id)
    if not ended:
        query = query.where(col(Membership.revoked).is_(other=False))
    return await page(tx, query, Membership.person_id, after, limit)


async def ever_of(tx: AsyncSession, ids: Iterable[UUID], party_id: UUID | None) -> set[UUID]:
    """Give those of the people whom the party registered, or who act or once acted for it."""
    if party_id is None:
        return set()
    members = select(Membership.person_id).where(col(Membership.party_id) == party_id)
    known = or_(col(Person.registered_by) == party_id, col(Person.id).in_(members))
    return set(await tx.scalars(select(Person.id).where(col(Person.id).in_(set(ids)), known)))


async def acting_elsewhere(tx: AsyncSession, ids: Iterable[UUID], party_id: UUID | None) -> set[UUID]:
    """Give those of the people who also act for others, or alone."""
    elsewhere = and_(col(Membership.revoked).is_(other=False), col(Membership.party_id).is_distinct_from(party_id))
    return set(await tx.scalars(select(Membership.person_id).where(col(Membership.person_id).in_(set(ids)), elsewhere)))


async def standing_of(tx: AsyncSession, person_id: UUID) -> Sequence[Membership]:
    """List what a person was granted and nobody ended, locked in one order."""
    held = select(Membership).where(col(Membership.person_id) == person_id, col(Membership.revoked).is_(other=False))
    return (await tx.scalars(held.order_by(col(Membership.id)).with_for_update())).all()


async def lock_peers(tx: AsyncSession, role: str, party_id: UUID | None, on: date) -> Sequence[Membership]:
    """List who acts for the party in this very role, locked in one order: of two that go at once one must stay."""
    peers = select(Membership).where(col(Membership.role) == role, col(Membership.party_id) == party_id, acting(on))
    return (await tx.scalars(peers.order_by(col(Membership.id)).with_for_update())).all()


async def past_their_term(tx: AsyncSession, on: date, limit: int) -> Sequence[Membership]:
    """List memberships whose last day has passed and that nobody ended; those that another process has are left out."""
    over = select(Membership).where(col(Membership.revoked).is_(other=False), col(Membership.valid_to) < on)
    return (await tx.scalars(over.order_by(col(Membership.id)).limit(limit).with_for_update(skip_locked=True))).all()
