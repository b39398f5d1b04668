"""What this service keeps of the registry, so that a decision never waits for another service."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.inspection.models import Row
from shared import db
from shared.contracts.enterprises import Standing
from shared.contracts.registry import CertificateStatus, CompetenceBy, DelegationState
from shared.contracts.values import PartyKind


class Area(Row, table=True):
    __tablename__ = "areas"

    code: str = Field(primary_key=True)
    parent_code: str | None = None
    level: str
    name_en: str
    name_zh: str


class Party(Row, table=True):
    __tablename__ = "parties"

    id: UUID = Field(primary_key=True)
    kind: PartyKind = db.word(PartyKind)
    area_code: str
    name_en: str
    name_zh: str


class Enterprise(Row, table=True):
    __tablename__ = "enterprises"

    id: UUID = Field(primary_key=True)
    area_code: str = Field(index=True)
    uscc: str
    name_en: str
    name_zh: str
    industry_code: str
    employees: int
    standing: Standing = db.word(Standing, default=Standing.ACTIVE, older=Standing.ACTIVE)
    place: dict[str, Any] = db.document()


class Person(Row, table=True):
    """Somebody who may act. Holds no address: this service writes to nobody."""

    __tablename__ = "people"

    id: UUID = Field(primary_key=True)
    name: str
    certificate_no: str | None = None
    certificate_valid_to: date | None = None


class EnforcementCertificate(Row, table=True):
    """An officer's certificate. What it is worth is asked of its days, each time."""

    __tablename__ = "enforcement_certificates"

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(index=True)
    number: str
    valid_from: date
    valid_to: date | None = None
    status: CertificateStatus = db.word(CertificateStatus)


class Membership(Row, table=True):
    __tablename__ = "memberships"

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(index=True)
    party_id: UUID | None = None
    role: str
    area_code: str
    valid_from: date | None = None
    valid_to: date | None = None
    in_force: bool
    """Nobody ended it; whether it counts on a day, its term says as well."""


class CompetenceRule(Row, table=True):
    __tablename__ = "competence_rules"
    __table_args__ = (Index("ix_competence_rules_key", "by", "key"),)

    id: UUID = Field(primary_key=True)
    by: CompetenceBy = db.word(CompetenceBy)
    key: str
    authority_id: UUID
    area_code: str
    in_force: bool
    basis: str
    valid_from: date | None = None
    valid_to: date | None = None
    co_authority_ids: list[str] = db.several()


class Criterion(Row, table=True):
    """A reason to call a hazard major, and the days on which it may be cited (domain reference §4.1)."""

    __tablename__ = "criteria"

    id: UUID = Field(primary_key=True)
    document: str
    item: str
    text_en: str
    text_zh: str
    categories: list[str] = db.document()
    valid_from: date
    valid_to: date | None = None


class Basis(Row, table=True):
    """A legal basis, and the days on which an order may cite it (D03)."""

    __tablename__ = "bases"

    id: UUID = Field(primary_key=True)
    short_name: str
    number: str
    article: str
    valid_from: date | None = None
    valid_to: date | None = None


class Delegation(Row, table=True):
    """A letter by which an authority lets another party act in its name; drafts are not told."""

    __tablename__ = "delegations"

    id: UUID = Field(primary_key=True)
    authority_id: UUID
    delegate_id: UUID = Field(index=True)
    state: DelegationState = db.word(DelegationState)
    letter_no: str
    powers: list[str] = db.document()
    categories: list[str] = db.document()
    industries: list[str] = db.document()
    basis_ids: list[str] = db.document()
    area_code: str
    valid_from: date
    valid_to: date
    seen_until: datetime = db.moment()
    """Hazards that became known until then are the delegate's to see: it answers for what it did."""
