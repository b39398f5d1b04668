"""Whether a reporter may contest a result now, judged by what the reporter was told. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.errors import Conflict, Problem


class Outcome(StrEnum):
    """What became of a contest, as far as it is known here."""

    SENT = "sent"
    UNDER_REVIEW = "under_review"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    REFUSED = "refused"


PENDING = frozenset({Outcome.SENT, Outcome.UNDER_REVIEW})

_RESULTS = frozenset(
    {
        "inspection.report.rejected",
        "inspection.report.unfounded",
        "inspection.report.answered",
        "inspection.hazard.closed",
    }
)
_BEGUN_AGAIN = frozenset(
    {
        "inspection.report.accepted",
        "inspection.report.review_requested",
        "inspection.report.review_upheld",
        "inspection.hazard.reopened",
    }
)
_REVIEWED = "inspection.report.review_dismissed"


@dataclass(frozen=True, slots=True)
class Result:
    """The newest result that a reporter was told and that stands; `reviewed`: a review has let it stand."""

    at: datetime
    reviewed: bool = False


def newest_result(told: Iterable[tuple[datetime, str]]) -> Result | None:
    """Find the result that stands, of (when, fact); None while the case is open.

    Facts of the docket and of hazards come in any order beside each other; at one moment a result comes last.
    """
    standing: Result | None = None
    for at, fact in sorted(told, key=lambda line: (line[0], line[1] in _RESULTS)):
        if fact in _RESULTS:
            standing = Result(at)
        elif fact in _BEGUN_AGAIN:
            standing = None
        elif fact == _REVIEWED:
            standing = Result(at, reviewed=True)
    return standing


def not_now(
    result: Result | None, until: Callable[[datetime], datetime], now: datetime, *, pending: bool
) -> Problem | None:
    """Say why the reporter cannot contest now; None: can."""
    if pending:
        return Conflict("already-contested", "Your objection is being looked at already.", "您的复核申请正在办理中。")
    if result is None:
        return Conflict(
            "case-still-open",
            "This is still being handled. You can object once there is a result.",
            "该事项尚在办理，办结或答复后方可申请复核。",
        )
    if result.reviewed:
        return Conflict(
            "already-reviewed",
            "This result was reviewed already. If the danger is there, report it anew.",
            "该结果已经复核。如隐患仍然存在，请重新报告。",
        )
    last = until(result.at)
    if now > last:
        return Conflict(
            "contest-too-late",
            "The time to object has passed. If the danger is there, report it anew.",
            "申请复核的期限已过。如隐患仍然存在，请重新报告。",
            until=last,
        )
    return None
