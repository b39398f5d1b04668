"""Prints what waits to be printed, off the loop that answers people; without it every order would stop the service."""

import asyncio

from services.inspection.documents.actions import fixing
from services.inspection.documents.clients import CannotPrint, Press
from services.inspection.documents.clients.archive import print_out
from services.inspection.documents.models import Document
from shared.crashpoint import crashpoint
from shared.evidence import EvidenceStore
from shared.observe import logger
from shared.service import Service, Worker

log = logger("documents")


def printing() -> Worker:
    return Worker("documents", _print_due, rest_s=5.0)


async def _print_due(service: Service) -> int:
    """Print as many at once as there are processes, and say how many were taken up."""
    press = service.part(Press)
    if press.workers == 0:
        return 0
    async with service.database.reading() as tx:
        if not await fixing.is_due(tx, service.clock()):
            return 0
    async with service.database.transaction() as tx:
        taken = await fixing.take(tx, press.workers, service.clock())
    await asyncio.gather(*(_print(service, press, document) for document in taken))
    return len(taken)


async def _print(service: Service, press: Press, document: Document) -> None:
    try:
        files, template = await print_out(press, service.part(EvidenceStore), document)
    except Exception as fault:
        log.exception("document not printed", document=str(document.id), kind=document.kind, tries=document.tries)
        async with service.database.transaction() as tx:
            await fixing.put_back(tx, document.id, _told(fault), service.clock())
        return
    crashpoint("document.kept")
    async with service.database.transaction() as tx:
        await fixing.fix(tx, document.id, files, template, service.clock())


def _told(fault: Exception) -> str:
    return str(fault) if isinstance(fault, CannotPrint) else type(fault).__name__
