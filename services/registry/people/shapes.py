"""What is sent and read about people and memberships: a shape for each audience, so that none sees more by accident."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from services.registry.people.domain import PersonState
from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode, Day, Line, Role

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
"""Only its form is looked at: whether it reaches somebody, a message tells."""
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{3,22}[0-9]$", max_length=25)]


class KeepPerson(Ask):
    name: Line
    language: Literal["zh", "en"] = "zh"
    area_code: AreaCode
    email: Email | None = None
    phone: Phone | None = None
    state: PersonState = PersonState.ACTIVE
    """`left` ends every membership of the person."""


class KeepListedPerson(KeepPerson):
    id: UUID


class ColleagueView(View):
    """What people who work together see of each other."""

    id: UUID
    name: str
    certificate_valid_to: date | None


class ContactView(ColleagueView):
    """For those who must reach the person."""

    email: str | None
    phone: str | None


class PersonView(ContactView):
    """Everything that is kept: for the person and for the operator."""

    language: str
    area_code: str
    state: PersonState
    certificate_no: str | None


class KeepMembership(Ask):
    person_id: UUID
    party_id: UUID | None = None
    role: Role
    area_code: AreaCode
    """Where, and below, the person acts."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    """The last day."""


class KeepListedMembership(KeepMembership):
    id: UUID


class MembershipView(View):
    id: UUID
    person_id: UUID
    party_id: UUID | None
    role: Role
    area_code: str
    valid_from: date | None
    valid_to: date | None
    revoked: bool
