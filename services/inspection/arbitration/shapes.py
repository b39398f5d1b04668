"""How the committee reads what it must decide: who said what, who is suggested, which clocks run meanwhile."""

from datetime import datetime
from uuid import UUID

from services.inspection.arbitration.domain import Decider, Dispute
from services.inspection.deadlines.shapes import DeadlineView
from shared.contracts.base import View
from shared.contracts.values import Category, Grade


class Said(View):
    """One word in the dispute."""

    at: datetime
    verb: str
    party_id: UUID | None
    code: str | None = None
    reason: str
    suggested_id: UUID | None = None


class DisputedDeadline(DeadlineView):
    """`contested`: it presses on nobody, or on a body that says that the matter is not its own."""

    contested: bool
    overdue: bool


class DisputeView(View):
    """`id` is that of the claim's entry, the hazard, the part or the transfer, as `kind` says.

    Of a claim it shows the words, already redacted, and neither who made it nor by which channel.
    """

    id: UUID
    kind: Dispute
    hazard_id: UUID | None
    number: str
    what: str
    category: Category | None
    grade: Grade | None
    enterprise_id: UUID | None
    area_code: str
    since: datetime
    decider: Decider
    said: list[Said]
    suggested_id: UUID | None
    """Whom the last body that spoke named as the owner."""
    deadlines: list[DisputedDeadline]
    decide_at: str | None
    """The address of the verb that decides; None while the lead has the word."""
    offers: list[str]
    """What this reader may do with it now, by the same table that draws the buttons of the thing itself."""


class DisputePage(View):
    items: list[DisputeView]
    next: str | None = None
