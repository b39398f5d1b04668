"""Tells of records whose last day has passed; without it an expired licence would be noticed by chance."""

from services.registry.dossiers.actions import expire
from services.registry.dossiers.queries import any_to_expire, to_expire
from services.registry.people.queries import local_day
from shared.service import Service

AT_ONCE = 100


async def tell_expired(service: Service) -> int:
    """Tell of one batch; a day that nobody looked at is caught up with."""
    now = service.clock()
    async with service.database.reading() as tx:
        if not await any_to_expire(tx, local_day(tx, now)):
            return 0
    async with service.database.transaction() as tx:
        expired = await to_expire(tx, local_day(tx, now), AT_ONCE)
        for record, enterprise in expired:
            await expire(tx, record, enterprise, now)
    return len(expired)
