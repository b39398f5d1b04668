"""What proves that an order reached somebody, was registered and was looked at again by people who may."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlmodel import Field

from services.inspection.models import Row
from shared.contracts.inspection import (
    DeliveryHow,
    RecusalState,
)
from shared.db import document, moment, several, word


class OrderDelivery(Row, table=True):
    """How one order reached the enterprise; written once and never changed (Work Safety Law art. 68)."""

    __tablename__ = "order_deliveries"

    order_id: UUID = Field(primary_key=True, foreign_key="orders.id")
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    how: DeliveryHow = word(DeliveryHow)
    received_by: str | None = None
    refused: str | None = None
    """Why the signature was refused."""
    witnesses: list[str] = several()
    evidence: list[dict[str, Any]] = several()
    at: datetime = moment()
    by_id: UUID
    recorded_at: datetime = moment()


class MajorReport(Row, table=True):
    """What an enterprise reported of its major hazard (Work Safety Law art. 41; content: Order 16)."""

    __tablename__ = "major_reports"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    state_and_cause: str
    harm_and_difficulty: str
    plan: str
    evidence: list[dict[str, Any]] = several()
    by_id: UUID
    at: datetime = moment()


class SiteCheck(Row, table=True):
    """A look on site at what was verified remotely."""

    __tablename__ = "site_checks"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    recheck_id: UUID = Field(foreign_key="rechecks.id")
    cycle: int
    passed: bool
    remark: str
    evidence: list[dict[str, Any]] = document()
    by_id: UUID
    at: datetime = moment()


class Recusal(Row, table=True):
    """That an officer keeps out of a hazard, or was asked to (Penalty Law art. 43). `asked_by` None: the officer."""

    __tablename__ = "recusals"
    __table_args__ = (
        Index("ix_recusals_effective", "officer_id", "hazard_id", postgresql_where=text("state = 'effective'")),
        Index(
            "uq_recusals_standing",
            "hazard_id",
            "officer_id",
            unique=True,
            postgresql_where=text("state in ('asked', 'effective')"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    officer_id: UUID
    state: RecusalState = word(RecusalState)
    reason: str
    asked_by: UUID | None = None
    """The person of the enterprise who asked."""
    asked_at: datetime = moment()
    decided_by: UUID | None = None
    decided_at: datetime | None = moment(nullable=True)
    decision: str | None = None
