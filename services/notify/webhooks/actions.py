"""What a partner does with its subscriptions, and what delivering to them changes."""

import base64
import json
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.outside.domain import Scope, narrowed
from services.notify.outside.domain.fields import LEAVING
from services.notify.outside.models import OutsideEvent
from services.notify.outside.queries import current_scope, head, seen_by
from services.notify.webhooks import domain, queries
from services.notify.webhooks.domain import Answer, DeliveryState, SubscriptionState
from services.notify.webhooks.models import Subscription, WebhookAttempt, WebhookDelivery
from services.notify.webhooks.shapes import Subscribe
from shared.auth import Actor
from shared.contracts.notify import SubscriptionDisabled
from shared.contracts.values import derived_id
from shared.errors import BadInput, no_such
from shared.outbox import emit

SECRET_BYTES = 32
COLLECT = 200
"""Copies taken from the feed at once."""


async def subscribe(
    tx: AsyncSession, who: Actor, subscription_id: UUID, ask: Subscribe, now: datetime, *, allow_loopback: bool
) -> tuple[Subscription, bool]:
    """Create, change or switch on a subscription; it is told what happens from its creation on. True: created."""
    _check(who, ask, allow_loopback=allow_loopback)
    subscription = await tx.get(Subscription, subscription_id, with_for_update=True)
    if subscription is not None and subscription.owner_party_id != who.party_id:
        raise no_such("subscription", "订阅")
    created = subscription is None or subscription.state is SubscriptionState.DELETED
    if subscription is None:
        assert who.party_id is not None
        subscription = Subscription(
            id=subscription_id,
            area_code=who.area_code,
            owner_id=who.id,
            owner_party_id=who.party_id,
            owner_role=who.role,
            url=ask.url,
            types=list(ask.types),
            areas=list(ask.areas),
            secret="",
            position=0,
            created_at=now,
        )
        tx.add(subscription)
    if created:
        subscription.secret = _new_secret()
        subscription.position = await head(tx)
    subscription.owner_id, subscription.owner_role, subscription.area_code = who.id, who.role, who.area_code
    subscription.url, subscription.types, subscription.areas = ask.url, list(ask.types), list(ask.areas)
    subscription.state = SubscriptionState.ACTIVE
    subscription.failing_since = subscription.resume_at = None
    return subscription, created


async def unsubscribe(tx: AsyncSession, who: Actor, subscription_id: UUID) -> None:
    """Stop a subscription and forget its secret."""
    subscription = await queries.own(tx, who, subscription_id)
    subscription.state = SubscriptionState.DELETED
    subscription.secret = ""


def _check(who: Actor, ask: Subscribe, *, allow_loopback: bool) -> None:
    problem = domain.check_subscriber(who.party_id) or domain.check_endpoint(ask.url, allow_loopback=allow_loopback)
    if problem is not None:
        raise problem
    leaving = {event.type_name() for event in LEAVING}
    if unknown := sorted(set(ask.types) - leaving):
        raise BadInput(
            "unknown-event-type",
            f"No such event leaves the platform: {', '.join(unknown)}.",
            f"没有可订阅的事件类型：{'、'.join(unknown)}。",
            known=sorted(leaving),
        )


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


async def scope_now(tx: AsyncSession, subscription: Subscription, now: datetime) -> Scope:
    """Give what the subscription asks of what its owner may see at this moment."""
    owner = Actor(subscription.owner_id, subscription.owner_role, subscription.owner_party_id, subscription.area_code)
    return narrowed(await current_scope(tx, owner, now), tuple(subscription.areas), frozenset(subscription.types))


async def collect(tx: AsyncSession, subscription_id: UUID, token: UUID, now: datetime) -> None:
    """Write a delivery for each copy that is new in the feed and within the subscription's scope."""
    if (subscription := await queries.leased(tx, subscription_id, token)) is None:
        return
    until = await head(tx)
    rows = await seen_by(tx, await scope_now(tx, subscription, now), subscription.position, until, COLLECT)
    if rows:
        await tx.execute(
            insert(WebhookDelivery)
            .values([_delivery(subscription_id, row, now) for row in rows])
            .on_conflict_do_nothing()
        )
    subscription.position = (rows[-1].position or 0) if len(rows) == COLLECT else until


def _delivery(subscription_id: UUID, row: OutsideEvent, now: datetime) -> dict[str, Any]:
    return {
        "id": derived_id("webhook", subscription_id, row.event_id),
        "subscription_id": subscription_id,
        "event_id": row.event_id,
        "position": row.position,
        "type": row.type,
        "state": DeliveryState.PENDING,
        "attempts": 0,
        "next_at": now,
    }


async def begin_attempt(
    tx: AsyncSession, subscription_id: UUID, token: UUID, until: datetime, now: datetime
) -> tuple[Subscription, WebhookDelivery, OutsideEvent] | None:
    """Count an attempt on the next due copy before it is made; copies that left the scope meanwhile are dropped."""
    if (subscription := await queries.leased(tx, subscription_id, token)) is None:
        return None
    scope = await scope_now(tx, subscription, now)
    while (due := await queries.next_due(tx, subscription_id, now)) is not None:
        delivery, copy = due
        if scope.sees(copy.channel, copy.area_code, copy.type):
            delivery.attempts += 1
            delivery.next_at = until
            return subscription, delivery, copy
        delivery.state = DeliveryState.DEAD
    return None


async def end_attempt(
    tx: AsyncSession, subscription_id: UUID, token: UUID, delivery_id: UUID, answer: Answer, now: datetime
) -> None:
    """Write down how the endpoint answered, and what follows from it."""
    subscription = await queries.leased(tx, subscription_id, token)
    delivery = await tx.get(WebhookDelivery, delivery_id)
    if subscription is None or delivery is None:
        return
    tx.add(
        WebhookAttempt(
            delivery_id=delivery_id,
            at=now,
            status=answer.status,
            duration_ms=answer.duration_ms,
            error=answer.error,
        )
    )
    if answer.good:
        delivery.state = DeliveryState.DONE
        subscription.failing_since = None
        return
    again = domain.try_again_at(now, delivery_id, delivery.attempts, answer.retry_after_s)
    if again is None:
        delivery.state = DeliveryState.DEAD
    else:
        delivery.next_at = again
    if answer.retry_after_s is not None:
        subscription.resume_at = now + domain.pause(answer.retry_after_s)
    subscription.failing_since = subscription.failing_since or now
    if answer.unsubscribes or domain.failed_too_long(subscription.failing_since, now):
        subscription.state = SubscriptionState.DISABLED
        switched_off = SubscriptionDisabled(
            at=now,
            area_code=subscription.area_code,
            subscription_id=subscription.id,
            owner_party_id=subscription.owner_party_id,
        )
        await emit(tx, subscription, switched_off)


async def release(tx: AsyncSession, subscription_id: UUID, token: UUID) -> None:
    subscription = await tx.get(Subscription, subscription_id, with_for_update=True)
    if subscription is not None and subscription.lease_token == token:
        subscription.lease_token = subscription.lease_until = None


def message_body(copy: OutsideEvent) -> str:
    """Write the body of Standard Webhooks: what happened, when, and the copy; `sequence` shows gaps per `subject`."""
    return json.dumps(
        {
            "type": copy.type,
            "timestamp": copy.at.isoformat(),
            "subject": str(copy.aggregate_id),
            "sequence": copy.sequence,
            "channel": copy.channel,
            "area": copy.area_code,
            "data": copy.data,
        },
        ensure_ascii=False,
    )
