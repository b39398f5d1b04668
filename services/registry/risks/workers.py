"""Assesses the enterprises whose risk may have changed; without it a colour would be that of the last visit."""

from services.registry.risks.actions import assess_due
from services.registry.risks.queries import any_due
from shared.service import Service

AT_ONCE = 100


async def assess(service: Service) -> int:
    """Assess one batch: what a fact made due, and what time made due."""
    now = service.clock()
    async with service.database.reading() as tx:
        if not await any_due(tx, now):
            return 0
    async with service.database.transaction() as tx:
        return await assess_due(tx, AT_ONCE, service.profile, now)
