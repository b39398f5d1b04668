"""What is sent to and read from transfers; sender and receiver read the same words."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.history.shapes import HappeningView
from services.inspection.transfers.domain import Section, Verb
from shared.contracts.base import Ask, View
from shared.contracts.inspection import HazardState
from shared.contracts.inspection.transfers import (
    TransferGround,
    TransferState,
)
from shared.contracts.values import Category, EvidenceRef, Grade, Line, PartyKind, Place, Prose

Files = Annotated[tuple[EvidenceRef, ...], Field(max_length=50)]


class SendTransfer(Ask):
    """The id in the address makes a repeated one the same. `sections` are handed over besides the facts."""

    receiver_id: UUID
    ground: TransferGround
    subject: Line
    reason: Prose
    basis: Line
    """The law or the rule on which it rests."""
    hazard_id: UUID | None = None
    case_id: UUID | None = None
    """A penalty case of that hazard."""
    sections: Annotated[tuple[Section, ...], Field(max_length=len(Section))] = ()
    evidence: Files = ()


class SendAgain(Ask):
    """What was missing."""

    statement: Prose
    evidence: Files = ()


class RefuseTransfer(Ask):
    reason: Prose
    suggested_id: UUID | None = None
    """Whose it is instead."""


class AnswerTransfer(Ask):
    result: Prose
    files: Files = ()


class WithdrawTransfer(Ask):
    reason: Prose


class ArbitrateTransfer(Ask):
    """`receiver_takes_it` False: it stays with whoever sent it."""

    receiver_takes_it: bool
    reason: Prose


class OrderPart(View):
    number: str
    kind: str
    items: list[str]
    limit: date
    basis: str
    issued_at: datetime


class RecheckPart(View):
    decided_at: datetime | None
    passed: bool | None
    opinion: str
    consequence: str | None
    limit: date | None


class LookBackPart(View):
    ordinal: int
    passed: bool
    remark: str
    at: datetime


class CasePart(View):
    id: UUID
    number: str
    ground: str
    basis: str
    penalty: str | None
    amount_yuan: int | None
    opened_at: datetime
    decided_at: datetime | None
    executed_at: datetime | None


class FilePart(View):
    """What was handed over of a hazard's file, as it stood then. No claim, no channel, no reporter."""

    number: str
    state: HazardState
    category: Category
    grade: Grade | None
    what: str
    place: Place
    enterprise_id: UUID | None
    enterprise_name: str
    uscc: str
    lead_authority_id: UUID | None
    cycle: int
    limit: date | None
    orders: list[OrderPart] = Field(default_factory=list[OrderPart])
    rechecks: list[RecheckPart] = Field(default_factory=list[RecheckPart])
    look_backs: list[LookBackPart] = Field(default_factory=list[LookBackPart])
    cases: list[CasePart] = Field(default_factory=list[CasePart])


class Addition(View):
    statement: str
    evidence: list[EvidenceRef]
    at: datetime


class RefusalView(View):
    ordinal: int
    reason: str
    suggested_id: UUID | None
    at: datetime


class TransferView(View):
    id: UUID
    number: str
    state: TransferState
    ground: TransferGround
    area_code: str
    sender_id: UUID
    receiver_id: UUID
    receiver_kind: PartyKind
    subject: str
    sent_at: datetime
    refusals: int
    next_due: datetime | None
    overdue: bool
    offers: list[Verb]


class TransferDetail(TransferView):
    """What passed between the two, and nothing behind it."""

    reason: str
    basis: str
    file: FilePart | None
    evidence: list[EvidenceRef]
    additions: list[Addition]
    refused: list[RefusalView]
    result: str
    result_files: list[EvidenceRef]
    acknowledged_at: datetime | None
    ended_at: datetime | None
    deadlines: list[DeadlineView]


class SendersTransferDetail(TransferDetail):
    """What the sender, and the committee that supervises it, see besides: where it comes from and who did what."""

    hazard_id: UUID | None
    case_id: UUID | None
    history: list[HappeningView]


class TransferPage(View):
    items: list[TransferView]
    next: UUID | None = None
