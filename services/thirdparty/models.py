"""The tables of this service; `parties` and `enterprises` are read copies of the registry."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.thirdparty.domain import EngagementKind, FindingState
from shared.contracts.values import Category, Channel, Grade, PartyKind
from shared.db import Aggregate, Stored, document, moment, own_tables, word
from shared.evidence.routes import EvidenceColumns


class Row(Stored, registry=own_tables()):
    """Base of every table here."""


class Matter(Aggregate):
    """Something between an agency and its client: who may see it is decided by these two."""

    agency_id: UUID
    client_id: UUID
    at: datetime = moment()


class Engagement(Matter, Row, table=True):
    """An agreed service. Never changed: another term is another engagement."""

    __tablename__ = "engagements"
    __table_args__ = (
        Index("ix_engagements_agency", "agency_id", "client_id", "at"),
        Index("ix_engagements_client", "client_id", "at"),
        CheckConstraint("valid_from <= valid_to", "term"),
    )

    client_kind: PartyKind = word(PartyKind)
    kind: EngagementKind = word(EngagementKind)
    valid_from: date
    valid_to: date
    warnings: list[dict[str, Any]] = document()


class Audit(Matter, Row, table=True):
    """One delivery of results."""

    __tablename__ = "audits"
    __table_args__ = (
        Index("ix_audits_agency", "agency_id", "at"),
        Index("ix_audits_client", "client_id", "at"),
        CheckConstraint("results = findings + satisfactory", "sums"),
    )

    engagement_id: UUID = Field(index=True, foreign_key="engagements.id")
    performed_on: date
    conclusion: str
    summary_public: str
    content_hash: str
    finding_below_score: float
    results: int
    findings: int
    satisfactory: int


class Result(Row, table=True):
    """One result as it was sent."""

    __tablename__ = "results"
    __table_args__ = (CheckConstraint("score between 0 and 100", "score"),)

    audit_id: UUID = Field(primary_key=True, foreign_key="audits.id")
    result_id: str = Field(primary_key=True)
    enterprise_id: UUID = Field(index=True)
    score: float | None = None
    category: Category = word(Category)
    note: str


class Finding(Matter, Row, table=True):
    """A hazard that an agency claims, and what became of it."""

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_audit", "audit_id", "state"),
        Index("ix_findings_agency", "agency_id", "at"),
        Index("ix_findings_client", "client_id", "at"),
    )

    audit_id: UUID = Field(foreign_key="audits.id")
    result_id: str | None = None
    reporter_ref: UUID
    channel: Channel = word(Channel)
    enterprise_id: UUID
    category: Category = word(Category)
    what: str
    place: dict[str, Any] = document()
    suspected_grade: Grade | None = word(Grade, nullable=True)
    imminent_danger: bool = False
    fatalities: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    evidence: list[dict[str, Any]] = document()
    state: FindingState = word(FindingState, default=FindingState.SUBMITTED)
    grade: Grade | None = word(Grade, nullable=True)
    reason: str | None = None
    explanation: str | None = None


class Party(Row, table=True):
    __tablename__ = "parties"

    id: UUID = Field(primary_key=True)
    kind: PartyKind = word(PartyKind)
    name_en: str
    name_zh: str
    area_code: str


class Enterprise(Row, table=True):
    __tablename__ = "enterprises"

    id: UUID = Field(primary_key=True)
    uscc: str
    name_en: str
    name_zh: str
    industry_code: str
    area_code: str
    place: dict[str, Any] = document()


class Evidence(EvidenceColumns, Row, table=True):
    __tablename__ = "evidence"
