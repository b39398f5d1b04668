"""What notify promises the other services: that a message failed for good, that a subscription was switched off."""

from uuid import UUID

from shared.contracts.base import Event


class DeliveryFailed(Event, subject="notify.delivery.failed"):
    """A message was given up after its last attempt. Aggregate: the delivery. Holds no address and no content."""

    delivery_id: UUID
    channel: str
    attempts: int


class SubscriptionDisabled(Event, subject="notify.subscription.disabled"):
    """A partner's endpoint failed for so long that it was switched off; its owner is told. Aggregate: it."""

    subscription_id: UUID
    owner_party_id: UUID
