"""The tables of people and of what they act as."""

from datetime import date
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.values import Role
from shared.db import Aggregate


class Person(Aggregate, Row, table=True):
    __tablename__ = "people"

    name: str
    language: str = Field(max_length=2)
    email: str | None = None
    certificate_no: str | None = None
    certificate_valid_to: date | None = None


class Membership(Aggregate, Row, table=True):
    """A person acts for a party (or alone) in a role, in an area and below it. Revoked ones stay, for the record."""

    __tablename__ = "memberships"

    person_id: UUID = Field(foreign_key="people.id", index=True)
    party_id: UUID | None = Field(default=None, index=True)
    role: Role = Field(sa_type=Text)
    revoked: bool = False
