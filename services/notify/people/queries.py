"""Whom a fact concerns, and who still holds a role; without it every sender would guess its own recipients."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, literal, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.notify.people.domain import Audience
from services.notify.people.models import Membership, Party, Person
from shared.memo import memo_of
from shared.profile import Profile


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to be told."""

    person_id: UUID
    language: str
    email: str | None


async def readers(tx: AsyncSession, audience: Audience, area_code: str, at: datetime) -> list[Reader]:
    """List the people of an audience at a moment, each once, in a stable order."""
    place, on = area_code if audience.within_area else "", _local_day(tx, at)
    return await memo_of(tx).get((audience, place, on), partial(_readers, tx, audience, area_code, on))


async def _readers(tx: AsyncSession, audience: Audience, area_code: str, on: date) -> list[Reader]:
    if audience.people:
        found = await tx.execute(select(Person).where(col(Person.id).in_(audience.people)).order_by(col(Person.id)))
        return [Reader(person.id, person.language, person.email) for person in found.scalars()]
    wanted = [_counts(on), or_(false(), *(_acts_as(role) for role in audience.roles))]
    if audience.party_id is not None:
        wanted.append(col(Membership.party_id) == audience.party_id)
    if audience.within_area:
        wanted.append(literal(area_code).startswith(col(Membership.area_code), autoescape=False))
    rows = await tx.execute(
        select(Membership.person_id, Person.language, Person.email)
        .outerjoin(Person, col(Person.id) == Membership.person_id)
        .where(and_(*wanted))
        .distinct()
        .order_by(col(Membership.person_id))
    )
    return [Reader(person_id, language or "zh", email) for person_id, language, email in rows]


def _acts_as(role: str) -> ColumnElement[bool]:
    """`authority` is held by `authority.desk` too."""
    held = col(Membership.role)
    return or_(held == role, held.startswith(f"{role}."))


def _counts(on: date) -> ColumnElement[bool]:
    """Give the condition that a membership counts on a day, though nobody told its end yet."""
    begun = or_(col(Membership.valid_from).is_(None), col(Membership.valid_from) <= on)
    return and_(begun, or_(col(Membership.valid_to).is_(None), col(Membership.valid_to) >= on))


def _local_day(tx: AsyncSession, at: datetime) -> date:
    rules: Profile = tx.info["profile"]
    return at.astimezone(rules.timezone).date()


async def names(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Party]:
    """Give the parties that are known, by id."""
    return await memo_of(tx).get(frozenset(ids), partial(_names, tx, ids))


async def _names(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Party]:
    found = await tx.execute(select(Party).where(col(Party.id).in_(ids)))
    return {party.id: party for party in found.scalars()}


async def still_holds(tx: AsyncSession, actor_id: UUID, role: str, party_id: UUID | None, now: datetime) -> bool:
    """Tell whether a grant stands now.

    A person must hold a membership; a client of an organisation is no person and stands as long as its token does.
    """
    if await tx.get(Person, actor_id) is None:
        return True
    held = select(Membership.id).where(
        col(Membership.person_id) == actor_id,
        col(Membership.role) == role,
        col(Membership.party_id) == party_id,
        _counts(_local_day(tx, now)),
    )
    return (await tx.execute(held.limit(1))).first() is not None
