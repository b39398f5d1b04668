"""The tables of assessments: one record for each party and period, and what the party said of it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection.assessments import AssessmentState
from shared.contracts.values import PartyKind
from shared.db import Aggregate, document, moment, several, word


class Assessment(Aggregate, Row, table=True):
    """One party's period. `quarter` 0 is the whole year. Lies where the committee lies."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("quarter between 0 and 4", name="quarter"),
        Index(
            "uq_assessments_standing",
            *("convener_id", "party_id", "year", "quarter"),
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_assessments_opened", "opened_at", "id"),
    )

    state: AssessmentState = word(AssessmentState, default=AssessmentState.DRAFT)
    convener_id: UUID
    party_id: UUID = Field(index=True)
    party_kind: PartyKind = word(PartyKind)
    year: int
    quarter: int = 0
    lines: list[dict[str, Any]] = several()
    """The indicators with their points, as they were last written down; history keeps each time."""
    veto: str = ""
    """Why one-vote veto applies (一票否决, for instance an accident with a death); empty: it does not."""
    opinion: str = ""
    answer: str = ""
    opened_by: UUID
    opened_at: datetime = moment()
    proposed_at: datetime | None = moment(nullable=True)
    state_until: datetime | None = moment(nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    object_until: datetime | None = moment(nullable=True)
    published_at: datetime | None = moment(nullable=True)

    @property
    def about(self) -> About:
        return About(Kind.ASSESSMENT, self.id, self.area_code)


class AssessmentWord(Row, table=True):
    """What the assessed party said: its statement, or its objection."""

    __tablename__ = "assessment_words"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    assessment_id: UUID = Field(index=True, foreign_key="assessments.id")
    objection: bool
    text: str
    files: list[dict[str, Any]] = document()
    by_id: UUID
    at: datetime = moment()
