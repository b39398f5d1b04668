"""Checks and writes files beside the requests; without it a request would have to wait for 100,000 rows."""

from services.registry.imports.actions.working import work
from services.registry.imports.clients import Files
from shared.service import Service


async def look_after_files(service: Service) -> int:
    return await work(service.database, service.part(Files), service.clock)
