"""Names the lists that can be narrowed and saved; without it a saved view would not know what it is a view of."""

from enum import StrEnum


class List(StrEnum):
    HAZARDS = "hazards"
    DOCKET = "docket"
