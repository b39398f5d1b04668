"""What several authorities say of one hazard, each of its own part; without it one answer would hide the others."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.hazards import HazardFact
from shared.contracts.inspection.words import ReturnReason


class PartTask(StrEnum):
    """What another authority, or a township, is asked to do for a hazard (Work Safety Law art. 69)."""

    OPINION = "opinion"
    """出具意见: what it holds of the matter, in its own competence."""
    MEASURE = "measure"
    """采取措施: what it does about it, with its own powers."""
    JOINT_INSPECTION = "joint_inspection"
    """联合检查: it comes along on the day, with officers of its own."""
    INFORMATION = "information"
    """通报情况: it takes note."""


class PartState(StrEnum):
    """How far one party's part has come."""

    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    DECLINED = "declined"
    """“Not ours”: the lead asks another, does without, or insists."""
    INSISTED = "insisted"
    """The lead insists; the committee decides who answers."""
    RELEASED = "released"


class ReleaseCause(StrEnum):
    """Why a part is no longer asked for."""

    WITHDRAWN = "withdrawn"
    REASKED = "reasked"
    """Another party was asked instead."""
    LEADS_NOW = "leads_now"
    """The party leads the hazard itself by now."""
    CASE_OVER = "case_over"
    """The hazard was closed or is void, and nobody had waited for this part."""


class PartFact(HazardFact):
    """Base of all facts about one party's part in a hazard. Aggregate: the hazard. None of it is the enterprise's."""

    part_id: UUID
    assisting_id: UUID
    """The authority or township that was asked."""
    task: PartTask
    required: bool
    """The hazard is not closed before this part is answered or released."""
    part_state: PartState
    on: date | None = None
    """The day of a joint inspection."""
    due: datetime | None = None
    """When the answer is due; None: to take note is enough."""


class PartAsked(PartFact, subject="inspection.hazard.part_asked", tier="authority"):
    acknowledge_by: datetime
    replaces_part_id: UUID | None = None
    """The part that another party declined."""


class PartAcknowledged(PartFact, subject="inspection.hazard.part_acknowledged", tier="authority"):
    """The party has taken it in hand: only now is it handed over (peers N03)."""


class PartAnswered(PartFact, subject="inspection.hazard.part_answered", tier="authority"):
    """The answer itself stands in the case, for those who may read it."""

    officers: tuple[UUID, ...] = ()
    """The party's own officers who took part in the inspection."""


class PartDeclined(PartFact, subject="inspection.hazard.part_declined", tier="authority"):
    code: ReturnReason
    reason: str
    suggested_authority_id: UUID | None = None
    settle_by: datetime
    """Until then the lead says how it goes on."""


class PartReleased(PartFact, subject="inspection.hazard.part_released", tier="authority"):
    cause: ReleaseCause
    reason: str = ""


class PartInsisted(PartFact, subject="inspection.hazard.part_insisted", tier="authority"):
    reason: str
    arbitrate_by: datetime


class PartArbitrated(PartFact, subject="inspection.hazard.part_arbitrated", tier="authority"):
    """The committee decided who answers for it; None: nobody need."""

    answering_id: UUID | None = None
    reason: str
