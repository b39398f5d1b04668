"""How documents are shown, to whoever may read them and to anybody who asks whether one is genuine."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.documents.domain import WORDS
from services.inspection.documents.domain.codes import read_code, read_digest
from services.inspection.documents.models import Document, Rendition, Serving
from services.inspection.documents.queries import seeing
from services.inspection.documents.shapes import (
    DocumentDetail,
    DocumentView,
    RenditionView,
    ServingView,
    Verification,
)
from shared.auth import Actor
from shared.contracts.inspection import (
    DocumentKind,
    DocumentState,
    PrintedFile,
)
from shared.permission import covers


async def lines(tx: AsyncSession, documents: Sequence[Document]) -> list[DocumentView]:
    """Show documents, each with how it was served."""
    served = await _servings(tx, [each.id for each in documents])
    return [DocumentView.model_validate({**each.model_dump(), "served": served.get(each.id)}) for each in documents]


async def detail(tx: AsyncSession, who: Actor, document: Document) -> DocumentDetail:
    """Show one document whole."""
    served = (await _servings(tx, [document.id])).get(document.id)
    issued = document.state is DocumentState.ISSUED
    waits = issued and served is None and document.addressee_id is not None
    return DocumentDetail.model_validate(
        document.model_dump()
        | {
            "served": served,
            "verify_url": f"{document.data['verify_url']['page']}/{document.code}",
            "renditions": [RenditionView.model_validate(row) for row in await seeing.renditions_of(tx, document.id)],
            "may_serve": waits
            and document.kind is not DocumentKind.RECTIFICATION_ORDER
            and covers(who, "document.serve", party=[document.issuer_id]),
            "may_void": issued and covers(who, "document.void", party=[document.issuer_id]),
        }
    )


async def verification(tx: AsyncSession, asked: str, zone: tzinfo) -> Verification:
    """Tell anybody whether a code, or the hash of a file, is that of a document, and whether it is still in force."""
    document = await _asked_for(tx, asked)
    if document is None:
        return Verification(state="unknown")
    issuer: dict[str, Any] = document.data["issuer"]
    words = WORDS[document.kind]
    return Verification(
        state="voided" if document.state is DocumentState.VOIDED else "genuine",
        kind=document.kind,
        kind_en=words.en,
        kind_zh=words.zh,
        number=document.number,
        issuer_en=issuer["en"],
        issuer_zh=issuer["zh"],
        issued_on=document.data["issued_on"],
        voided_on=_day(document.voided_at, zone),
        files=[
            PrintedFile(language=row.language, sha256=row.sha256) for row in await seeing.renditions_of(tx, document.id)
        ],
    )


async def _asked_for(tx: AsyncSession, asked: str) -> Document | None:
    if digest := read_digest(asked):
        held = select(Rendition.document_id).where(col(Rendition.sha256) == digest)
        query = select(Document).where(col(Document.id).in_(held))
    elif code := read_code(asked):
        query = select(Document).where(col(Document.code) == code)
    else:
        return None
    return (await tx.execute(query.limit(1))).scalar_one_or_none()


def _day(at: datetime | None, zone: tzinfo) -> Any:
    return None if at is None else at.astimezone(zone).date()


async def _servings(tx: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, ServingView]:
    if not ids:
        return {}
    query = select(Serving).where(col(Serving.document_id).in_(ids))
    return {row.document_id: ServingView.model_validate(row) for row in (await tx.execute(query)).scalars()}
