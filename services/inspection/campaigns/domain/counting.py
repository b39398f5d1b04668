"""What a campaign found, in numbers; without it every page would count in its own way. Pure.

A rate whose denominator is empty is None: nothing was due is not 100 % (F10).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contracts.inspection.campaigns import (
    Carried,
    LookState,
    PolicyMeasureState,
)

_RATE_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """`items` were drawn or asked for; `done` of them were looked at or judged; `failed` of those did not hold."""

    items: int
    done: int
    failed: int
    undone: int = 0
    """Said to be impossible, with a reason."""
    waiting: int = 0

    @property
    def not_done(self) -> int:
        return self.items - self.done

    @property
    def done_rate(self) -> float | None:
        return _rate(self.done, self.items)

    @property
    def failed_rate(self) -> float | None:
        return _rate(self.failed, self.done)


def of_looks(states: Iterable[LookState]) -> Count:
    """Count looks at drawn hazards."""
    found = list(states)
    failed = found.count(LookState.FAILED)
    return Count(
        items=len(found),
        done=found.count(LookState.PASSED) + failed,
        failed=failed,
        undone=found.count(LookState.UNDONE),
        waiting=found.count(LookState.WAITING),
    )


def of_measures(told: Iterable[tuple[PolicyMeasureState, Carried | None]]) -> Count:
    """Count the measures of a policy: failed is what was not wholly carried out."""
    found = list(told)
    judged = [verdict for state, verdict in found if state is PolicyMeasureState.JUDGED]
    return Count(
        items=len(found),
        done=len(judged),
        failed=sum(verdict is not Carried.CARRIED_OUT for verdict in judged),
        waiting=sum(state in {PolicyMeasureState.ASKED, PolicyMeasureState.REPORTED} for state, _ in found),
    )


def _rate(some: int, of: int) -> float | None:
    return round(some / of, _RATE_DIGITS) if of else None
