"""Ends memberships whose term is over; without it only those who ask the day would know that they are."""

from services.registry.people import actions, queries
from shared.service import Service

AT_ONCE = 100


async def end_terms(service: Service) -> int:
    """Say of a round of memberships that they ended with their last day."""
    now = service.clock()
    async with service.database.reading() as tx:
        if not await queries.past_their_term(tx, queries.local_day(tx, now), 1):
            return 0
    async with service.database.transaction() as tx:
        over = await queries.past_their_term(tx, queries.local_day(tx, now), AT_ONCE)
        for membership in over:
            await actions.expire(tx, membership, now)
    return len(over)
