"""How much people learned in a year, and who lacks hours; without it courses would go to whoever asks first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.registry.certificates.models import Training
from services.registry.certificates.policy import trained_reached
from services.registry.people.models import Membership, Person
from services.registry.people.policy import acting, acts_for
from shared.auth import Actor
from shared.contracts.values import Role
from shared.paging import Page, page
from shared.profile import Profile


@dataclass(frozen=True, slots=True)
class Shortfall:
    person: Person
    required: float
    done: float


def required_hours(rules: Profile, on: date) -> dict[Role, float]:
    """Give the hours of a year for each role that has any: its own line in the profile, or its party's."""
    found: dict[Role, float] = {}
    for role in Role:
        for name in (role.value, role.value.partition(".")[0]):
            if f"training.hours.{name}" in rules.rules:
                found[role] = rules.number(f"training.hours.{name}", on)
                break
    return found


async def training(
    tx: AsyncSession,
    who: Actor,
    on: date,
    *,
    person_id: UUID | None,
    party_id: UUID | None,
    year: int | None,
    after: UUID | None,
    limit: int,
) -> Page[Training]:
    """List what the people whom `who` may see attended, the newest first."""
    readable = select(Person.id).where(trained_reached(who, on))
    query = select(Training).where(col(Training.person_id).in_(readable))
    if person_id is not None:
        query = query.where(col(Training.person_id) == person_id)
    if party_id is not None:
        query = query.where(acts_for(Training.person_id, party_id, on))
    if year is not None:
        query = query.where(_in_year(year))
    return await page(tx, query, Training.held_on, after, limit, newest_first=True)


async def shortfalls(
    tx: AsyncSession,
    who: Actor,
    on: date,
    hours: Mapping[Role, float],
    *,
    party_id: UUID | None,
    year: int,
    after: UUID | None,
    limit: int,
) -> tuple[Sequence[Shortfall], UUID | None]:
    """List by name who has fewer hours in the year than their roles ask for; what ended in a failed exam counts not."""
    asked = case({role.value: number for role, number in hours.items()}, value=col(Membership.role), else_=0)
    required = (
        select(func.coalesce(func.max(asked), 0))
        .where(col(Membership.person_id) == col(Person.id), acting(on))
        .scalar_subquery()
    )
    counted = and_(_in_year(year), col(Training.passed).is_not(other=False))
    done = (
        select(func.coalesce(func.sum(col(Training.hours)), 0))
        .where(col(Training.person_id) == col(Person.id), counted)
        .scalar_subquery()
    )
    query = select(Person).where(trained_reached(who, on), required > done)
    if party_id is not None:
        query = query.where(acts_for(Person.id, party_id, on))
    found = await page(tx, query, Person.name, after, limit)
    shown = [person.id for person in found.items]
    figures = await tx.execute(select(Person.id, required, done).where(col(Person.id).in_(shown)))
    known = {person_id: (float(asks), float(has)) for person_id, asks, has in figures}
    return [Shortfall(person, *known[person.id]) for person in found.items], found.next


def _in_year(year: int) -> ColumnElement[bool]:
    return and_(col(Training.held_on) >= date(year, 1, 1), col(Training.held_on) <= date(year, 12, 31))
