"""What its hazards' fates mean for an entry: true as soon as one is, unfounded only when none can be. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection import HazardState


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A hazard that a claim names, as far as the docket looks at it."""

    id: UUID
    state: HazardState
    verified: bool
    """It was graded, so somebody has seen it."""
    closed_at: datetime | None = None

    @property
    def true(self) -> bool:
        """Voided after it was verified, it was true as well: only what was dangerous is gone."""
        return self.verified and self.state is not HazardState.DISMISSED

    @property
    def at_its_end(self) -> bool:
        return self.state in _ENDED


_ENDED = frozenset({HazardState.CLOSED, HazardState.DISMISSED, HazardState.VOID, HazardState.MERGED})


class Verdict(StrEnum):
    TRUE = "true"
    UNFOUNDED = "unfounded"
    UNDECIDED = "undecided"


def verdict(hazards: Collection[Behind]) -> Verdict:
    """Judge a claim by the hazards behind which it stands."""
    if any(hazard.true for hazard in hazards):
        return Verdict.TRUE
    if hazards and all(hazard.at_its_end for hazard in hazards):
        return Verdict.UNFOUNDED
    return Verdict.UNDECIDED
