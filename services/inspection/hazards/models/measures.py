"""What was seized or registered for preservation; without a row of its own nobody would know what is to be returned."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Field

from services.inspection.models import Row
from shared.contracts.inspection import (
    MeasureEnd,
    MeasureKind,
    MeasureState,
)
from shared.db import moment, several, word


class Measure(Row, table=True):
    """Goods or evidence that an authority holds, from the taking to the decision."""

    __tablename__ = "measures"

    id: UUID = Field(primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    authority_id: UUID
    kind: MeasureKind = word(MeasureKind)
    state: MeasureState = word(MeasureState, default=MeasureState.STANDING)
    things: list[str] = several()
    kept_at: str
    reason: str
    basis: str
    basis_ids: list[str] = several()
    officers: list[str] = several()
    evidence: list[dict[str, Any]] = several()
    taken_by: UUID
    taken_at: datetime = moment()
    until: date
    """The last day on which it may be held without another decision."""
    extended_by: UUID | None = None
    extended_at: datetime | None = moment(nullable=True)
    why_extended: str | None = None
    outcome: MeasureEnd | None = word(MeasureEnd, nullable=True)
    decision: str | None = None
    decision_evidence: list[dict[str, Any]] = several()
    ended_by: UUID | None = None
    ended_at: datetime | None = moment(nullable=True)
    approved_by: UUID | None = None
    """The head who approved it, before it was taken or, where it was urgent, after."""
    approved_at: datetime | None = moment(nullable=True)
    why_urgent: str | None = None
    """Why there was no time to ask the head first."""
    approve_by: datetime | None = moment(nullable=True)
    """Until when the head decides on what was urgent; None: nothing is to be decided any more."""
    approval: str | None = None
    """The head's words."""
    appraisal_id: UUID | None = None
    """The test that is under way."""


class Appraisal(Row, table=True):
    """One test of seized goods: the days that it takes do not count (Compulsion Law art. 25)."""

    __tablename__ = "appraisals"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    measure_id: UUID = Field(index=True, foreign_key="measures.id")
    appraiser: str
    question: str
    reason: str
    until: date
    """The last day that the owner was told: what takes longer counts again."""
    sent_by: UUID
    sent_at: datetime = moment()
    result: str | None = None
    evidence: list[dict[str, Any]] = several()
    recorded_by: UUID | None = None
    recorded_at: datetime | None = moment(nullable=True)
    days: int | None = None
    """How many days did not count; None: it was broken off by the end of the measure, or goes on."""
