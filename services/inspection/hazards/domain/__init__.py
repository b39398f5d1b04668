"""The law of the hazard: who may do what, when, and on which conditions (domain reference §4)."""

from services.inspection.hazards.domain.case import Case, Officer
from services.inspection.hazards.domain.machine import ENDS, HAZARD, OPEN, SUSPENSION, Verb

__all__ = ["ENDS", "HAZARD", "OPEN", "SUSPENSION", "Case", "Officer", "Verb"]
