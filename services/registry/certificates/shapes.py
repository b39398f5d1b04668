"""What is sent and read about certificates, training and staffing."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.registry.certificates.domain import Standing
from shared.contracts.base import Ask, View
from shared.contracts.registry import CertificateKind, CertificateStatus
from shared.contracts.values import Day, Line, PartyKind, Prose

Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Scope = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Asked = Standing | Literal["expiring"]
"""`expiring`: valid now, and not for much longer (profile: `certificate.expiring`)."""


class KeepCertificate(Ask):
    """Whether it is suspended or revoked is told by commands of their own, so that no repeated list undoes it."""

    person_id: UUID
    kind: CertificateKind
    number: Number
    """Of an identity number within it only the last four characters are kept."""
    issuer: Line
    scope: Scope = ""
    """Speciality, operation or field."""
    issued_on: Day | None = None
    valid_from: Day
    valid_to: Day | None = None
    """The last day."""


class KeepListedCertificate(KeepCertificate):
    id: UUID


class Decide(Ask):
    reason: Prose


class CertificateView(View):
    id: UUID
    person_id: UUID
    person_name: str
    kind: CertificateKind
    number: str
    issuer: str
    scope: str
    issued_on: date | None
    valid_from: date
    valid_to: date | None
    standing: Standing
    """What it is worth today."""


class WholeCertificateView(CertificateView):
    """With what the issuer decided and why: for the holder and the operator."""

    status: CertificateStatus
    reason: str | None


class KeepTraining(Ask):
    person_id: UUID
    course: Line
    held_on: Day
    hours: Annotated[float, Field(ge=0, le=1000)]
    passed: bool | None = None
    """None: there was no exam."""
    score: Annotated[float, Field(ge=0, le=100)] | None = None


class KeepListedTraining(KeepTraining):
    id: UUID


class TrainingView(View):
    id: UUID
    person_id: UUID
    course: str
    held_on: date
    hours: float
    passed: bool | None
    score: float | None


class ShortfallView(View):
    """Whom to offer a course. It compares nobody with anybody: in the order of names, to those who can help."""

    person_id: UUID
    name: str
    required_hours: float
    hours: float
    missing_hours: float


class RequireStaff(Ask):
    required: Annotated[int, Field(ge=0, le=10_000)] | None
    """None: nothing is required."""


class RequirementView(View):
    party_id: UUID
    required: int | None


class StaffingView(View):
    """Required and in post; without a requirement there is nothing that could be missing."""

    party_id: UUID
    name_en: str
    name_zh: str
    kind: PartyKind
    area_code: str
    required: int | None
    in_post: int
    """Members whose enforcement certificate is valid today."""
    missing: int | None
