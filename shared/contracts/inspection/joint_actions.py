"""What inspection promises of joint actions: the committee co-ordinates, and each authority does its own part.

No enterprise hears of one beforehand: it is told of visits, as of any visit.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import Category


class JointActionState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class JointPartState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPORTED = "reported"
    RELEASED = "released"


class JointActionFact(Event):
    """Base of all facts about a joint action. Aggregate: the joint action. Both days belong to the period."""

    action_id: UUID
    number: str
    state: JointActionState
    convener_id: UUID
    title: str
    since: date
    until: date
    categories: tuple[Category, ...] = ()
    authority_ids: tuple[UUID, ...] = ()
    """Those that take part, or were asked to and have not declined."""
    by_id: UUID | None = None


class JointActionOpened(JointActionFact, subject="inspection.jointaction.opened"):
    pass


class JointTargetsChosen(JointActionFact, subject="inspection.jointaction.targets_chosen"):
    """`party_id` chose enterprises to be visited; how many there are now."""

    party_id: UUID
    targets: int


class JointVisitRecorded(JointActionFact, subject="inspection.jointaction.visit_recorded"):
    """An authority says that one of its visits was made for this, and what came of it."""

    visit_id: UUID
    party_id: UUID
    hazard_ids: tuple[UUID, ...] = ()


class JointActionClosed(JointActionFact, subject="inspection.jointaction.closed"):
    """The report stands. The figures are those of the day on which it was closed."""

    targets: int
    visited: int
    """Enterprises at which at least one visit was finished."""
    visits: int
    hazards_found: int
    orders: int


class JointActionCancelled(JointActionFact, subject="inspection.jointaction.cancelled"):
    reason: str


class JointPartFact(JointActionFact):
    """Base of the facts about one authority's part; they are facts of the joint action."""

    part_id: UUID
    asked_id: UUID
    """The authority whose part it is."""
    part_state: JointPartState


class JointPartAsked(JointPartFact, subject="inspection.jointaction.part_asked"):
    report_by: date


class JointPartAccepted(JointPartFact, subject="inspection.jointaction.part_accepted"):
    pass


class JointPartDeclined(JointPartFact, subject="inspection.jointaction.part_declined"):
    reason: str


class JointPartReported(JointPartFact, subject="inspection.jointaction.part_reported"):
    late: bool


class JointPartReleased(JointPartFact, subject="inspection.jointaction.part_released"):
    """The committee does without it."""

    reason: str
