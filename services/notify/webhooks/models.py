"""Subscriptions, what each still has to receive, and every attempt; without them a partner could not be shown why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.notify.models import Row
from services.notify.webhooks.domain import DeliveryState, SubscriptionState
from shared.db import Aggregate, document, moment, word


class Subscription(Aggregate, Row, table=True):
    """An endpoint of a party. Only the holder of its lease delivers to it, so first attempts keep their order."""

    __tablename__ = "subscriptions"
    __table_args__ = (CheckConstraint("state in ('active', 'disabled', 'deleted')", "state"),)

    owner_id: UUID
    owner_party_id: UUID = Field(index=True)
    owner_role: str
    url: str
    types: list[str] = document()
    areas: list[str] = document()
    secret: str = Field(repr=False)
    state: SubscriptionState = word(SubscriptionState, default=SubscriptionState.ACTIVE)
    position: int = Field(sa_type=BigInteger)
    """How far into the feed deliveries have been written."""
    created_at: datetime = moment()
    failing_since: datetime | None = moment(nullable=True)
    resume_at: datetime | None = moment(nullable=True)
    """The endpoint asked to be left alone until then."""
    lease_token: UUID | None = None
    lease_until: datetime | None = moment(nullable=True)


class WebhookDelivery(Row, table=True):
    """One copy for one endpoint; the copy's id is the `webhook-id`."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("subscription_id", "event_id"),
        CheckConstraint("state in ('pending', 'done', 'dead')", "state"),
        Index("ix_webhook_deliveries_due", "subscription_id", "next_at", postgresql_where=text("state = 'pending'")),
    )

    id: UUID = Field(primary_key=True)
    subscription_id: UUID = Field(foreign_key="subscriptions.id")
    event_id: UUID
    position: int = Field(sa_type=BigInteger)
    type: str
    state: DeliveryState = word(DeliveryState, default=DeliveryState.PENDING)
    attempts: int = 0
    next_at: datetime = moment()


class WebhookAttempt(Row, table=True):
    """One call and how it was answered."""

    __tablename__ = "webhook_attempts"

    id: int | None = Field(default=None, primary_key=True)
    delivery_id: UUID = Field(index=True, foreign_key="webhook_deliveries.id")
    at: datetime = moment()
    status: int | None = None
    duration_ms: int
    error: str | None = None
