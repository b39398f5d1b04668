"""What a partner asks of a subscription and is told about it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.notify.webhooks.domain import DeliveryState, SubscriptionState
from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode


class Subscribe(Ask):
    """`types` empty: every type that its owner may see; `areas` empty: its owner's whole area."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    types: Annotated[tuple[Annotated[str, StringConstraints(max_length=200)], ...], Field(max_length=100)] = ()
    areas: Annotated[tuple[AreaCode, ...], Field(max_length=100)] = ()


class SubscriptionView(View):
    id: UUID
    url: str
    types: list[str]
    areas: list[str]
    state: SubscriptionState
    created_at: datetime
    failing_since: datetime | None
    secret: str | None = None
    """Shown once, in the answer that created the subscription; it verifies `webhook-signature`."""


class AttemptView(View):
    at: datetime
    status: int | None
    duration_ms: int
    error: str | None


class DeliveryView(View):
    event_id: UUID
    type: str
    state: DeliveryState
    next_at: datetime | None
    attempts: list[AttemptView]


class DeliveryPage(View):
    items: list[DeliveryView]
    next: str | None
