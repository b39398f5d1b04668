"""The clocks that run; without rows nobody could be reminded, and no rate of punctuality could be computed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlmodel import Field

from services.inspection.domain import Kind
from services.inspection.models import Row
from shared.db import moment, word


class DeadlineState(StrEnum):
    OPEN = "open"
    MET = "met"
    CANCELLED = "cancelled"


class Deadline(Row, table=True):
    """One clock of one object. `owed_by` is the party that must act; None is the committee."""

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("ix_deadlines_open", "object_id", postgresql_where=text("state = 'open'")),
        Index("ix_deadlines_due", "due_at", postgresql_where=text("state = 'open'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    object_kind: Kind = word(Kind)
    object_id: UUID
    area_code: str
    key: str
    owed_by: UUID | None = None
    part_id: UUID | None = None
    """Of several parties at one object: whose part of it this clock measures."""
    starts_at: datetime = moment()
    due_at: datetime = moment()
    provisional: bool = False
    explanation_en: str
    explanation_zh: str
    state: DeadlineState = word(DeadlineState, default=DeadlineState.OPEN)
    ended_at: datetime | None = moment(nullable=True)
