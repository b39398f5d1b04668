"""When a hazard is one that came back (domain reference §4.5, T17); without it each report would be the first. Pure.

The key of a hazard is its enterprise, its category and its place. Categories have no codes of four digits yet, so the
category's word stands for them. Who does not say where, says the enterprise: such a hazard is of every place of it.

The place is a cell of a grid whose size the profile gives (50 m). Rows are bands of latitude, counted from the south
pole, as high as a cell; within a band, columns are as wide as a cell in the middle of the band, counted eastward from
the antimeridian. The edge effect: of two points a step apart each may lie in a cell of its own, and two in one cell
may be as far apart as its diagonal (71 m). The key names the size, so that cells of two sizes never look alike.
"""

from dataclasses import dataclass
from datetime import date
from math import cos, floor, radians
from uuid import UUID

from shared.contracts.values import Category

METRES_PER_DEGREE = 111_320
NOWHERE = "-"
HIGHEST = 5
"""The top of the supervision ladder (domain reference §10.3)."""


@dataclass(frozen=True, slots=True)
class Key:
    """What two hazards must have in common for the later to be the earlier that came back."""

    enterprise_id: UUID
    category: Category
    cell: str

    def __str__(self) -> str:
        return f"{self.enterprise_id}:{self.category}:{self.cell}"

    def is_of(self, other: "Key") -> bool:
        """Tell whether both are of one matter: the same place, or a place that one of them does not name."""
        same = (self.enterprise_id, self.category) == (other.enterprise_id, other.category)
        return same and (self.cell == other.cell or NOWHERE in {self.cell, other.cell})


def recurrence_key(
    enterprise_id: UUID | None, category: Category, lon: float | None, lat: float | None, cell_m: float
) -> Key | None:
    """Give the key; None as long as nobody knows whose hazard it is."""
    if enterprise_id is None:
        return None
    cell = NOWHERE if lon is None or lat is None else cell_of(lon, lat, cell_m)
    return Key(enterprise_id, category, cell)


def cell_of(lon: float, lat: float, cell_m: float) -> str:
    """Name the cell of the grid in which a point lies (degrees, CGCS2000): `<size>@<row>.<column>`."""
    row = floor((lat + 90) * METRES_PER_DEGREE / cell_m)
    middle = (row + 0.5) * cell_m / METRES_PER_DEGREE - 90
    wide = METRES_PER_DEGREE * max(cos(radians(middle)), 0)
    column = floor((lon + 180) % 360 * wide / cell_m)
    return f"{cell_m:g}@{row}.{column}"


def within(closed_on: date, today: date, days: float) -> bool:
    """Tell whether a hazard closed on that local day still counts; the last day of the window does."""
    return (today - closed_on).days <= days


def one_higher(escalation: int) -> int:
    return min(escalation + 1, HIGHEST)
