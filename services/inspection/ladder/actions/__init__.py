"""What a missed clock causes, and what the committee decides on at the end of the ladder."""

from services.inspection.ladder.actions.climbing import climb
from services.inspection.ladder.actions.deciding import decide

__all__ = ["climb", "decide"]
