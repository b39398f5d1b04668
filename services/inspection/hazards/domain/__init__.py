"""The law of the hazard: who may do what, when, and on which conditions (domain reference §4)."""

from services.inspection.copies.domain import Officer
from services.inspection.hazards.domain.case import Case
from services.inspection.hazards.domain.machine import ENDS, HAZARD, OPEN
from services.inspection.hazards.domain.overlays import (
    ENFORCEMENT,
    EXTENSION,
    LISTING,
    OVERLAYS,
    SUSPENSION,
    overlay_of,
    standing_beside,
)
from services.inspection.hazards.domain.verbs import Verb

__all__ = [
    "ENDS",
    "ENFORCEMENT",
    "EXTENSION",
    "HAZARD",
    "LISTING",
    "OPEN",
    "OVERLAYS",
    "SUSPENSION",
    "Case",
    "Officer",
    "Verb",
    "overlay_of",
    "standing_beside",
]
