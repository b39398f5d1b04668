"""What is sent and read about people and memberships."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode, Day, Line, Role

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
"""Only its form is looked at: whether it reaches somebody, a message tells."""


class KeepPerson(Ask):
    name: Line
    language: Literal["zh", "en"] = "zh"
    area_code: AreaCode
    email: Email | None = None
    certificate_no: Line | None = None
    certificate_valid_to: Day | None = None
    """The last day on which the enforcement certificate holds."""


class KeepListedPerson(KeepPerson):
    id: UUID


class PersonView(View):
    id: UUID
    name: str
    language: str
    area_code: str
    email: str | None
    certificate_no: str | None
    certificate_valid_to: date | None


class ColleagueView(View):
    """What officers see of each other."""

    id: UUID
    name: str
    certificate_valid_to: date | None


class KeepMembership(Ask):
    person_id: UUID
    party_id: UUID | None = None
    role: Role
    area_code: AreaCode
    """Where, and below, the person acts."""


class KeepListedMembership(KeepMembership):
    id: UUID


class MembershipView(View):
    id: UUID
    person_id: UUID
    party_id: UUID | None
    role: Role
    area_code: str
    revoked: bool
