"""What was seized or registered for preservation; without a row of its own nobody would know what is to be returned."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

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
