"""The law of the docket: who may do what with a claim, when, and on which conditions (domain reference §3)."""

from services.inspection.docket.domain.case import Case, Contest, Outcome, contest
from services.inspection.docket.domain.claimants import CLAIMANTS, channel_for
from services.inspection.docket.domain.machine import DOCKET, ENDS, MERGES_INTO, OPEN, SYSTEM, Verb
from services.inspection.docket.domain.nearness import Why, box, distance_m, likeness
from services.inspection.docket.domain.verdict import Behind, Verdict, verdict

__all__ = [
    "CLAIMANTS",
    "DOCKET",
    "ENDS",
    "MERGES_INTO",
    "OPEN",
    "SYSTEM",
    "Behind",
    "Case",
    "Contest",
    "Outcome",
    "Verb",
    "Verdict",
    "Why",
    "box",
    "channel_for",
    "contest",
    "distance_m",
    "likeness",
    "verdict",
]
