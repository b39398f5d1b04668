"""What is read from the docket. No shape holds a reporter."""

from datetime import datetime
from uuid import UUID

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.docket.domain import Outcome, Verb
from services.inspection.history.shapes import HappeningView
from services.inspection.holds.shapes import HeldBy
from shared.contracts.base import View
from shared.contracts.inspection import (
    CountyFinding,
    RejectReason,
    ReportState,
    ReviewRefusal,
    RoutingRule,
)
from shared.contracts.values import Category, Channel, EvidenceRef, Grade, Place


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
    hazard_ids: list[UUID]
    """Every hazard that the claim names, the first registered first."""
    merged_into: UUID | None
    suggested_authority_id: UUID | None
    """Whom the authority that gave it back holds to be responsible."""
    fatal: bool
    """It speaks of deaths: no authority ends it before the county has decided (Work Safety Law art. 73)."""
    county_finding: CountyFinding | None
    contest_until: datetime | None
    """Until when whoever claimed may contest the result."""
    reason: RejectReason | None
    answer: str | None
    next_due: datetime | None
    overdue: bool
    offers: list[Verb]


class ReviewView(View):
    """How a result was contested, and what was decided on that."""

    id: UUID
    at: datetime
    contested: ReportState
    statement: str
    evidence: list[EvidenceRef]
    outcome: Outcome
    refusal: ReviewRefusal | None
    decided_at: datetime | None
    decision: str


class EntryLine(EntryView):
    held_by: HeldBy | None
    """A colleague has it open; told within the own organisation, and to the committee."""


class EntryDetail(EntryLine):
    deadlines: list[DeadlineView]
    reviews: list[ReviewView]
    history: list[HappeningView]


class EntryPage(View):
    items: list[EntryLine]
    next: str | None = None
