"""A county's clocks, limits and flags, dated and sourced; without it the law's numbers sit in code."""

from shared.profile.due import UNITS, Due
from shared.profile.loading import check, load
from shared.profile.profile import Profile, UnknownRule, WrongUnit
from shared.profile.rules import (
    STANDING,
    Bracket,
    Brackets,
    Clock,
    File,
    Flag,
    HourOfDay,
    Listing,
    Mark,
    Number,
    Period,
    Ratio,
    Rule,
)
from shared.profile.written import BadProfile, Fault

__all__ = [
    "STANDING",
    "UNITS",
    "BadProfile",
    "Bracket",
    "Brackets",
    "Clock",
    "Due",
    "Fault",
    "File",
    "Flag",
    "HourOfDay",
    "Listing",
    "Mark",
    "Number",
    "Period",
    "Profile",
    "Ratio",
    "Rule",
    "UnknownRule",
    "WrongUnit",
    "check",
    "load",
]
