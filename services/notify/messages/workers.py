"""Sends the mails that are due; without it they would stay rows."""

from datetime import timedelta
from uuid import UUID, uuid4

from services.notify.messages.clients import Mailer, Outcome, Sent
from services.notify.messages.domain import try_again_after
from services.notify.messages.models import Delivery, DeliveryState
from services.notify.messages.queries import DueMail, any_due, claim_due
from shared.contracts.notify import DeliveryFailed
from shared.crashpoint import crashpoint
from shared.observe import logger
from shared.outbox import emit
from shared.service import Service

MAILS = 20
LEASE = timedelta(minutes=10)
"""Longer than a whole round may take (`MAILS` x `SEND_S`), so that nobody else sends the same mail meanwhile."""

log = logger("mail")


async def send_due_mail(service: Service) -> int:
    """Send one round of mails; a crash on the way sends those again later, under the same Message-ID."""
    now, token = service.clock(), uuid4()
    async with service.database.reading() as tx:
        if not await any_due(tx, now):
            return 0
    async with service.database.transaction() as tx:
        due = await claim_due(tx, token, now + LEASE, MAILS, now)
    mailer = service.parts[Mailer]
    assert isinstance(mailer, Mailer)
    async with mailer.conversation() as conversation:
        for mail in due:
            crashpoint("mail.claimed")
            outcome = await conversation.send(mail, now)
            crashpoint("mail.answered")
            await _settle(service, mail, token, outcome)
    return len(due)


async def _settle(service: Service, mail: DueMail, token: UUID, outcome: Outcome) -> None:
    """Write the outcome back, unless the lease was lost and somebody else is at it."""
    now = service.clock()
    async with service.database.transaction() as tx:
        delivery = await tx.get(Delivery, mail.delivery_id, with_for_update=True)
        if delivery is None or delivery.lease_token != token:
            return
        delivery.lease_token = delivery.lease_until = None
        delivery.error = outcome.error
        wait = try_again_after(delivery.attempts) if outcome.sent is Sent.NOT_NOW else None
        if outcome.sent is Sent.YES:
            delivery.state = DeliveryState.DONE
        elif wait is not None:
            delivery.next_at = now + wait
        else:
            delivery.state = DeliveryState.DEAD
            log.warning("mail given up", delivery_id=str(delivery.id), attempts=delivery.attempts, error=outcome.error)
            failed = DeliveryFailed(
                at=now,
                area_code=delivery.area_code,
                delivery_id=delivery.id,
                channel="email",
                attempts=delivery.attempts,
            )
            await emit(tx, delivery, failed)
