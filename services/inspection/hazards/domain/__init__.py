"""The law of the hazard: who may do what, when, and on which conditions (domain reference §4)."""

from services.inspection.copies.domain import Officer
from services.inspection.hazards.domain.case import Case
from services.inspection.hazards.domain.enforcement import ENFORCEMENT, UNDECIDED
from services.inspection.hazards.domain.machine import DROPS, ENDS, HAZARD, OPEN
from services.inspection.hazards.domain.overlays import (
    EXTENSION,
    LISTED,
    LISTING,
    OVERLAYS,
    POWER,
    STAY,
    SUSPENSION,
    overlay_of,
    standing_beside,
)
from services.inspection.hazards.domain.pausing import PAUSES, RESUMES
from services.inspection.hazards.domain.verbs import REACHES_THE_ENTERPRISE, Deed, Verb

__all__ = [
    "DROPS",
    "ENDS",
    "ENFORCEMENT",
    "EXTENSION",
    "HAZARD",
    "LISTED",
    "LISTING",
    "OPEN",
    "OVERLAYS",
    "PAUSES",
    "POWER",
    "REACHES_THE_ENTERPRISE",
    "RESUMES",
    "STAY",
    "SUSPENSION",
    "UNDECIDED",
    "Case",
    "Deed",
    "Officer",
    "Verb",
    "overlay_of",
    "standing_beside",
]
