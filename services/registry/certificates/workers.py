"""Tells what a day brings to certificates: which begin, which are over; nobody's refusal waits for it."""

from services.registry.certificates.actions import certificates as actions
from services.registry.certificates.queries import certificates as queries
from services.registry.people.queries import local_day
from shared.service import Service

AT_ONCE = 100


async def tell_days(service: Service) -> int:
    """Tell a round of expiries, and bring people's facts to the certificates that began."""
    now = service.clock()
    async with service.database.reading() as tx:
        today = local_day(tx, now)
        if not await queries.expired_untold(tx, today, 1) and not await queries.begun_untold(tx, today, 1):
            return 0
    async with service.database.transaction() as tx:
        over = await queries.expired_untold(tx, today, AT_ONCE)
        for certificate in over:
            await actions.tell_expiry(tx, certificate, now)
        begun = await queries.begun_untold(tx, today, AT_ONCE)
        await actions.tell_newest_of(tx, begun, now)
    return len(over) + len(begun)
