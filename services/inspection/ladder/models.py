"""The tables of the ladder: each step that was climbed, once for ever, and what is put to the committee."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection import (
    Instrument,
    Measure,
    ProposalState,
)
from shared.db import Aggregate, moment, several, word


class Climb(Row, table=True):
    """One step for one missed thing. The key is what makes it happen once, whoever fires a clock how often."""

    __tablename__ = "climbs"
    __table_args__ = (
        UniqueConstraint("root_id", "instrument"),
        Index("ix_climbs_object", "object_id", "at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    root_id: UUID
    """The deadline that was missed first; for a letter that somebody wrote, the letter."""
    instrument: Instrument = word(Instrument)
    level: int
    object_kind: Kind = word(Kind)
    object_id: UUID
    """What the first clock measured."""
    area_code: str
    cycle: int = 1
    deadline_id: UUID
    """The clock whose miss led to this very step: the first one, or that of an unanswered letter."""
    key: str
    due_at: datetime = moment()
    explanation_en: str
    explanation_zh: str
    owed_by: UUID | None = None
    rule: str
    to_id: UUID | None = None
    """Who was written to."""
    letter_id: UUID | None = None
    """None: passed over, since a higher step was due as well; or there was nobody to write."""
    proposal_id: UUID | None = None
    joined: bool = False
    """The letter was there already, about the same thing: nobody is written to twice."""
    at: datetime = moment()


class Proposal(Aggregate, Row, table=True):
    """What the committee is to decide on, because an interview had no result."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_made", "made_at", "id"),)

    state: ProposalState = word(ProposalState, default=ProposalState.OPEN)
    about_id: UUID = Field(index=True)
    letter_id: UUID | None = None
    hazard_ids: list[str] = several()
    facts: str
    made_at: datetime = moment()
    measure: Measure | None = word(Measure, nullable=True)
    reason: str = ""
    decided_by: UUID | None = None
    decided_at: datetime | None = moment(nullable=True)

    @property
    def about(self) -> About:
        return About(Kind.PROPOSAL, self.id, self.area_code)
