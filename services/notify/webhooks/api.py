"""Subscriptions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.notify.webhooks import actions, queries
from services.notify.webhooks.clients import Endpoints
from services.notify.webhooks.domain import DeliveryState
from services.notify.webhooks.models import Subscription, WebhookAttempt, WebhookDelivery
from services.notify.webhooks.shapes import (
    AttemptView,
    DeliveryPage,
    DeliveryView,
    Subscribe,
    SubscriptionView,
)
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Tx, Who, part

router = APIRouter(tags=["subscriptions"], dependencies=[versioned(Subscription, "subscription_id")])


@router.put("/subscriptions/{subscription_id}", dependencies=[allowed("subscription.keep")])
async def subscribe(
    subscription_id: UUID,
    ask: Subscribe,
    who: Who,
    now: Now,
    tx: Tx,
    endpoints: Annotated[Endpoints, part(Endpoints)],
    response: Response,
) -> SubscriptionView:
    """Create (201, with the secret, shown this once), change or switch on again (200)."""
    subscription, created = await actions.subscribe(
        tx, who, subscription_id, ask, now, allow_loopback=endpoints.allow_loopback
    )
    response.status_code = 201 if created else 200
    return _view(subscription, secret=subscription.secret if created else None)


@router.get("/subscriptions", dependencies=[allowed("subscription.read")])
async def subscriptions(who: Who, tx: Tx) -> list[SubscriptionView]:
    return [_view(each) for each in await queries.all_own(tx, who)]


@router.get("/subscriptions/{subscription_id}", dependencies=[allowed("subscription.read")])
async def subscription(subscription_id: UUID, who: Who, tx: Tx) -> SubscriptionView:
    return _view(await queries.own(tx, who, subscription_id))


@router.delete("/subscriptions/{subscription_id}", status_code=204, dependencies=[allowed("subscription.read")])
async def unsubscribe(subscription_id: UUID, who: Who, tx: Tx) -> None:
    await actions.unsubscribe(tx, who, subscription_id)


@router.get("/subscriptions/{subscription_id}/deliveries", dependencies=[allowed("subscription.read")])
async def deliveries(
    subscription_id: UUID,
    who: Who,
    tx: Tx,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
) -> DeliveryPage:
    """List what was or is to be delivered, the newest first, with every attempt."""
    await queries.own(tx, who, subscription_id)
    rows = await queries.deliveries(tx, subscription_id, after, limit + 1)
    shown = rows[:limit]
    return DeliveryPage(
        items=[_delivery(*row) for row in shown],
        next=str(shown[-1][0].position) if len(rows) > limit else None,
    )


def _view(row: Subscription, secret: str | None = None) -> SubscriptionView:
    return SubscriptionView.model_validate({**row.model_dump(exclude={"secret"}), "secret": secret})


def _delivery(row: WebhookDelivery, attempts: list[WebhookAttempt]) -> DeliveryView:
    return DeliveryView(
        event_id=row.event_id,
        type=row.type,
        state=row.state,
        next_at=row.next_at if row.state is DeliveryState.PENDING else None,
        attempts=[AttemptView.model_validate(attempt) for attempt in attempts],
    )
