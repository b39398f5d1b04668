"""The tables of this service. `identities` is the vault: nothing joins it, nothing exports it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from services.volunteer.domain import Outcome
from shared.contracts.values import Category, Channel, Grade
from shared.db import Aggregate, Stored, document, moment, own_tables, word
from shared.evidence.routes import EvidenceColumns


class Row(Stored, registry=own_tables()):
    """Base of every table here."""


class Report(Aggregate, Row, table=True):
    """One report by one person. `owner_key` and `tracking_hash` are keyed hashes that lead nowhere without the key."""

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_owner", "owner_key", "submitted_at"),)

    reporter_ref: UUID
    owner_key: str | None = Field(default=None)
    tracking_hash: str | None = Field(default=None, unique=True)
    channel: Channel = word(Channel)
    place: dict[str, Any] = document()
    enterprise_id: UUID | None = None
    category: Category = word(Category)
    what: str
    evidence: list[dict[str, Any]] = document()
    imminent_danger: bool = False
    suspected_grade: Grade | None = word(Grade, nullable=True)
    fatalities: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    """It speaks of deaths (Work Safety Law art. 73)."""
    submitted_at: datetime = moment()
    state: str = "submitted"
    answer: str | None = None


class Progress(Row, table=True):
    """One thing that the reporter was told."""

    __tablename__ = "progress"

    id: int | None = Field(default=None, primary_key=True)
    report_id: UUID = Field(index=True, foreign_key="reports.id")
    at: datetime = moment()
    fact: str
    remark: str | None = None
    authority_id: UUID | None = None
    """Who holds the matter from then on; None: nobody yet, or told before this was kept."""
    party_en: str | None = None
    party_zh: str | None = None
    """What the authority is called that the fact names."""


class Contest(Row, table=True):
    """A reporter disagreed with a result: the words as they were masked, and what became of it."""

    __tablename__ = "contests"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    report_id: UUID = Field(index=True, foreign_key="reports.id")
    at: datetime = moment()
    statement: str
    evidence: list[dict[str, Any]] = document()
    outcome: Outcome = word(Outcome, default=Outcome.SENT)


class Identity(Row, table=True):
    """The vault: who reported, and the words as they were sent; sealed with the vault's key."""

    __tablename__ = "identities"

    reporter_ref: UUID = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    key_version: int = 1


class Evidence(EvidenceColumns, Row, table=True):
    __tablename__ = "evidence"
