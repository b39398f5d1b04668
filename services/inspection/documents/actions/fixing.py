"""Takes up documents that wait to be printed, and fixes what was printed for ever."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.documents.models import Document, Rendition, Serving
from shared.contracts.inspection import (
    DocumentIssued,
    DocumentState,
    PrintedFile,
)
from shared.outbox import emit

LEASE = timedelta(minutes=2)
"""How long one process may take for a document before another one tries."""
LONGEST_REST = timedelta(hours=1)


async def is_due(tx: AsyncSession, now: datetime) -> bool:
    """Tell whether a document waits to be printed."""
    query = select(Document.id).where(col(Document.state) == DocumentState.PENDING, col(Document.try_at) <= now)
    return (await tx.execute(query.limit(1))).first() is not None


async def take(tx: AsyncSession, limit: int, now: datetime) -> list[Document]:
    """Take the documents that have waited longest; others who print leave them alone for the time of a lease."""
    query = (
        select(Document)
        .where(col(Document.state) == DocumentState.PENDING, col(Document.try_at) <= now)
        .order_by(col(Document.try_at), col(Document.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = list((await tx.execute(query)).scalars())
    for document in taken:
        document.tries += 1
        document.try_at = now + LEASE
    return taken


async def put_back(tx: AsyncSession, document_id: UUID, fault: str, now: datetime) -> None:
    """Let a document that could not be printed wait, each time twice as long; the act stands all the same."""
    document = await tx.get_one(Document, document_id, with_for_update=True)
    if document.state is DocumentState.PENDING:
        document.fault = fault
        document.try_at = now + min(timedelta(seconds=2 ** min(document.tries, 12)), LONGEST_REST)


async def fix(
    tx: AsyncSession, document_id: UUID, files: Sequence[Rendition], template: str, now: datetime
) -> Document:
    """Fix the hashes of what was printed, once; who prints the same a second time changes nothing."""
    document = await tx.get_one(Document, document_id, with_for_update=True)
    if document.state is not DocumentState.PENDING:
        return document
    tx.add_all(files)
    document.state, document.template, document.printed_at = DocumentState.ISSUED, template, now
    document.try_at, document.fault = None, ""
    served = await tx.get(Serving, document.id) is not None
    await emit(
        tx,
        document,
        DocumentIssued(
            at=now,
            area_code=document.area_code,
            document_id=document.id,
            kind=document.kind,
            number=document.number,
            state=document.state,
            issuer_id=document.issuer_id,
            addressee_id=document.addressee_id,
            hazard_id=document.hazard_id,
            enterprise_id=document.addressee_id if document.addressee_is_enterprise and served else None,
            files=tuple(PrintedFile(language=file.language, sha256=file.sha256) for file in files),
        ),
    )
    return document
