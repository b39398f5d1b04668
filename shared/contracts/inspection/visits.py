"""What inspection promises of visits: who goes where, as what, and how it ended.

`ground` is for those who plan and count. It never reaches the enterprise: it could tell that somebody complained.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event


class VisitKind(StrEnum):
    """As what somebody comes (domain reference F01, closed on purpose).

    Audits of agencies are no visits of ours, and what volunteers see are reports. There is no looser word beside these
    two, for under it one could inspect without being allowed to.
    """

    ADMIN_INSPECTION = "admin_inspection"
    """行政检查: by an authority's certified officers only (国办发〔2024〕54号 [S])."""
    GRID_PATROL = "grid_patrol"
    """Grid workers and townships go round, explain and observe; what they see becomes a report."""


class VisitGround(StrEnum):
    """Why a visit is made; what counts towards the yearly cap follows from it (OQ-8)."""

    PLANNED = "planned"
    DRAWN = "drawn"
    COMPLAINT = "complaint"
    ACCIDENT = "accident"
    RECHECK = "recheck"
    SUPERIOR_ASSIGNED = "superior_assigned"
    SPECIAL_CAMPAIGN = "special_campaign"


class VisitState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    NOT_DONE = "not_done"
    """Somebody was there and nothing could be inspected."""
    CANCELLED = "cancelled"


class Undone(StrEnum):
    """Why nothing could be inspected."""

    CLOSED = "closed"
    REFUSED_ENTRY = "refused_entry"
    MOVED = "moved"
    OTHER = "other"


class VisitFact(Event):
    """Base of all facts about a visit. Aggregate: the visit. `party_id` leads it, and names those who go along."""

    visit_id: UUID
    kind: VisitKind
    ground: VisitGround
    state: VisitState
    enterprise_id: UUID
    party_id: UUID
    joint_authority_ids: tuple[UUID, ...] = ()
    on: date
    unannounced: bool
    """The enterprise hears of it when it is finished, and not before."""
    by_id: UUID | None = None
    """The person who acted."""

    @property
    def open_to_enterprise(self) -> bool:
        """Tell whether the enterprise may know of the visit as it now stands."""
        return not self.unannounced or self.state is VisitState.FINISHED


class VisitPlanned(VisitFact, subject="inspection.visit.planned", tier="parties"):
    officers: tuple[UUID, ...]
    joint_officers: tuple[UUID, ...] = ()


class VisitStarted(VisitFact, subject="inspection.visit.started", tier="parties"):
    """They have arrived."""


class VisitFinished(VisitFact, subject="inspection.visit.finished", tier="parties"):
    """The visit is over: something was inspected, or could not be (`undone`)."""

    hazards_found: int | None = None
    undone: Undone | None = None


class VisitCancelled(VisitFact, subject="inspection.visit.cancelled", tier="parties"):
    """It will not be made."""

    reason: str
    """For those who planned it; the enterprise is told only that nobody comes."""
    officers: tuple[UUID, ...]
    joint_officers: tuple[UUID, ...] = ()
