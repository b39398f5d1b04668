"""The tables of certificates, of training, and of how many officers a party is to have."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.registry import CertificateKind, CertificateStatus
from shared.db import Aggregate, word


class Certificate(Aggregate, Row, table=True):
    """A certificate and its holder. An identity number within `number` is masked; masked ones need not be unique."""

    __tablename__ = "certificates"
    __table_args__ = (
        Index(
            "uq_certificates_kind_number", "kind", "number", unique=True, postgresql_where=text("number not like '%*%'")
        ),
        Index("ix_certificates_expiring", "valid_to", postgresql_where=text("not expiry_told")),
        CheckConstraint("valid_to >= valid_from", name="term"),
    )

    person_id: UUID = Field(foreign_key="people.id", index=True)
    kind: CertificateKind = word(CertificateKind)
    number: str
    issuer: str
    scope: str = ""
    issued_on: date | None = None
    valid_from: date
    valid_to: date | None = None
    status: CertificateStatus = word(CertificateStatus, default=CertificateStatus.VALID)
    reason: str | None = None
    """Why it was suspended or revoked."""
    expiry_told: bool = False


class Training(Aggregate, Row, table=True):
    """A course that a person attended, or an exam that they sat."""

    __tablename__ = "training"
    __table_args__ = (
        Index("ix_training_person", "person_id", "held_on"),
        CheckConstraint("hours >= 0", name="hours"),
        CheckConstraint("score between 0 and 100", name="score"),
    )

    person_id: UUID = Field(foreign_key="people.id")
    course: str
    held_on: date
    hours: float
    passed: bool | None = None
    score: float | None = None


class Staffing(Aggregate, Row, table=True):
    """How many people with valid enforcement certificates an authority or a township is to have."""

    __tablename__ = "staffing"

    party_id: UUID = Field(foreign_key="parties.id", unique=True)
    required: int | None = None
