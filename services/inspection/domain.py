"""What history rows and deadlines are about, and how far places are apart; without it each noun would have its own."""

from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from uuid import UUID


class Kind(StrEnum):
    """The kinds of object that have a history and clocks."""

    ENTRY = "entry"
    HAZARD = "hazard"
    VISIT = "visit"
    LETTER = "letter"
    PROPOSAL = "proposal"
    MEETING = "meeting"
    COMMITTEE_TASK = "committee_task"
    JOINT_ACTION = "joint_action"
    ASSESSMENT = "assessment"
    CAMPAIGN = "campaign"
    TRANSFER = "transfer"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class About:
    """One object of this service; `part_id` narrows it to what one of several parties does there."""

    kind: Kind
    id: UUID
    area_code: str
    part_id: UUID | None = None


_EARTH_M = 6_371_000


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Give the distance of two (longitude, latitude) points on the sphere, in metres."""
    lon1, lat1, lon2, lat2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_M * asin(sqrt(min(h, 1.0)))
