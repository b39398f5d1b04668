"""The facts that a rule about a docket entry looks at, gathered before it is asked."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection import RejectReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry before one person at one moment."""

    party_id: UUID | None
    authority_id: UUID | None
    to_authority_id: UUID | None = None
    reason: RejectReason | None = None
    fatal: bool = False
    """It speaks of deaths (WSL art. 73)."""
    county_decided: bool = False
    extensions_left: int = 1
    """How often verifying may still be extended."""
    hazard_open: bool = False
    """A hazard behind it is not at its end."""
    contest: "Contest | None" = None
    """None: there is no result that could be contested."""


class Outcome(StrEnum):
    """What became of a contest."""

    UNDER_REVIEW = "under_review"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Contest:
    """Until when the newest result may be contested, and whether it was reviewed already."""

    until: datetime
    now: datetime
    reviewed: bool = False

    @property
    def in_time(self) -> bool:
        return self.now <= self.until


def contest(
    result_at: datetime | None,
    closings: Collection[datetime],
    reviewed_at: datetime | None,
    until: Callable[[datetime], datetime],
    now: datetime,
) -> Contest | None:
    """Tell what may be contested: the newest of the result that was told and of the closings of hazards.

    A review that let a result stand ends the right to contest it, and every closing until then; what comes later may
    be contested again.
    """
    results = [at for at in closings if reviewed_at is None or at > reviewed_at]
    if result_at is not None:
        results.append(result_at)
    if results:
        return Contest(until(max(results)), now)
    return None if reviewed_at is None else Contest(until(reviewed_at), now, reviewed=True)
