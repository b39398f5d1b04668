"""How many hazards there are of each kind: what boards show."""

from pydantic import Field

from shared.contracts.base import View
from shared.contracts.inspection import (
    HazardState,
    Suspension,
)


class ClockCount(View):
    """How many hazards have this clock running, and how many of these have let it run out."""

    running: int
    overdue: int


class ArchiveCount(View):
    count: int
    at_least: bool
    """There are more; they were not counted to the end."""


class HazardCounts(View):
    """What is unfinished is counted to the last one, the archive as far as anybody would read it.

    `clocks` are those of all that was asked for: what is closed has looks back to come.
    """

    unfinished: int
    states: dict[HazardState, int]
    grades: dict[str, int]
    """By grade, and `ungraded`."""
    overdue: int | None = None
    suspensions: dict[Suspension, int] = Field(default_factory=dict[Suspension, int])
    clocks: dict[str, ClockCount] = Field(default_factory=dict[str, ClockCount])
    archive: dict[HazardState, ArchiveCount]
