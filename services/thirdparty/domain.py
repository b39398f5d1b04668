"""Rules of third-party service: conflicts of interest, what a score means, how far a finding has come. Pure."""

from collections.abc import Callable, Iterable
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


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long services to one client weigh; each counts from a day, as the profile says (domain reference §8.3)."""

    advice_bars_until: Callable[[date], date]
    """COI-1: the last day of advice → the last day on which its giver may not review."""
    rotation_from: Callable[[date], date]
    """COI-8: the first day of a service → the day from which the client should change its agency."""
    goes_on_until: Callable[[date], date]
    """COI-8: the last day of a service → the last day on which another one continues it."""


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


def rotation(since: date) -> ConflictWarning:
    """Warn of a client that one agency has served for long (COI-8)."""
    return ConflictWarning(
        rule="COI-8",
        en=f"This agency has served the client without a break since {since}. Consider a change of agency.",
        zh=f"该机构自{since}起连续服务该委托方，建议轮换。",
    )


def bars(advice: Term, begins: date, ends: date, lasting: Lasting) -> bool:
    """Tell whether this service keeps its giver from reviewing the same client between two days (COI-1)."""
    return advice.kind in ADVICE and advice.valid_from <= ends and begins <= lasting.advice_bars_until(advice.valid_to)


def advised_and_reviewed(new: Term, others: Iterable[Term], lasting: Lasting) -> tuple[Term, date] | None:
    """Return the service to the same client that forbids `new` (COI-1), whichever of the two was registered first.

    With it the last day on which the giver of the advice may not review.
    """
    for other in others:
        advice, review = (new, other) if new.kind in ADVICE else (other, new)
        if review.kind in REVIEWS and bars(advice, review.valid_from, review.valid_to, lasting):
            return other, lasting.advice_bars_until(advice.valid_to)
    return None


def rotation_due(new: Term, others: Iterable[Term], lasting: Lasting) -> date | None:
    """Give since when the client has been served without a break, where `new` stretches that too far (COI-8)."""
    since = new.valid_from
    for other in sorted(others, key=lambda term: term.valid_to, reverse=True):
        if other.valid_from < since <= lasting.goes_on_until(other.valid_to):
            since = other.valid_from
    return since if new.valid_to >= lasting.rotation_from(since) else None


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
