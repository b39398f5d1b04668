"""Routes of documents: issue, list, show, the file itself, its service, declaring it void; and what anybody may ask."""

from datetime import tzinfo
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response

from services.inspection.documents.actions import requesting, serving
from services.inspection.documents.clients import CannotPrint, Press
from services.inspection.documents.clients.archive import file_of
from services.inspection.documents.models import Document
from services.inspection.documents.queries import seeing, telling
from services.inspection.documents.queries.seeing import Wanted
from services.inspection.documents.shapes import (
    DocumentDetail,
    DocumentPage,
    IssueDocument,
    ServeDocument,
    Verification,
    VoidDocument,
)
from services.inspection.domain import Kind
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView, Timeline
from shared.contracts.inspection import (
    DocumentKind,
    DocumentState,
    Language,
)
from shared.errors import Conflict, Unavailable
from shared.evidence import EvidenceStore
from shared.permission import allowed
from shared.versions import versioned
from shared.web import Now, Rules, Tx, Who, part

router = APIRouter()
_documents = APIRouter(prefix="/documents", tags=["documents"], dependencies=[versioned(Document, "document_id")])
_verify = APIRouter(prefix="/verify", tags=["documents"])
PDF = "application/pdf"
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}
Printing = Annotated[Press, part(Press)]
Files = Annotated[EvidenceStore, part(EvidenceStore)]


@_documents.post("", status_code=201, dependencies=[allowed("document.issue")])
async def issue(ask: Annotated[IssueDocument, Body()], who: Who, now: Now, tx: Tx) -> DocumentDetail:
    """Issue a document that no act issues by itself. It has its number at once, and is printed in a moment."""
    document = await requesting.request(tx, who, ask, now)
    await tx.flush()
    return await telling.detail(tx, who, document)


@_documents.get("", dependencies=[allowed("document.read")])
async def list_documents(
    who: Who,
    tx: Tx,
    kind: DocumentKind | None = None,
    state: DocumentState | None = None,
    hazard: UUID | None = None,
    visit: UUID | None = None,
    letter: UUID | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DocumentPage:
    """List the documents that the reader may read, the newest first."""
    wanted = Wanted(kind=kind, state=state, hazard=hazard, visit=visit, letter=letter)
    found = await seeing.page(tx, who, wanted, after, limit)
    return DocumentPage(items=await telling.lines(tx, found.items), next=found.next)


@_documents.get("/{document_id}", dependencies=[allowed("document.read")])
async def show(document_id: UUID, who: Who, tx: Tx) -> DocumentDetail:
    """Show one document with its files and its service."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, document_id))


@_documents.get("/{document_id}/history", dependencies=[allowed("document.void")])
async def history(document_id: UUID, who: Who, tx: Tx) -> Timeline:
    """Tell who issued, served and voided it."""
    document = await serving.own(tx, who, document_id, "document.void")
    rows = await history_of(tx, Kind.DOCUMENT, document.id)
    return Timeline(items=[HappeningView.model_validate(row) for row in rows])


@_documents.get("/{document_id}/pdf", response_class=Response, responses=_FILE, dependencies=[allowed("document.read")])
async def show_file(
    document_id: UUID, who: Who, tx: Tx, press: Printing, store: Files, rules: Rules, language: Language = Language.ZH
) -> Response:
    """Give the file. One that is void is stamped VOID on every page."""
    document = await seeing.visible(tx, who, document_id)
    if document.state is DocumentState.PENDING:
        raise Conflict(
            "document-pending",
            "This document is being printed. Ask again in a moment.",
            "该文书正在制作，请稍后再试。",
        )
    pdf = await file_of(store, document.id, language)
    if document.state is DocumentState.VOIDED:
        pdf = await _stamped(press, document, pdf, language, rules.timezone)
    name = f"{document.kind}-{document.id}-{language}.pdf"
    return Response(pdf, media_type=PDF, headers={**_SAFE, "Content-Disposition": f'inline; filename="{name}"'})


@_documents.post("/{document_id}/serve", dependencies=[allowed("document.serve")])
async def serve(document_id: UUID, ask: ServeDocument, who: Who, now: Now, tx: Tx) -> DocumentDetail:
    """Record how it reached its addressee."""
    return await telling.detail(tx, who, await serving.serve(tx, who, document_id, ask, now))


@_documents.post("/{document_id}/void", dependencies=[allowed("document.void")])
async def void(document_id: UUID, ask: VoidDocument, who: Who, now: Now, tx: Tx) -> DocumentDetail:
    """Declare it void, with the reason."""
    return await telling.detail(tx, who, await serving.void(tx, who, document_id, ask, now))


@_verify.get("/{code}", dependencies=[allowed("document.verify")])
async def verify(code: str, tx: Tx, rules: Rules) -> Verification:
    """Tell anybody whether the document with this code, or this SHA-256 of its file, is genuine."""
    return await telling.verification(tx, code, rules.timezone)


async def _stamped(press: Press, document: Document, pdf: bytes, language: Language, zone: tzinfo) -> bytes:
    assert document.voided_at is not None, "what is void has been declared so"
    on = str(document.voided_at.astimezone(zone).date())
    try:
        return await press.stamped(pdf, language, document.void_reason or "", on)
    except CannotPrint as fault:
        raise Unavailable(
            "cannot-stamp-now",
            "This void document cannot be shown stamped just now. Try again soon.",
            "该作废文书暂时无法加盖作废标记，请稍后再试。",
        ) from fault


_SAFE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-site",
    "Cache-Control": "private, no-store",
}
for each in (_documents, _verify):
    router.include_router(each)
