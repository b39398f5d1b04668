"""The tables of people and of what they act as."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from services.registry.models import Row
from services.registry.people.domain import PersonState
from shared.contracts.values import Role
from shared.db import Aggregate, word


class Person(Aggregate, Row, table=True):
    """Somebody who acts on the platform. The two columns of the certificate are kept by the noun certificates."""

    __tablename__ = "people"

    name: str
    language: str = Field(max_length=2)
    email: str | None = None
    phone: str | None = None
    state: PersonState = word(PersonState, default=PersonState.ACTIVE, older=PersonState.ACTIVE)
    registered_by: UUID | None = None
    """The party whose head or principal registered the person, and may therefore correct it; None: an operator."""
    certificate_no: str | None = None
    certificate_valid_to: date | None = None


class Membership(Aggregate, Row, table=True):
    """A person acts for a party (or alone) in a role, in an area and below it. Revoked ones stay, for the record."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_ending", "valid_to", postgresql_where=text("not revoked")),)

    person_id: UUID = Field(foreign_key="people.id", index=True)
    party_id: UUID | None = Field(default=None, index=True)
    role: Role = Field(sa_type=Text)
    valid_from: date | None = None
    valid_to: date | None = None
    revoked: bool = False
