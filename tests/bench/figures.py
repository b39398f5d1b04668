"""What a bench says: a number beside its floor and its goal, so that no figure is read without its conditions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


class BenchBroken(Exception):
    """The bench itself failed: what it would have measured is unknown."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `value` None: not measured, and `conditions` says why."""

    name: str
    value: float | None
    unit: str
    goal: str = ""
    met: bool | None = None
    floor: float | None = None
    ratio: float | None = None
    conditions: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def at_most(name: str, value: float, unit: str, limit: float, conditions: str) -> Figure:
    """Judge a figure that must stay below a limit in its own unit."""
    return Figure(name, value, unit, f"≤ {limit:g} {unit}", value <= limit, conditions=conditions)


def against_floor(name: str, values: Sequence[float], floors: Sequence[float], share: float, conditions: str) -> Figure:
    """Judge requests/s by its share of the floor, taken in turns with it: medians, with the range of the rounds."""
    ratios = [value / floor for value, floor in zip(values, floors, strict=True)]
    value, floor = median(values), median(floors)
    ratio = value / floor
    spread = f"{len(ratios)} rounds, ratio {min(ratios):.2f} to {max(ratios):.2f}; {conditions}"
    return Figure(name, value, "requests/s", f"≥ {share:g} × floor", ratio >= share, floor, ratio, spread)


def not_measured(name: str, unit: str, goal: str, why: str) -> Figure:
    return Figure(name, None, unit, goal, conditions=f"not measured: {why}")


def percentile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]
