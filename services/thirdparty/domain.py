"""Rules of third-party service: conflicts of interest, what a score means, how far a finding has come. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.base import Shape
from shared.contracts.inspection import (
    HazardState,
    ReportState,
)
from shared.contracts.values import Role

AGENCIES = frozenset[str]({Role.AGENCY, Role.INSURER, Role.ASSOCIATION})
"""Who serves clients; insurers and associations submit results like an agency (domain reference §2.1)."""


class EngagementKind(StrEnum):
    """What an agency does for its client (domain reference §8.2)."""

    PRE_EVALUATION = "pre_evaluation"
    ACCEPTANCE_EVALUATION = "acceptance_evaluation"
    STATUS_EVALUATION = "status_evaluation"
    TESTING = "testing"
    STANDARDISATION_REVIEW = "standardisation_review"
    CONSULTING = "consulting"
    TRAINING = "training"
    HOSTING = "hosting"
    EXPERT_SUPPORT = "expert_support"
    INSURER_PREVENTION = "insurer_prevention"


ADVICE = frozenset({EngagementKind.CONSULTING, EngagementKind.TRAINING, EngagementKind.HOSTING})
REVIEWS = frozenset(
    {
        EngagementKind.PRE_EVALUATION,
        EngagementKind.ACCEPTANCE_EVALUATION,
        EngagementKind.STATUS_EVALUATION,
        EngagementKind.STANDARDISATION_REVIEW,
    }
)
ADVICE_BARS_FOR_YEARS = 2
"""COI-1: 24 months after the last day of advice (domain reference §8.3, D)."""
ROTATION_YEARS = 3
"""COI-8: after so many consecutive years a client should change its agency (domain reference §8.3, D)."""


@dataclass(frozen=True, slots=True)
class Term:
    """One service from its first day to its last."""

    kind: EngagementKind
    valid_from: date
    valid_to: date


class ConflictWarning(Shape):
    """A conflict-of-interest rule that warns and does not block."""

    rule: str
    en: str
    zh: str


ROTATION = ConflictWarning(
    rule="COI-8",
    en="This agency serves the client for more than three consecutive years. Consider a change of agency.",
    zh="同一机构连续服务该委托方已超过三年，建议轮换。",
)


def bars(advice: Term, begins: date, ends: date) -> bool:
    """Tell whether this service keeps its giver from reviewing the same client between two days (COI-1)."""
    return (
        advice.kind in ADVICE
        and advice.valid_from <= ends
        and begins <= _years_after(advice.valid_to, ADVICE_BARS_FOR_YEARS)
    )


def advised_and_reviewed(new: Term, others: Iterable[Term]) -> Term | None:
    """Return the service to the same client that forbids `new` (COI-1), whichever of the two was registered first."""
    for other in others:
        advice, review = (new, other) if new.kind in ADVICE else (other, new)
        if review.kind in REVIEWS and bars(advice, review.valid_from, review.valid_to):
            return other
    return None


def rotation_due(new: Term, others: Iterable[Term]) -> bool:
    """Tell whether `new` stretches the service to one client over more than three years without a year's pause."""
    since = new.valid_from
    for other in sorted(others, key=lambda term: term.valid_to, reverse=True):
        if other.valid_from < since <= _years_after(other.valid_to, 1):
            since = other.valid_from
    return new.valid_to >= _years_after(since, ROTATION_YEARS)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def low_score(score: float, limit: float, note: str) -> str:
    """Word the finding that a low score is, readable in both languages."""
    told = f"Inspection score {score:g} of 100, below {limit:g} / 检查得分{score:g}分，低于{limit:g}分"
    return f"{told}: {note}" if note else told


class FindingState(StrEnum):
    """How far a finding has come."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    TRANSFERRED = "transferred"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MERGED = "merged"
    UNFOUNDED = "unfounded"
    CONFIRMED = "confirmed"
    IN_HAND = "in_hand"
    CLOSED = "closed"
    DISMISSED = "dismissed"


ON_THE_DOCKET = {
    ReportState.RECEIVED: FindingState.RECEIVED,
    ReportState.TRANSFERRED: FindingState.TRANSFERRED,
    ReportState.ACCEPTED: FindingState.ACCEPTED,
    ReportState.REJECTED: FindingState.REJECTED,
    ReportState.MERGED: FindingState.MERGED,
    ReportState.UNFOUNDED: FindingState.UNFOUNDED,
}
AS_A_HAZARD = {
    HazardState.CONFIRMED: FindingState.CONFIRMED,
    HazardState.ASSIGNED: FindingState.IN_HAND,
    HazardState.ORDERED: FindingState.IN_HAND,
    HazardState.RECTIFYING: FindingState.IN_HAND,
    HazardState.RECHECK_REQUESTED: FindingState.IN_HAND,
    HazardState.RECHECKING: FindingState.IN_HAND,
    HazardState.VERIFIED: FindingState.IN_HAND,
    HazardState.REOPENED: FindingState.IN_HAND,
    HazardState.CLOSED: FindingState.CLOSED,
    HazardState.DISMISSED: FindingState.DISMISSED,
    HazardState.VOID: FindingState.DISMISSED,
}
_OF_THE_HAZARD = frozenset(AS_A_HAZARD.values())


def after_docket(state: FindingState, docket: ReportState) -> FindingState:
    """Give the state after the docket moved. The hazard's word outweighs it: the two arrive in any order."""
    return state if state in _OF_THE_HAZARD else ON_THE_DOCKET.get(docket, state)


_FOUND_TRUE = frozenset({FindingState.CONFIRMED, FindingState.IN_HAND, FindingState.CLOSED})


def after_hazard(state: FindingState, hazard: HazardState) -> FindingState:
    """Give the state after a hazard moved. Of several that a finding names, one that is none outweighs no other."""
    if hazard is HazardState.DISMISSED and state in _FOUND_TRUE:
        return state
    return AS_A_HAZARD.get(hazard, state)


def shown(state: FindingState, *, to_enterprise: bool) -> FindingState:
    """Give the state that a reader may know.

    Nothing of the docket reaches the enterprise: "merged" would tell it that somebody else reported the same.
    """
    return state if state in _OF_THE_HAZARD or not to_enterprise else FindingState.SUBMITTED
