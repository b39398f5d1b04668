"""What inspection promises of assessments (考核): the record of a party's period, its word on it, and the decision."""

from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event


class AssessmentState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    """The party was asked for its statement."""
    STATED = "stated"
    DECIDED = "decided"
    OBJECTED = "objected"
    ANSWERED = "answered"
    """The objection is answered, and there is no second one."""
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class AssessmentFact(Event):
    """Base of all facts about an assessment. Aggregate: the assessment. `points` None: nothing could be scored."""

    assessment_id: UUID
    state: AssessmentState
    convener_id: UUID
    party_id: UUID
    year: int
    quarter: int | None = None
    """None: the whole year."""
    by_id: UUID | None = None


class AssessmentOpened(AssessmentFact, subject="inspection.assessment.opened"):
    pass


class AssessmentScored(AssessmentFact, subject="inspection.assessment.scored"):
    """All its indicators were written down anew."""

    indicators: int
    vetoed: bool


class AssessmentProposed(AssessmentFact, subject="inspection.assessment.proposed"):
    pass


class AssessmentStated(AssessmentFact, subject="inspection.assessment.stated"):
    pass


class AssessmentDecided(AssessmentFact, subject="inspection.assessment.decided"):
    points: float | None = None
    out_of: float | None = None
    vetoed: bool
    heard: bool
    """Whether the party made a statement; not: it let the time pass."""


class AssessmentObjected(AssessmentFact, subject="inspection.assessment.objected"):
    pass


class AssessmentAnswered(AssessmentFact, subject="inspection.assessment.answered"):
    upheld: bool
    points: float | None = None
    out_of: float | None = None
    vetoed: bool


class AssessmentPublished(AssessmentFact, subject="inspection.assessment.published"):
    points: float | None = None
    out_of: float | None = None
    vetoed: bool


class AssessmentWithdrawn(AssessmentFact, subject="inspection.assessment.withdrawn"):
    reason: str
    proposed: bool
    """Whether its party knew of it."""
