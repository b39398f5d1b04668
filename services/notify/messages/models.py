"""Rows of what was told to whom, and of each mail still to be sent; without them a crash would lose or double mail."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.notify.models import Row
from shared.db import Aggregate, moment, word


class Notification(Row, table=True):
    """One message to one person about one fact, as it was worded then."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_notifications_person", "person_id", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID
    person_id: UUID
    template: str
    language: str
    subject: str
    body: str
    about_type: str
    """Kind of the thing it speaks of: `hazard`, `report`, …"""
    about_id: UUID
    created_at: datetime = moment()
    read_at: datetime | None = moment(nullable=True)


class DeliveryState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class Delivery(Aggregate, Row, table=True):
    """One e-mail. `attempts` is raised when a worker claims it, so a crash counts too."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state in ('pending', 'done', 'dead')", "state"),
        Index("ix_deliveries_due", "next_at", postgresql_where=text("state = 'pending'")),
    )

    notification_id: UUID = Field(unique=True, foreign_key="notifications.id")
    state: DeliveryState = word(DeliveryState, default=DeliveryState.PENDING)
    attempts: int = 0
    next_at: datetime = moment()
    lease_token: UUID | None = None
    lease_until: datetime | None = moment(nullable=True)
    error: str | None = None
