"""The states of a hazard by what they mean to whoever goes through a list (domain reference §4.2, column type)."""

from collections.abc import Mapping
from enum import StrEnum

from services.inspection.hazards.domain.machine import OPEN
from shared.contracts.inspection import HazardState as S


class StateKind(StrEnum):
    """Whether the danger stands, was removed, or never was (after FixMyStreet's types of state)."""

    OPEN = "open"
    FIXED = "fixed"
    CLOSED = "closed"


KINDS: Mapping[StateKind, frozenset[S]] = {
    StateKind.OPEN: OPEN,
    StateKind.FIXED: frozenset({S.VERIFIED, S.CLOSED}),
    StateKind.CLOSED: frozenset({S.DISMISSED, S.VOID, S.MERGED}),
}

DONE_WITH = KINDS[StateKind.CLOSED] | {S.CLOSED}
"""States in which nobody has anything to do with the hazard itself; looks back are taken of a few."""
