"""Tells that letters have run out; without it copies elsewhere would call them published for ever."""

from services.registry.delegations import actions, queries
from shared.service import Service

AT_ONCE = 50
REST_S = 60.0


async def expire_letters(service: Service) -> int:
    """End letters whose last day is over. Whoever checks a command looks at the day itself and never waits for this."""
    now = service.clock()
    today = service.profile.local_day(now)
    async with service.database.reading() as tx:
        due = await queries.over(tx, today, AT_ONCE)
    done = 0
    for delegation_id in due:
        async with service.database.transaction() as tx:
            done += await actions.expire(tx, delegation_id, today, now)
    return done
