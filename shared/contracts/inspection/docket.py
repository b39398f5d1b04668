"""What the docket decides on a claim; without these facts no channel could tell its reporter how the claim fares."""

from datetime import datetime
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.inspection.words import ClaimRef, PartyName, RejectReason, ReportState, RoutingRule
from shared.contracts.values import Category, Channel


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
    self_governed: bool = False
    """The enterprise found it itself and removes it itself: no desk has to decide (domain reference §4.6)."""
    holder: PartyName | None = None
    """Who has it now, once the committee has named an authority."""


class ReportAccepted(DocketFact, subject="inspection.report.accepted", tier="parties"):
    hazard_id: UUID
    self_governed: bool = False
    """The platform accepted it: the enterprise removes it itself, and nobody verifies it first."""
    hazard_ids: tuple[UUID, ...] = ()
    """Every hazard that the claim names, the first included."""


class ReportRejected(DocketFact, subject="inspection.report.rejected", tier="parties"):
    reason: RejectReason
    explanation: str


class ReportTransferred(DocketFact, subject="inspection.report.transferred", tier="parties"):
    """Passed to `to_authority_id`, which must acknowledge."""

    from_authority_id: UUID | None = None
    to_authority_id: UUID
    acknowledge_by: datetime
    holder: PartyName | None = None
    """Who is to take it."""


class TransferAcknowledged(DocketFact, subject="inspection.report.acknowledged", tier="authority"):
    holder: PartyName | None = None
    """Who has it now."""


class TransferBounced(DocketFact, subject="inspection.report.bounced", tier="authority"):
    """The receiving authority says it is not competent either: arbitration by the committee."""

    explanation: str
    suggested_authority_id: UUID | None = None
    refused_by: PartyName | None = None


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


class VerificationExtended(DocketFact, subject="inspection.report.verification_extended", tier="authority"):
    """Verifying takes longer, with the head's approval; the reporter is told why (安监总财〔2012〕63号 art. 11)."""

    explanation: str
    verify_by: datetime


class ReportClosed(DocketFact, subject="inspection.report.closed", tier="authority"):
    """Archived: it was answered or turned away, and nobody contested that in time."""
