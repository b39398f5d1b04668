"""Who may read which document, in the query itself; without it a paper would tell what its case does not."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.documents.domain.kinds import FOR_ITS_PARTIES_ALONE
from services.inspection.documents.models import Document, Rendition, Serving
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing as hazards
from services.inspection.visits.models import Visit
from services.inspection.visits.queries.seeing import made_by
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection import (
    DocumentKind,
    DocumentState,
    Language,
)
from shared.contracts.values import Role
from shared.errors import no_such
from shared.permission import in_area


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of documents is narrowed."""

    kind: DocumentKind | None = None
    state: DocumentState | None = None
    hazard: UUID | None = None
    visit: UUID | None = None
    letter: UUID | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may read a document.

    Whoever wrote it reads it. Of those about a hazard, who handles the hazard, and its township; of others, to whom
    they are addressed. An enterprise reads what was served on it.
    """
    permission.only(who, "document.read")
    addressed = col(Document.addressee_id) == who.party_id
    if Role.ENTERPRISE in who.roles:
        served = exists().where(col(Serving.document_id) == col(Document.id))
        return permission.visible(who, "document.read", party=and_(addressed, served))
    own = or_(col(Document.issuer_id) == who.party_id, addressed)
    shared = ~col(Document.kind).in_(FOR_ITS_PARTIES_ALONE)
    here = in_area(who, Document.area_code)
    if Role.COMMITTEE not in who.roles:  # the letters of its area are not the township's to read
        here = or_(addressed, and_(here, shared, col(Document.letter_id).is_(None), _about_something()))
    handled = own
    if who.roles & {Role.AUTHORITY, Role.DELEGATE}:
        handles = exists().where(col(Hazard.id) == col(Document.hazard_id), hazards.visible_to(who))
        went = exists().where(col(Visit.id) == col(Document.visit_id), made_by(who.party_id))
        handled = or_(own, went, and_(shared, handles))
    return permission.visible(who, "document.read", area=here, competent=handled)


def _about_something() -> ColumnElement[bool]:
    return or_(col(Document.hazard_id).is_not(None), col(Document.visit_id).is_not(None))


async def visible(tx: AsyncSession, who: Actor, document_id: UUID, *, lock: bool = False) -> Document:
    """Give one document, locked if asked, or the 404 that also answers for those one may not know of."""
    query = select(Document).where(col(Document.id) == document_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    document = (await tx.execute(query)).scalar_one_or_none()
    if document is None:
        raise no_such("document", "文书")
    return document


async def page(tx: AsyncSession, who: Actor, wanted: Wanted, after: UUID | None, limit: int) -> paging.Page[Document]:
    """List documents, the newest first."""
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.kind, col(Document.kind) == wanted.kind),
        (wanted.state, col(Document.state) == wanted.state),
        (wanted.hazard, col(Document.hazard_id) == wanted.hazard),
        (wanted.visit, col(Document.visit_id) == wanted.visit),
        (wanted.letter, col(Document.letter_id) == wanted.letter),
    ]
    narrowed = (condition for value, condition in given if value is not None)
    query = select(Document).where(visible_to(who), *narrowed)
    return await paging.page(tx, query, Document.issued_at, after, limit, newest_first=True)


async def renditions_of(tx: AsyncSession, document_id: UUID) -> list[Rendition]:
    """Give the files of a document, Chinese before English."""
    query = select(Rendition).where(col(Rendition.document_id) == document_id)
    return list((await tx.execute(query.order_by(col(Rendition.language).desc()))).scalars())


async def rendition(tx: AsyncSession, document_id: UUID, language: Language) -> Rendition | None:
    return await tx.get(Rendition, (document_id, language))


async def of_act(tx: AsyncSession, kind: DocumentKind, act_id: UUID) -> Document | None:
    """Give the document of an act that is in force, or the newest of those that are void."""
    query = select(Document).where(col(Document.act_id) == act_id, col(Document.kind) == kind)
    in_force_first = (col(Document.voided_at).desc().nulls_first(), col(Document.issued_at).desc())
    return (await tx.execute(query.order_by(*in_force_first).limit(1))).scalar_one_or_none()
