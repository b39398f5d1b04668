"""Where the two look-backs stand (domain reference §4.2, T16), from what is known of a hazard anyway. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.contracts.inspection import (
    HazardState,
    LookBackState,
)

_OK = {1: LookBackState.LB1_OK, 2: LookBackState.LB2_OK}
_DUE = {1: LookBackState.LB1_DUE, 2: LookBackState.LB2_DUE}


@dataclass(frozen=True, slots=True)
class Looks:
    """What was looked at, and when the next look falls due: the number of a look → its last day."""

    failed_in: int | None = None
    """The cycle whose look-back failed last."""
    due: Mapping[int, date] | None = None


def lookback(state: HazardState, looked_back: int, cycle: int, looks: Looks, today: date) -> LookBackState:
    """Give the overlay: due from its day on, failed until the hazard is closed again.

    A hazard that is looked at only by choice (it was not drawn) has no day on which a look is due.
    """
    if state is not HazardState.CLOSED:
        return LookBackState.FAILED if looks.failed_in == cycle - 1 else LookBackState.NONE
    upcoming = (looks.due or {}).get(looked_back + 1)
    if upcoming is not None and upcoming <= today:
        return _DUE[looked_back + 1]
    return _OK.get(looked_back, LookBackState.NONE)
