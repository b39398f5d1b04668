"""Prints a committed document in both languages and keeps the files by their hash; what is kept is never replaced."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.inspection.documents.clients.jobs import Job
from services.inspection.documents.clients.press import Press
from services.inspection.documents.domain.papers import paper_of, pictures_of
from services.inspection.documents.models import Document, Rendition
from shared.contracts.inspection import Language
from shared.contracts.values import EvidenceRef, derived_id
from shared.errors import NotFound, Problem
from shared.evidence import EvidenceStore, Kept

OWNER = "documents"
"""Under which the store keeps what was printed."""
UNKNOWN = "unknown"
"""Said of the templates of a file that an earlier try had kept."""
_UNREADABLE = "evidence-damaged"


def file_id(document_id: UUID, language: str) -> UUID:
    """Name the file of a document in one language."""
    return derived_id("document", document_id, language)


async def print_out(press: Press, store: EvidenceStore, document: Document) -> tuple[list[Rendition], str]:
    """Print both languages and keep them; raises CannotPrint. What an earlier try has kept already, stands."""
    pictures = await pictures_for(press, store, document.data)
    files: list[Rendition] = []
    template = ""
    for language in Language:
        printed = await press.printed(job_of(document, language, pictures))
        kept = await _keep(store, document.id, language, printed.pdf)
        earlier = kept.sha256 != sha256(printed.pdf).hexdigest()
        pages = await press.pages(await file_of(store, document.id, language)) if earlier else printed.pages
        files.append(
            Rendition(
                document_id=document.id,
                language=language,
                sha256=kept.sha256,
                size_bytes=kept.size_bytes,
                pages=pages,
            )
        )
        template = UNKNOWN if earlier or template == UNKNOWN else printed.template
    return files, template


def job_of(document: Document, language: str, pictures: Mapping[str, bytes | None]) -> Job:
    return Job(
        kind=document.kind,
        language=language,
        data=document.data,
        code=document.code,
        address=f"{document.data['verify_url']['page']}/{document.code}",
        at=document.issued_at,
        pictures=pictures,
    )


async def file_of(store: EvidenceStore, document_id: UUID, language: str) -> bytes:
    """Give the file as it was printed, proven by its hash."""
    data, _ = await store.read(OWNER, file_id(document_id, language))
    return data


async def _keep(store: EvidenceStore, document_id: UUID, language: str, pdf: bytes) -> Kept:
    """Keep a file, unless one was kept before a crash: then that one is the document, whatever templates say now."""
    try:
        return await store.kept(OWNER, file_id(document_id, language))
    except NotFound:
        return await store.keep(OWNER, file_id(document_id, language), pdf)


async def pictures_for(press: Press, store: EvidenceStore, data: Mapping[str, Any]) -> dict[str, bytes | None]:
    """Give the pictures that a document shows, as small as they are printed; one at a time, for they come in large."""
    return {str(ref.id): await _picture(press, store, ref) for ref in pictures_of(paper_of(data))}


async def _picture(press: Press, store: EvidenceStore, ref: EvidenceRef) -> bytes | None:
    """Give a picture in small, None for one that is lost or is not what was referred to: the paper then says so."""
    try:
        whole, kept = await store.read(ref.owner, ref.id)
    except Problem as lost:
        if isinstance(lost, NotFound) or lost.slug == _UNREADABLE:
            return None
        raise
    return await press.small(whole) if kept.sha256 == ref.sha256 else None
