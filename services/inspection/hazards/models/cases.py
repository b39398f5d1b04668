"""Penalty cases: what was meant, said, heard, reviewed, decided, served, paid and fought, so that each can be shown."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from services.inspection.hazards.models.hazards import flag
from services.inspection.models import Row
from shared.contracts.inspection import (
    CaseDocument,
    ContestKind,
    ContestOutcome,
    DeliveryHow,
    DropCause,
    Enforcement,
    Hearing,
)
from shared.db import moment, several, word


class PenaltyCase(Row, table=True):
    """One penalty case 立案. Words and amount are the authority's; the platform computes none (§4.8)."""

    __tablename__ = "cases"
    __table_args__ = (CheckConstraint("amount_yuan >= 0", name="no_negative_fine"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    number: str = Field(unique=True)
    authority_id: UUID
    state: Enforcement = word(Enforcement)
    """As the hazard's overlay; a dropped or revoked one stands at `none`."""
    ground: str
    basis: str
    basis_ids: list[str] = several()
    officers: list[str] = several()
    opened_by: UUID
    opened_at: datetime = moment()
    violation_ended_on: date | None = None
    """None: it went on when the case was filed."""
    life_or_health: bool = flag()
    """Life or health was concerned, and harm was done."""
    limitation_until: date | None = None
    """The last day on which it had to come to light to be punished (Penalty Law art. 36); None: no limit ran."""

    told_facts: str | None = None
    told_reasons: str | None = None
    told_penalty: str | None = None
    told_kinds: list[str] = several()
    told_amount_yuan: int | None = Field(default=None, sa_type=BigInteger)
    told_basis: str | None = None
    told_basis_ids: list[str] = several()
    complicated: bool = flag()
    """It is decided after a discussion of several (Penalty Law art. 57)."""
    rights_told_at: datetime | None = moment(nullable=True)
    answer_until: date | None = None
    hearing_right: bool = flag()

    hearing_asked_on: date | None = None
    hearing_asked_for: str | None = None
    hearing_waived_on: date | None = None
    hearing_at: datetime | None = moment(nullable=True)
    hearing_place: str | None = None
    hearing_presider: UUID | None = None
    hearing_held_at: datetime | None = moment(nullable=True)
    hearing_attended: bool | None = None
    hearing_record: str | None = None
    hearing_files: list[dict[str, Any]] = several()

    legal_review_by: UUID | None = None
    review_agrees: bool | None = None
    review_opinion: str | None = None
    reviewed_at: datetime | None = moment(nullable=True)

    hearing: Hearing | None = word(Hearing, nullable=True)
    discussed_on: date | None = None
    discussed_by: list[str] = several()
    discussion: str | None = None
    penalty: str | None = None
    kinds: list[str] = several()
    amount_yuan: int | None = Field(default=None, sa_type=BigInteger)
    decision_basis: str | None = None
    decision_basis_ids: list[str] = several()
    decided_by: UUID | None = None
    decided_at: datetime | None = moment(nullable=True)
    drop_cause: DropCause | None = word(DropCause, nullable=True)
    drop_reason: str | None = None
    dropped_at: datetime | None = moment(nullable=True)

    served_at: datetime | None = moment(nullable=True)
    appeal_until: date | None = None
    pay_until: date | None = None
    instalments: list[dict[str, Any]] = several()
    """Until when how much is paid, where the party was given time."""
    terms_reason: str | None = None
    payments: list[dict[str, Any]] = several()
    demand: str | None = None
    demand_served_on: date | None = None
    court: str | None = None
    sent_to_court_at: datetime | None = moment(nullable=True)
    execution: str | None = None
    execution_evidence: list[dict[str, Any]] = several()
    executed_at: datetime | None = moment(nullable=True)
    revoked_on: date | None = None
    """A contest was won: no penalty stands."""


class CaseStatement(Row, table=True):
    """What the party said in its defence, in its own words."""

    __tablename__ = "case_statements"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    case_id: UUID = Field(index=True, foreign_key="cases.id")
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    statement: str
    on: date
    late: bool
    evidence: list[dict[str, Any]] = several()
    by_id: UUID
    by_party_id: UUID | None = None
    """Who handed it in: the party itself, or the authority that had it on paper."""
    recorded_at: datetime = moment()


class CaseService(Row, table=True):
    """How one document of a case reached the party; written once and never changed (Penalty Law art. 61)."""

    __tablename__ = "case_services"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    case_id: UUID = Field(index=True, foreign_key="cases.id")
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    document: CaseDocument = word(CaseDocument)
    how: DeliveryHow = word(DeliveryHow)
    received_by: str | None = None
    refused: str | None = None
    """Why the signature was refused."""
    witnesses: list[str] = several()
    evidence: list[dict[str, Any]] = several()
    at: datetime = moment()
    by_id: UUID
    recorded_at: datetime = moment()


class CaseContest(Row, table=True):
    """An objection, a reconsideration or a suit against a decision, and what became of it."""

    __tablename__ = "case_contests"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    case_id: UUID = Field(index=True, foreign_key="cases.id")
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    kind: ContestKind = word(ContestKind)
    body: str
    """Before whom."""
    number: str | None = None
    filed_on: date
    suspends: bool
    why_suspended: str | None = None
    by_id: UUID
    recorded_at: datetime = moment()
    outcome: ContestOutcome | None = word(ContestOutcome, nullable=True)
    document: str | None = None
    reason: str | None = None
    decided_on: date | None = None
    final_on: date | None = None
    evidence: list[dict[str, Any]] = several()
    ended_by: UUID | None = None
    ended_at: datetime | None = moment(nullable=True)
