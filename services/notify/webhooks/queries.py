"""Which subscriptions have work, what each must receive next, and what its owner may see of that."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.notify.outside.models import OutsideEvent
from services.notify.webhooks.domain import DeliveryState, SubscriptionState
from services.notify.webhooks.models import Subscription, WebhookAttempt, WebhookDelivery
from shared.auth import Actor
from shared.errors import no_such

_WITH_WORK = """
select id from subscriptions s
where state = 'active' and (lease_until is null or lease_until < :now) and (resume_at is null or resume_at <= :now)
  and (position < (select coalesce(max(position), 0) from outside_events)
       or exists (select 1 from webhook_deliveries d
                  where d.subscription_id = s.id and d.state = 'pending' and d.next_at <= :now))
"""
_ANY_WORK = text(f"select exists ({_WITH_WORK})")
_LEASE = text(f"""
update subscriptions set lease_token = :token, lease_until = :until
where id in ({_WITH_WORK} order by position limit :limit for update skip locked)
returning id
""")  # noqa: S608 — a constant of this file


async def any_work(tx: AsyncSession, now: datetime) -> bool:
    return bool((await tx.execute(_ANY_WORK, {"now": now})).scalar_one())


async def lease(tx: AsyncSession, token: UUID, until: datetime, limit: int, now: datetime) -> list[UUID]:
    """Lease subscriptions that have something to do to this worker alone."""
    rows = await tx.execute(_LEASE, {"token": token, "until": until, "limit": limit, "now": now})
    return list(rows.scalars())


async def leased(tx: AsyncSession, subscription_id: UUID, token: UUID) -> Subscription | None:
    """Lock a subscription that is still ours; None when the lease was lost or it is no longer active."""
    subscription = await tx.get(Subscription, subscription_id, with_for_update=True)
    if subscription is None or subscription.lease_token != token:
        return None
    return subscription if subscription.state is SubscriptionState.ACTIVE else None


async def next_due(
    tx: AsyncSession, subscription_id: UUID, now: datetime
) -> tuple[WebhookDelivery, OutsideEvent] | None:
    """Give the earliest copy that is due, in the order of the feed."""
    query = (
        select(WebhookDelivery, OutsideEvent)
        .join(OutsideEvent, col(OutsideEvent.event_id) == col(WebhookDelivery.event_id))
        .where(
            col(WebhookDelivery.subscription_id) == subscription_id,
            col(WebhookDelivery.state) == DeliveryState.PENDING,
            col(WebhookDelivery.next_at) <= now,
        )
        .order_by(col(WebhookDelivery.position))
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def own(tx: AsyncSession, who: Actor, subscription_id: UUID) -> Subscription:
    """Give a subscription of the actor's own party; any other is as good as absent."""
    subscription = await tx.get(Subscription, subscription_id, with_for_update=True)
    if (
        subscription is None
        or who.party_id is None
        or subscription.owner_party_id != who.party_id
        or subscription.state is SubscriptionState.DELETED
    ):
        raise no_such("subscription", "订阅")
    return subscription


async def all_own(tx: AsyncSession, who: Actor) -> Sequence[Subscription]:
    mine = (
        col(Subscription.owner_party_id) == who.party_id,
        col(Subscription.state) != SubscriptionState.DELETED,
    )
    return (await tx.execute(select(Subscription).where(*mine).order_by(col(Subscription.created_at)))).scalars().all()


async def deliveries(
    tx: AsyncSession, subscription_id: UUID, before: int | None, limit: int
) -> Sequence[tuple[WebhookDelivery, list[WebhookAttempt]]]:
    """List deliveries, the newest first, each with its attempts in order."""
    query = select(WebhookDelivery).where(col(WebhookDelivery.subscription_id) == subscription_id)
    if before is not None:
        query = query.where(col(WebhookDelivery.position) < before)
    rows = (await tx.execute(query.order_by(col(WebhookDelivery.position).desc()).limit(limit))).scalars().all()
    ids = [row.id for row in rows]
    tried = await tx.execute(
        select(WebhookAttempt).where(col(WebhookAttempt.delivery_id).in_(ids)).order_by(col(WebhookAttempt.id))
    )
    attempts: dict[UUID, list[WebhookAttempt]] = {row.id: [] for row in rows}
    for attempt in tried.scalars():
        attempts[attempt.delivery_id].append(attempt)
    return [(row, attempts[row.id]) for row in rows]
