"""Which people and memberships a verb reaches; without it each list would draw the line in another place."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col, select

from services.registry.people.models import Membership, Person
from shared.auth import Actor
from shared.contracts.values import Role
from shared.permission import in_area, visible

_ANSWERING = (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)


def acting(on: date) -> ColumnElement[bool]:
    """Give the condition that a membership counts on a local day."""
    return and_(
        col(Membership.revoked).is_(other=False),
        or_(col(Membership.valid_from).is_(None), col(Membership.valid_from) <= on),
        or_(col(Membership.valid_to).is_(None), col(Membership.valid_to) >= on),
    )


def acts_for(person_id: Any, party_id: UUID | None, on: date) -> ColumnElement[bool]:
    """Give the condition that a person acts for a party; for no party nobody does."""
    if party_id is None:
        return false()
    return col(person_id).in_(select(Membership.person_id).where(col(Membership.party_id) == party_id, acting(on)))


def answers_within(who: Actor, person_id: Any, on: date) -> ColumnElement[bool]:
    """Give the condition that a person answers for an enterprise in the area of `who`: whom supervisors must reach."""
    answering = select(Membership.person_id).where(
        acting(on), col(Membership.role).in_(_ANSWERING), in_area(who, Membership.area_code)
    )
    return col(person_id).in_(answering)


def people_reached(who: Actor, verb: str, on: date) -> ColumnElement[bool]:
    return visible(
        who,
        verb,
        own=col(Person.id) == who.id,
        party=acts_for(Person.id, who.party_id, on),
        area=answers_within(who, Person.id, on),
    )


def memberships_reached(who: Actor) -> ColumnElement[bool]:
    party = false() if who.party_id is None else col(Membership.party_id) == who.party_id
    return visible(who, "membership.read", own=col(Membership.person_id) == who.id, party=party)
