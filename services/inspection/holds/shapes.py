"""What colleagues are told of a hold."""

from datetime import datetime

from shared.contracts.base import View


class HeldBy(View):
    """A colleague has it open, since then."""

    name: str
    since: datetime


class HoldView(View):
    """The own hold, and who else of the own organisation has it open."""

    until: datetime
    """When it lapses unless it is renewed."""
    held_by: HeldBy | None
