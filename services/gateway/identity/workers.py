"""Clears away what is over; without it the tables of grants and codes would only grow."""

from services.gateway.identity.actions.grants import forget
from shared.service import Service, Worker

EVERY_S = 3600.0


def tidying() -> Worker:
    return Worker("grants", _tidy, rest_s=EVERY_S, woken=False)


async def _tidy(service: Service) -> int:
    async with service.database.transaction() as tx:
        await forget(tx, service.clock())
    return 0
