"""What each authority was asked to do in a hazard; without a row of its own no party would have a clock."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, text
from sqlmodel import Field

from services.inspection.models import Row
from shared.contracts.inspection import (
    PartState,
    PartTask,
    ReturnReason,
)
from shared.db import moment, several, word


class HazardPart(Row, table=True):
    """What one authority or township was asked to do in one cycle of a hazard, and its answer."""

    __tablename__ = "hazard_parts"
    __table_args__ = (
        Index(
            "uq_hazard_parts_open",
            *("hazard_id", "cycle", "authority_id", "task"),
            unique=True,
            postgresql_where=text("state not in ('answered', 'released')"),
        ),
        CheckConstraint("(task = 'joint_inspection') = (\"on\" is not null)", name="joint_day"),
    )

    id: UUID = Field(primary_key=True)
    serial: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), nullable=False))
    """The order of asking: several may be asked at one instant."""
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    authority_id: UUID = Field(index=True)
    """The authority or township that was asked."""
    asked_by_id: UUID
    """The authority that led the hazard and asked."""
    task: PartTask = word(PartTask)
    what: str
    required: bool
    on: date | None = None
    """The day of a joint inspection."""
    state: PartState = word(PartState, default=PartState.ASKED)
    asked_at: datetime = moment()
    due: datetime | None = moment(nullable=True)
    """When the answer is due; None: to take note is enough."""
    acknowledged_at: datetime | None = moment(nullable=True)
    answered_at: datetime | None = moment(nullable=True)
    answer: str = ""
    files: list[dict[str, Any]] = several()
    officers: list[str] = several()
    by_id: UUID
    """Who made its last move."""
    reason_code: ReturnReason | None = word(ReturnReason, nullable=True)
    reason: str = ""
    """Why it was declined; the words of every later move stand in history."""
    suggested_authority_id: UUID | None = None
    arbitrated_at: datetime | None = moment(nullable=True)
    """The committee decided that it is this party's; it is not declined again."""
    replaces_id: UUID | None = None
    """The part that another party declined."""
