"""Whose certificates and training somebody may read; without it supervision would become a register for everybody."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from services.registry.certificates.models import Certificate
from services.registry.people.models import Membership, Person
from services.registry.people.policy import acting, acts_for
from shared.auth import Actor
from shared.contracts.values import Role
from shared.permission import in_area, visible


def certificates_reached(who: Actor, on: date) -> ColumnElement[bool]:
    return visible(
        who,
        "certificate.read",
        own=col(Certificate.person_id) == who.id,
        party=acts_for(Certificate.person_id, who.party_id, on),
        area=_supervised_within(who, Certificate.person_id, on),
    )


def trained_reached(who: Actor, on: date) -> ColumnElement[bool]:
    """Give the people whose training `who` may read."""
    return visible(who, "training.read", own=col(Person.id) == who.id, party=acts_for(Person.id, who.party_id, on))


def _supervised_within(who: Actor, person_id: Any, on: date) -> ColumnElement[bool]:
    """Those who work for enterprises and agencies, and grid workers; officers are their own authority's business."""
    role = col(Membership.role)
    supervised = or_(role.startswith(f"{Role.ENTERPRISE}."), role.in_((Role.ENTERPRISE, Role.AGENCY, Role.GRID_WORKER)))
    found = select(Membership.person_id).where(acting(on), supervised, in_area(who, Membership.area_code))
    return col(person_id).in_(found)
