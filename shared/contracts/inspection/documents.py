"""What inspection promises of official documents: that one exists under a number, and that one was declared void."""

from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event, Shape


class DocumentKind(StrEnum):
    """The documents that are printed, numbered and never changed (domain reference §4.7)."""

    INSPECTION_RECORD = "inspection_record"
    """现场检查记录."""
    RECTIFICATION_ORDER = "rectification_order"
    """责令限期整改指令书; to be done at once, 责令立即排除."""
    ONSITE_MEASURE = "onsite_measure"
    """现场处理措施决定书."""
    RECHECK_OPINION = "recheck_opinion"
    """整改复查意见书."""
    REMINDER_LETTER = "reminder_letter"
    """提醒函."""
    WARNING_LETTER = "warning_letter"
    """警示函."""
    SUPERVISION_LETTER = "supervision_letter"
    """督办函."""
    INTERVIEW_NOTICE = "interview_notice"
    """约谈通知书."""
    LISTING_NOTICE = "listing_notice"
    """挂牌督办通知书."""
    TRANSFER_LETTER = "transfer_letter"
    """案件移送书."""


class DocumentState(StrEnum):
    PENDING = "pending"
    """The act stands and the number is given; the file is still to be printed."""
    ISSUED = "issued"
    """Printed: its hash is fixed for ever."""
    VOIDED = "voided"
    """Declared void, with a reason; number and file remain."""


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


class PrintedFile(Shape):
    """One file of a document. Whoever has it can compare its SHA-256."""

    language: Language
    sha256: str


class DocumentFact(Event):
    """Base of all facts about a document. Aggregate: the document. What it says is read on the platform."""

    document_id: UUID
    kind: DocumentKind
    number: str
    state: DocumentState
    issuer_id: UUID
    addressee_id: UUID | None = None
    hazard_id: UUID | None = None
    enterprise_id: UUID | None = None
    """The addressee, when that is an enterprise on which the document was served."""


class DocumentIssued(DocumentFact, subject="inspection.document.issued"):
    """It was printed: these are its files."""

    files: tuple[PrintedFile, ...]


class DocumentVoided(DocumentFact, subject="inspection.document.voided"):
    """Whoever holds a copy holds nothing any more."""

    served: bool = False
    """Its addressee holds a copy."""
    reason: str
    by_id: UUID
