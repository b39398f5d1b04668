"""What is sent to and read from the docket. No shape holds a reporter."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.docket.domain import Verb
from services.inspection.history.shapes import HappeningView
from services.inspection.holds.shapes import HeldBy
from shared.contracts.base import Ask, View
from shared.contracts.inspection import RejectReason, ReportState, RoutingRule
from shared.contracts.values import Category, Channel, EvidenceRef, Grade, Place, Prose


class Claim(Ask):
    """An organisation's own claim. The id in the address makes a repeated one the same."""

    place: Place
    category: Category
    what: Prose
    enterprise_id: UUID | None = None
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()
    imminent_danger: bool = False
    suspected_grade: Grade | None = None
    channel: Channel | None = None


class Accept(Ask):
    """`what` is the desk's own wording: it will be read by the enterprise, the reporter's must not be."""

    what: Prose
    category: Category | None = None
    enterprise_id: UUID | None = None


class Reject(Ask):
    reason: RejectReason
    explanation: Prose


class Transfer(Ask):
    to_authority_id: UUID
    explanation: Prose


class Bounce(Ask):
    explanation: Prose


class Arbitrate(Ask):
    authority_id: UUID
    explanation: Prose


class Merge(Ask):
    into_entry_id: UUID


class Answer(Ask):
    """Meant for the reporter."""

    answer: Prose


class ClaimReceipt(View):
    """What an organisation reads of its own claim."""

    entry_id: UUID
    number: str
    state: ReportState
    authority_id: UUID | None
    claimed_at: datetime


class EntryView(View):
    """What authority and committee see."""

    id: UUID
    number: str
    state: ReportState
    area_code: str
    channel: Channel
    source_party_id: UUID | None
    authority_id: UUID | None
    from_authority_id: UUID | None
    to_authority_id: UUID | None
    routing_rule: RoutingRule
    enterprise_id: UUID | None
    place: Place
    category: Category
    what: str
    evidence: list[EvidenceRef]
    imminent_danger: bool
    suspected_grade: Grade | None
    claimed_at: datetime
    hazard_id: UUID | None
    merged_into: UUID | None
    reason: RejectReason | None
    answer: str | None
    next_due: datetime | None
    overdue: bool
    offers: list[Verb]


class EntryLine(EntryView):
    held_by: HeldBy | None
    """A colleague has it open; told within the own organisation, and to the committee."""


class EntryDetail(EntryLine):
    deadlines: list[DeadlineView]
    history: list[HappeningView]


class EntryPage(View):
    items: list[EntryLine]
    next: str | None = None


class SimilarView(View):
    """An open entry that may be the same matter."""

    id: UUID
    number: str
    state: ReportState
    what: str
    category: Category
    claimed_at: datetime
    hazard_id: UUID | None
    same_enterprise: bool
    distance_m: float | None
    similarity: float


class SimilarList(View):
    items: list[SimilarView]
