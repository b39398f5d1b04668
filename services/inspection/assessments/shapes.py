"""What is sent to and read from assessments; a figure is never shown without the number of cases behind it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.assessments.domain.machine import Verb
from services.inspection.assessments.domain.points import Indicator, Unranked
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.history.shapes import HappeningView
from shared.contracts.base import Ask, View
from shared.contracts.inspection.assessments import AssessmentState
from shared.contracts.values import EvidenceRef, Line, PartyKind, Prose

Year = Annotated[int, Field(ge=2000, le=2100)]
Quarter = Annotated[int, Field(ge=1, le=4)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Points = Annotated[float, Field(ge=0, le=100, multiple_of=0.01)]


class OpenAssessment(Ask):
    """The id in the address makes a repeated one the same. Without a quarter: the whole year."""

    party_id: UUID
    year: Year
    quarter: Quarter | None = None


class ScoreLine(Ask):
    """One indicator: a share (`part` of `whole`) or a count (`part` alone), the points, and where the figure is from.

    Without points it was not scored; where `whole` is 0, nothing was due and nothing can be.
    """

    indicator: Indicator
    most: Annotated[float, Field(gt=0, le=100, multiple_of=0.01)]
    part: Count
    whole: Count | None = None
    points: Points | None = None
    source: Line
    remark: Annotated[str, Field(max_length=1000)] = ""


class Scores(Ask):
    """All indicators at once; what was written down before is replaced. `veto` says why, where it applies."""

    lines: Annotated[tuple[ScoreLine, ...], Field(min_length=1, max_length=len(Indicator))]
    veto: Annotated[str, Field(max_length=1000)] = ""


class Speak(Ask):
    text: Prose
    files: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class DecideAssessment(Ask):
    opinion: Prose


class AnswerObjection(Ask):
    """`scores` are the new ones, where the objection is upheld."""

    upheld: bool
    answer: Prose
    scores: Scores | None = None


class WithdrawAssessment(Ask):
    reason: Prose


class LineView(View):
    indicator: Indicator
    effort: bool
    """What the party did, and not what came of it."""
    most: float
    part: int
    whole: int | None
    """The number of cases; None: the indicator is a count."""
    value: float | None
    """None where nothing was due, and for counts."""
    points: float | None
    source: str
    remark: str


class AssessmentView(View):
    id: UUID
    state: AssessmentState
    area_code: str
    convener_id: UUID
    party_id: UUID
    party_kind: PartyKind
    year: int
    quarter: int | None
    points: float | None
    """None: nothing could be scored."""
    out_of: float | None
    share: float | None
    least_n: int | None
    """The smallest number of cases on which a scored share rests."""
    vetoed: bool
    veto: str
    opened_at: datetime
    state_until: datetime | None
    object_until: datetime | None
    decided_at: datetime | None
    published_at: datetime | None
    offers: list[Verb]


class WordView(View):
    objection: bool
    text: str
    files: list[EvidenceRef]
    at: datetime


class AssessmentDetail(AssessmentView):
    lines: list[LineView]
    said: list[WordView]
    opinion: str
    answer: str
    deadlines: list[DeadlineView]
    history: list[HappeningView]


class AssessmentPage(View):
    items: list[AssessmentView]
    next: UUID | None = None


class StandingView(View):
    """One published assessment beside the others. `unranked` says why there is no rank."""

    party_id: UUID
    points: float | None
    out_of: float | None
    share: float | None
    least_n: int | None
    vetoed: bool
    veto: str
    rank: int | None
    unranked: Unranked | None


class Standings(View):
    """The published assessments of one period and kind of party; `least` is from how many cases on one is ranked."""

    year: int
    quarter: int | None
    kind: PartyKind
    least: int
    items: list[StandingView]
