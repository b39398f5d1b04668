"""What notify remembers of registry's people and parties; a question to registry would stop both when one is slow."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from services.notify.models import Row


class Person(Row, table=True):
    """A person who acts on the platform in some capacity."""

    __tablename__ = "people"

    id: UUID = Field(primary_key=True)
    language: str
    email: str | None = None


class Membership(Row, table=True):
    """A person acts for a party in a role, in an area and below it."""

    __tablename__ = "memberships"

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(index=True)
    party_id: UUID | None = Field(default=None, index=True)
    role: str = Field(index=True)
    area_code: str
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day in the county."""


class Party(Row, table=True):
    """The names of a party or an enterprise."""

    __tablename__ = "parties"

    id: UUID = Field(primary_key=True)
    name_en: str
    name_zh: str
