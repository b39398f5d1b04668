"""What a missed clock causes, and what the committee decides on at the end of the ladder."""

from services.inspection.ladder.actions.climbing import climb
from services.inspection.ladder.actions.deciding import decide
from services.inspection.ladder.actions.summoning import call_after_a_death
from services.inspection.ladder.queries.matters import busy_behind

__all__ = ["busy_behind", "call_after_a_death", "climb", "decide"]
