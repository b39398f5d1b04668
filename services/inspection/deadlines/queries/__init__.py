"""What is looked up of clocks: which run, which have fallen due, and who may see which."""

from services.inspection.deadlines.queries.asking import numbers_of
from services.inspection.deadlines.queries.running import (
    Running,
    all_running,
    end_of,
    going_deadlines,
    local_day,
    met_in_time,
    next_due,
    open_deadlines,
    rules_of,
    running,
)

__all__ = [
    "Running",
    "all_running",
    "end_of",
    "going_deadlines",
    "local_day",
    "met_in_time",
    "next_due",
    "numbers_of",
    "open_deadlines",
    "rules_of",
    "running",
]
