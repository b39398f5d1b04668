"""Delivers to partners' endpoints, each in its own lane; without lanes one hanging endpoint would stop the others."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from services.notify.webhooks import actions, queries
from services.notify.webhooks.clients import Endpoints, Line
from shared.crashpoint import crashpoint
from shared.observe import logger
from shared.service import Service

LANES = 16
LANE_CALLS = 10
LEASE = timedelta(minutes=5)
"""Longer than `LANE_CALLS` calls may take, so that nobody else serves the same endpoint meanwhile."""
ROUND_S = 0.2

log = logger("webhooks")


@dataclass(slots=True)
class Lanes:
    """The endpoints being served now. Another replica serves others: a lease belongs to one worker."""

    under_way: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])

    async def deliver(self, service: Service) -> int:
        """Open lanes for subscriptions with work and wait a moment for the quickest; 0 when there is nothing to do."""
        try:
            await self._open(service)
            if not self.under_way:
                return 0
            done, self.under_way = await asyncio.wait(
                self.under_way, timeout=ROUND_S, return_when=asyncio.FIRST_COMPLETED
            )
        except asyncio.CancelledError:
            for lane in self.under_way:
                lane.cancel()
            await asyncio.gather(*self.under_way, return_exceptions=True)
            raise
        for lane in done:
            if (crashed := lane.exception()) is not None:
                log.error("lane crashed; its lease runs out", error=repr(crashed), exc_info=crashed)
        return len(done) + len(self.under_way)

    async def _open(self, service: Service) -> None:
        if (free := LANES - len(self.under_way)) <= 0:
            return
        now, token = service.clock(), uuid4()
        async with service.database.reading() as tx:
            if not await queries.any_work(tx, now):
                return
        async with service.database.transaction() as tx:
            leased = await queries.lease(tx, token, now + LEASE, free, now)
        self.under_way |= {asyncio.create_task(_serve(service, each, token)) for each in leased}


async def _serve(service: Service, subscription_id: UUID, token: UUID) -> None:
    """Serve one subscription: first attempts in the order of the feed, failed ones again when they are due."""
    endpoints = service.parts[Endpoints]
    assert isinstance(endpoints, Endpoints)
    try:
        async with service.database.transaction() as tx:
            await actions.collect(tx, subscription_id, token, service.clock())
        async with endpoints.connected() as line:
            for _ in range(LANE_CALLS):
                if not await _call_next(service, line, subscription_id, token):
                    break
    finally:
        async with service.database.transaction() as tx:
            await actions.release(tx, subscription_id, token)


async def _call_next(service: Service, line: Line, subscription_id: UUID, token: UUID) -> bool:
    now = service.clock()
    async with service.database.transaction() as tx:
        begun = await actions.begin_attempt(tx, subscription_id, token, now + LEASE, now)
    if begun is None:
        return False
    subscription, delivery, copy = begun
    crashpoint("webhook.claimed")
    answer = await line.call(subscription.url, subscription.secret, copy.event_id, actions.message_body(copy), now)
    crashpoint("webhook.answered")
    async with service.database.transaction() as tx:
        await actions.end_attempt(tx, subscription_id, token, delivery.id, answer, service.clock())
    return answer.good or answer.retry_after_s is None
