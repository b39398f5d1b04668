"""Names what history rows and deadlines are about; without it they would each point at objects in their own way."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """The kinds of object that have a history and clocks."""

    ENTRY = "entry"
    HAZARD = "hazard"
    VISIT = "visit"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class About:
    """One object of this service."""

    kind: Kind
    id: UUID
    area_code: str
