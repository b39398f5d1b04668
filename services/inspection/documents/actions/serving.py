"""Records how a document reached its addressee, and that one is void; without it nobody knew what binds whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.documents.models import Document, Serving
from services.inspection.documents.queries import seeing
from services.inspection.documents.shapes import ServeDocument, VoidDocument
from services.inspection.evidence.queries import proven
from services.inspection.hazards.domain.delivery import HandedOver, is_a_delivery
from services.inspection.hazards.shapes.words import written
from services.inspection.history.actions import record
from shared.auth import Actor
from shared.contracts.inspection import (
    DocumentKind,
    DocumentState,
    DocumentVoided,
)
from shared.errors import Conflict, Forbidden
from shared.outbox import emit
from shared.permission import covers


async def serve(tx: AsyncSession, who: Actor, document_id: UUID, ask: ServeDocument, now: datetime) -> Document:
    """Record a service once, by the rules by which an order is delivered; an order's own is recorded at its hazard."""
    document = await own(tx, who, document_id, "document.serve")
    if document.kind is DocumentKind.RECTIFICATION_ORDER:
        raise Conflict(
            "served-as-order",
            "An order is delivered at its hazard, and its document is served with it.",
            "指令书的送达请在隐患处登记，文书随之送达。",
        )
    if document.state is not DocumentState.ISSUED:
        raise Conflict(
            "not-to-be-served",
            "A document is served once it is printed, and as long as it is not void.",
            "文书制作完成且未作废的，方可送达。",
            state=document.state,
        )
    if document.addressee_id is None:
        raise Conflict(
            "nobody-to-serve",
            "The platform does not know the addressee as an organisation.",
            "受送达单位未在平台登记。",
        )
    if await tx.get(Serving, document.id):
        raise Conflict("already-served", "Its service is recorded already, and stands.", "该文书的送达情况已登记。")
    said = HandedOver(
        how=ask.how,
        at=ask.at or now,
        received_by=ask.received_by,
        refused=ask.refused.reason if ask.refused else None,
        witnesses=ask.refused.witnesses if ask.refused else (),
        files=len(ask.evidence),
    )
    witnesses = int(rules_of(tx).number("order.refusal.witnesses", local_day(tx, now)))
    is_a_delivery(said, document.issued_at, now, witnesses)
    await proven(tx, who, document.id, ask.evidence)
    tx.add(
        Serving(
            document_id=document.id,
            how=said.how,
            received_by=said.received_by,
            refused=said.refused,
            witnesses=list(said.witnesses),
            evidence=written(ask.evidence),
            at=said.at,
            by_id=who.id,
            recorded_at=now,
        )
    )
    record(tx, who, document.about, ("serve", document.state, document.state), now, how=said.how, served_at=said.at)
    return document


async def void(tx: AsyncSession, who: Actor, document_id: UUID, ask: VoidDocument, now: datetime) -> Document:
    """Declare a document void. Its number is not given again, and whoever asks is told."""
    document = await own(tx, who, document_id, "document.void")
    if document.state is not DocumentState.ISSUED:
        raise Conflict(
            "not-to-be-voided",
            "Only what is printed can be declared void, and only once.",
            "只有已制作完成且未作废的文书可以作废。",
            state=document.state,
        )
    before, document.state = document.state, DocumentState.VOIDED
    document.voided_at, document.voided_by, document.void_reason = now, who.id, ask.reason
    served = await tx.get(Serving, document.id) is not None
    record(tx, who, document.about, ("void", before, document.state), now, reason=ask.reason)
    await emit(
        tx,
        document,
        DocumentVoided(
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
            served=served,
            reason=ask.reason,
            by_id=who.id,
        ),
    )
    return document


async def own(tx: AsyncSession, who: Actor, document_id: UUID, verb: str) -> Document:
    """Give a document, locked, that the own organisation issued; raises 403 or 404."""
    document = await seeing.visible(tx, who, document_id, lock=True)
    if not covers(who, verb, party=[document.issuer_id]):
        raise Forbidden("not-your-document", "Another organisation issued this document.", "该文书由其他单位制作。")
    return document
