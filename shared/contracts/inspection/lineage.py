"""Where a hazard came from and where it went; without these a listener would count one danger twice."""

from uuid import UUID

from shared.contracts.inspection.hazards import HazardFact


class HazardMerged(HazardFact, subject="inspection.hazard.merged", tier="authority"):
    """T22, T17: the same matter as another hazard, which goes on with the claims of both."""

    into_hazard_id: UUID
