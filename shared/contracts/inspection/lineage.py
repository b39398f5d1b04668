"""How hazards come from one another: one found to be several, or several to be one (T22)."""

from uuid import UUID

from shared.contracts.inspection.hazards import HazardFact
from shared.contracts.inspection.words import ClaimRef


class HazardSplit(HazardFact, subject="inspection.hazard.split", tier="authority"):
    """Parts of it are hazards of their own from now on, with the same submissions behind them."""

    part_ids: tuple[UUID, ...]


class HazardMerged(HazardFact, subject="inspection.hazard.merged", tier="authority"):
    """It is the same matter as another, which goes on with all its submissions: none is behind this one any more."""

    into_hazard_id: UUID


class HazardClaimsJoined(HazardFact, subject="inspection.hazard.claims_joined", tier="parties"):
    """Another was merged into this one: whoever reported that follows this one, and `claims` names them all."""

    from_hazard_id: UUID
    joined: tuple[ClaimRef, ...] = ()
    """The submissions that came over."""
