"""What follows a result: it is contested and reviewed; and reports of deaths, which the county decides."""

from datetime import date, datetime
from uuid import UUID

from shared.contracts.inspection.docket import DocketFact
from shared.contracts.inspection.words import CountyFinding, ReviewRefusal


class ReviewRequested(DocketFact, subject="inspection.report.review_requested", tier="authority"):
    """Whoever claimed contests the result in time; the head of the authority decides."""

    contest_id: UUID
    decide_by: datetime


class ReviewRefused(DocketFact, subject="inspection.report.review_refused", tier="authority"):
    """The result cannot be contested, or not any more; nothing else changes."""

    contest_id: UUID
    reason: ReviewRefusal


class ReviewUpheld(DocketFact, subject="inspection.report.review_upheld", tier="authority"):
    """The result does not stand: the closed hazard was opened again, or the matter is taken in hand anew."""

    contest_id: UUID
    explanation: str
    hazard_ids: tuple[UUID, ...] = ()
    """The hazards that were opened again, or registered anew."""


class ReviewDismissed(DocketFact, subject="inspection.report.review_dismissed", tier="authority"):
    """The result stands, with reasons meant for the reporter."""

    contest_id: UUID
    explanation: str


class FatalityEscalated(DocketFact, subject="inspection.report.fatality_escalated", tier="authority"):
    """It speaks of deaths: the county government verifies it, and no authority alone ends it (WSL art. 73)."""

    escalated_at: datetime


class CountyVerdictRecorded(DocketFact, subject="inspection.report.county_verdict_recorded", tier="authority"):
    """What the county found is on record; the authority decides on the rest."""

    finding: CountyFinding
    decided_on: date
    statement: str
