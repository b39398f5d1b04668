"""What is asked of documents and shown of them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.inspection.hazards.shapes.orders import Delivery
from services.inspection.hazards.shapes.words import Bases
from shared.contracts.base import Ask, View
from shared.contracts.inspection import (
    DeliveryHow,
    DocumentKind,
    DocumentState,
    Language,
    PrintedFile,
)
from shared.contracts.values import Line, Prose


class IssueRecord(Ask):
    """现场检查记录 of an inspection that is finished."""

    kind: Literal[DocumentKind.INSPECTION_RECORD]
    visit_id: UUID


class IssueLetter(Ask):
    """提醒函, 警示函 or 督办函, of a letter that was sent; it bears the letter's number."""

    kind: Literal[DocumentKind.REMINDER_LETTER, DocumentKind.WARNING_LETTER, DocumentKind.SUPERVISION_LETTER]
    letter_id: UUID


class IssueInterview(Ask):
    """约谈通知书: who of the addressee is to come, when and where, and why."""

    kind: Literal[DocumentKind.INTERVIEW_NOTICE]
    addressee_id: UUID
    person: Line
    at: AwareDatetime
    place: Line
    facts: Prose
    basis: Line
    basis_ids: Bases = ()
    demand: Prose
    bring: Annotated[str, Field(max_length=1000)] = ""


class IssueListing(Ask):
    """挂牌督办通知书 of a hazard that is listed."""

    kind: Literal[DocumentKind.LISTING_NOTICE]
    hazard_id: UUID
    demand: Prose
    basis: Line
    basis_ids: Bases = ()


class IssueTransfer(Ask):
    """案件移送书 to a body that is competent (WSL art. 69)."""

    kind: Literal[DocumentKind.TRANSFER_LETTER]
    hazard_id: UUID
    to_zh: Line
    to_en: Line
    addressee_id: UUID | None = None
    """The body, where the registry knows it."""
    facts: Prose
    grounds: Prose
    basis: Line
    basis_ids: Bases = ()
    enclosures: Annotated[tuple[Line, ...], Field(max_length=50)] = ()


IssueDocument = Annotated[
    IssueRecord | IssueLetter | IssueInterview | IssueListing | IssueTransfer, Field(discriminator="kind")
]


class ServeDocument(Delivery):
    """How a document reached its addressee."""


class VoidDocument(Ask):
    reason: Prose


class RenditionView(View):
    """One file; whoever has it can compare its hash."""

    language: Language
    sha256: str
    size_bytes: int
    pages: int


class ServingView(View):
    how: DeliveryHow
    at: datetime
    received_by: str | None
    refused: str | None
    witnesses: list[str]
    recorded_at: datetime


class DocumentView(View):
    """A line of a list."""

    id: UUID
    kind: DocumentKind
    number: str
    state: DocumentState
    issuer_id: UUID
    addressee_id: UUID | None
    hazard_id: UUID | None
    visit_id: UUID | None
    letter_id: UUID | None
    issued_at: datetime
    voided_at: datetime | None
    void_reason: str | None
    served: ServingView | None = None


class DocumentDetail(DocumentView):
    """One document, with all that is printed on it."""

    code: str
    verify_url: str
    renditions: list[RenditionView]
    data: dict[str, Any]
    fault: str = ""
    """Why it could not be printed yet."""
    may_serve: bool = False
    may_void: bool = False


class DocumentPage(View):
    items: list[DocumentView]
    next: UUID | None


class Verification(View):
    """What anybody is told: whether it is genuine, and what stands in its head. Nothing of whom it is about."""

    state: Literal["genuine", "voided", "unknown"]
    kind: DocumentKind | None = None
    kind_en: str | None = None
    kind_zh: str | None = None
    number: str | None = None
    issuer_en: str | None = None
    issuer_zh: str | None = None
    issued_on: date | None = None
    voided_on: date | None = None
    files: list[PrintedFile] = Field(default_factory=list[PrintedFile])
    """Digests of its files; empty until it is printed."""
