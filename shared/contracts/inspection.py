"""What inspection promises the other services: the docket's decisions and the hazard's whole life.

All facts that move a hazard are facts of the hazard aggregate, so that every listener hears them in order.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event, Shape
from shared.contracts.values import Category, Channel, Grade


class ReportState(StrEnum):
    """States of a docket entry (domain reference §3.2)."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    SUBSTANTIATED = "substantiated"
    UNFOUNDED = "unfounded"
    ANSWERED = "answered"
    CLOSED = "closed"


class RejectReason(StrEnum):
    """Why a report is not accepted (domain reference §3.3)."""

    SAME_MATTER = "same_matter_already_accepted"
    NO_TARGET = "no_identifiable_target_or_facts"
    NOT_A_REPORT = "not_a_report"
    NOT_IN_SCOPE = "not_in_scope"
    INSUFFICIENT = "insufficient_after_enquiry"
    WITHDRAWN = "withdrawn"


class HazardState(StrEnum):
    """Main states of a hazard (domain reference §4.2)."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    ASSIGNED = "assigned"
    ORDERED = "ordered"
    RECTIFYING = "rectifying"
    RECHECK_REQUESTED = "recheck_requested"
    RECHECKING = "rechecking"
    VERIFIED = "verified"
    CLOSED = "closed"
    REOPENED = "reopened"
    DISMISSED = "dismissed"
    VOID = "void"


class Suspension(StrEnum):
    """Overlay: whether work is stopped (domain reference §4.2)."""

    NONE = "none"
    PARTIAL_STOP = "partial_stop"
    FULL_STOP = "full_stop"
    EQUIPMENT_STOP = "equipment_stop"
    EVACUATED = "evacuated"
    RESUME_REQUESTED = "resume_requested"
    RESUMED = "resumed"


class RoutingRule(StrEnum):
    """Which step of competence routing fired (domain reference §2.2); stored with every decision."""

    ENTERPRISE = "enterprise"
    CATEGORY = "category"
    INDUSTRY = "industry"
    TOWNSHIP = "township"
    ARBITRATION = "arbitration"
    TRANSFER = "transfer"
    """Not a routing step: an authority passed the matter on and the other acknowledged it."""


class ClaimRef(Shape):
    """Leads an outcome back to the channel that reported: `service` owns the submission `claim_id`."""

    service: str
    claim_id: UUID
    source_party_id: UUID | None = None


class DocketFact(Event):
    """Base of all docket events. Aggregate: the docket entry. None of it may reach the reported unit."""

    entry_id: UUID
    number: str
    state: ReportState
    claim: ClaimRef
    channel: Channel
    reporter_ref: UUID
    category: Category
    authority_id: UUID | None = None
    enterprise_id: UUID | None = None
    imminent_danger: bool = False
    claimed_at: datetime


class ReportReceived(DocketFact, subject="inspection.report.received", tier="parties"):
    """The claim is numbered and waits for the duty desk of `authority_id`, or for the committee when that is None."""

    routing_rule: RoutingRule
    rule_id: UUID | None = None
    """The very rule of competence that fired, if one did."""
    decide_by: datetime


class ReportAccepted(DocketFact, subject="inspection.report.accepted", tier="parties"):
    hazard_id: UUID


class ReportRejected(DocketFact, subject="inspection.report.rejected", tier="parties"):
    reason: RejectReason
    explanation: str


class ReportTransferred(DocketFact, subject="inspection.report.transferred", tier="parties"):
    """Passed to `to_authority_id`, which must acknowledge."""

    from_authority_id: UUID | None = None
    to_authority_id: UUID
    acknowledge_by: datetime


class TransferAcknowledged(DocketFact, subject="inspection.report.acknowledged", tier="authority"):
    pass


class TransferBounced(DocketFact, subject="inspection.report.bounced", tier="authority"):
    """The receiving authority says it is not competent either: arbitration by the committee."""

    explanation: str


class ReportMerged(DocketFact, subject="inspection.report.merged", tier="authority"):
    """The same matter as an earlier entry; keeps its place in the order of reporters."""

    into_entry_id: UUID
    hazard_id: UUID | None = None
    order: int


class ReportSubstantiated(DocketFact, subject="inspection.report.substantiated", tier="authority"):
    hazard_id: UUID


class ReportUnfounded(DocketFact, subject="inspection.report.unfounded", tier="authority"):
    explanation: str


class ReportAnswered(DocketFact, subject="inspection.report.answered", tier="parties"):
    """The reporter is told the result, in words meant for the reporter."""

    answer: str


class HazardFact(Event):
    """Base of all hazard events. Aggregate: the hazard."""

    hazard_id: UUID
    number: str
    state: HazardState
    category: Category
    what: str
    """What is wrong, as the authority words it; never the reporter's words."""
    grade: Grade | None = None
    enterprise_id: UUID | None = None
    lead_authority_id: UUID | None = None
    suspension: Suspension = Suspension.NONE
    cycle: int = 1
    claims: tuple[ClaimRef, ...] = ()
    """The submissions behind it, in the order of reporting."""
    by_id: UUID | None = None
    """The person who acted."""
    in_name_of: UUID | None = None
    """The authority in whose name a delegate acted; None when an authority acted itself."""
    delegation_id: UUID | None = None
    letter_no: str | None = None
    """The letter of delegation that allowed it."""


class HazardRegistered(HazardFact, subject="inspection.hazard.registered", tier="parties"):
    """T01: suspected, from an accepted docket entry."""


class HazardConfirmed(HazardFact, subject="inspection.hazard.confirmed", tier="parties"):
    """T02: facts verified and graded; routed to a lead authority, or to arbitration when nobody is responsible."""

    criterion_ids: tuple[UUID, ...] = ()
    routing_rule: RoutingRule
    rule_id: UUID | None = None
    """The very rule of competence that fired, if one did."""


class HazardDismissed(HazardFact, subject="inspection.hazard.dismissed", tier="parties"):
    """T03."""

    reason: str


class HazardAssigned(HazardFact, subject="inspection.hazard.assigned", tier="parties"):
    """T04."""

    routing_rule: RoutingRule


class AssignmentDisputed(HazardFact, subject="inspection.hazard.assignment_disputed", tier="authority"):
    """T05."""

    suggested_authority_id: UUID | None = None
    reason: str


class OrderIssued(HazardFact, subject="inspection.hazard.ordered", tier="parties"):
    """T06: an order with items and a limit, by two certified officers."""

    order_id: UUID
    order_number: str
    kind: str
    limit: date
    items: tuple[str, ...]
    officers: tuple[UUID, ...]
    basis_ids: tuple[UUID, ...] = ()


class SuspensionImposed(HazardFact, subject="inspection.hazard.suspended", tier="parties"):
    """T07."""

    reason: str
    basis_ids: tuple[UUID, ...] = ()


class RectificationStarted(HazardFact, subject="inspection.hazard.rectification_started", tier="parties"):
    """T08."""

    limit: date


class RecheckRequested(HazardFact, subject="inspection.hazard.recheck_requested", tier="parties"):
    """T10."""

    recheck_by: datetime


class RecheckOpened(HazardFact, subject="inspection.hazard.recheck_opened", tier="parties"):
    """T11."""

    recheck_id: UUID


class RecheckPassed(HazardFact, subject="inspection.hazard.recheck_passed", tier="parties"):
    """T12."""

    recheck_id: UUID
    officers: tuple[UUID, ...]


class RecheckFailed(HazardFact, subject="inspection.hazard.recheck_failed", tier="parties"):
    """T13."""

    recheck_id: UUID
    officers: tuple[UUID, ...]
    consequence: str
    limit: date
    opinion: str
    basis_ids: tuple[UUID, ...] = ()


class HazardClosed(HazardFact, subject="inspection.hazard.closed", tier="public"):
    """T14: struck off the list; two look-backs are scheduled."""

    look_backs: tuple[date, ...]


class ResumptionRequested(HazardFact, subject="inspection.hazard.resumption_requested", tier="parties"):
    """T15, first half."""

    review_by: datetime


class ResumptionDecided(HazardFact, subject="inspection.hazard.resumption_decided", tier="parties"):
    """T15, second half: granted lifts the suspension; refused leaves it standing."""

    granted: bool
    reason: str


class LookBackDone(HazardFact, subject="inspection.hazard.looked_back", tier="parties"):
    """T16."""

    ordinal: int
    passed: bool
    remark: str


class HazardVoided(HazardFact, subject="inspection.hazard.voided", tier="parties"):
    """T23: what was dangerous no longer exists (the unit ceased, the building is gone); proven."""

    reason: str


class HazardReopened(HazardFact, subject="inspection.hazard.reopened", tier="parties"):
    """T17."""

    reason: str
