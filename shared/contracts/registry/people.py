"""Who acts: people, what they act as, what they are certified and trained for; without it a role is a claim."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import Role


class PersonRegistered(Event, subject="registry.person.registered"):
    """A person who acts on the platform. Never says what the person reported. Aggregate: the person.

    Telephone and identity numbers are in no event (docs/adr/0021). The certificate is the newest one for enforcement
    that has begun and is neither suspended nor revoked; which of several holds on a day, `CertificateRecorded` tells.
    """

    person_id: UUID
    name: str
    language: str
    email: str | None = None
    certificate_no: str | None = None
    certificate_valid_to: date | None = None
    active: bool = True
    """False: left. The memberships ended with it."""


class MembershipGranted(Event, subject="registry.membership.granted"):
    """A person acts for a party in a role, in an area and below it. Aggregate: the membership.

    Before `valid_from` and after `valid_to`, its last day in the county, it counts for nothing: whoever keeps a copy
    asks the day, and does not wait to be told of the end.
    """

    membership_id: UUID
    person_id: UUID
    party_id: UUID | None = None
    role: Role
    valid_from: date | None = None
    valid_to: date | None = None


class MembershipRevoked(Event, subject="registry.membership.revoked"):
    membership_id: UUID
    person_id: UUID
    party_id: UUID | None = None
    role: Role
    valid_from: date | None = None
    valid_to: date | None = None


class CertificateKind(StrEnum):
    """What a certificate proves that its holder may do (domain reference §6.1, §7.3)."""

    ENFORCEMENT = "enforcement"
    """行政执法证: without it no administrative inspection, order or penalty."""
    SAFETY_ENGINEER = "safety_engineer"
    SPECIAL_OPERATION = "special_operation"
    PRINCIPAL = "principal"
    SAFETY_MANAGER = "safety_manager"
    EVALUATOR = "evaluator"
    """Assesses or tests for an agency."""
    GRID_WORKER = "grid_worker"


class CertificateStatus(StrEnum):
    """What the issuer decided; whether the certificate holds on a day is a question of its days as well."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Certificate(Event):
    """The whole state of a certificate. Aggregate: the certificate. Why it was suspended is not told."""

    certificate_id: UUID
    person_id: UUID
    kind: CertificateKind
    number: str
    """An identity number within it is masked."""
    issuer: str
    scope: str = ""
    """Speciality of an officer, operation of a special operator, field of an evaluator."""
    issued_on: date | None = None
    valid_from: date
    valid_to: date | None = None
    """The last day; None: it does not end."""
    status: CertificateStatus


class CertificateRecorded(Certificate, subject="registry.certificate.recorded"):
    """A certificate was registered, corrected, suspended, reinstated or revoked."""


class CertificateExpired(Certificate, subject="registry.certificate.expired"):
    """Its last day has passed; told once. Nobody needs to hear it to refuse: the last day was told before."""


class TrainingRecorded(Event, subject="registry.training.recorded"):
    """A person attended a course or sat an exam. Aggregate: the record."""

    training_id: UUID
    person_id: UUID
    course: str
    held_on: date
    hours: float
    passed: bool | None = None
    """None: there was no exam."""
    score: float | None = None


class StaffingRequired(Event, subject="registry.staffing.required"):
    """How many people with enforcement certificates a party is to have. Aggregate: `derived_id("staffing", party)`."""

    party_id: UUID
    required: int | None = None
    """None: nothing is required any more."""
