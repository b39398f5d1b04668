"""What is sent to and read from letters; sender and addressee read the same words."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.history.shapes import HappeningView
from services.inspection.letters.domain import Verb
from shared.contracts.base import Ask, View
from shared.contracts.inspection import (
    LetterKind,
    LetterState,
)
from shared.contracts.values import Day, EvidenceRef, Line, PartyKind, Prose

MOST_HAZARDS = 200
Hazards = Annotated[tuple[UUID, ...], Field(max_length=MOST_HAZARDS)]


class LetterText(Ask):
    """What a letter says. Whoever it is addressed to reads all of it."""

    kind: LetterKind
    basis: Line
    """The law or the rule on which it rests."""
    facts: Prose
    demand: Prose
    reply_by: Day | None = None
    """The last local day for the reply; a supervision letter has one anyway, by the profile."""


class SetInterview(Ask):
    """When and where the leader is interviewed, and who is called: names or posts."""

    at: AwareDatetime
    place: Line
    called: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]


class Publish(Ask):
    """What a circular says to all, and which parties it names."""

    text: Prose
    named_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]


class SendLetter(LetterText):
    """The id in the address makes a repeated one the same."""

    addressee_id: UUID
    hazard_ids: Hazards = ()
    interview: SetInterview | None = None
    """For an interview, and only for that."""
    circular: Publish | None = None
    """For a circular, and only for that."""


class SendMany(LetterText):
    """One letter to each addressee of these hazards: the lead authority from the committee, else the enterprise."""

    hazard_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_HAZARDS)]


class Summon(SetInterview):
    """Sends an interview that the platform prepared."""


class SetAside(Ask):
    reason: Prose


class HoldInterview(Ask):
    """The record of the interview; `reply_by` is the day for the written result, by the profile if it is not set."""

    held_at: AwareDatetime
    record: Prose
    demanded: Prose
    """What is to be put right."""
    reply_by: Day | None = None


class ReplyToLetter(Ask):
    text: Prose
    files: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class JudgeReply(Ask):
    """`reply_by` is the day for the next reply, when this one does not suffice."""

    accepted: bool
    reason: Prose
    reply_by: Day | None = None


class InterviewView(View):
    at: datetime | None = None
    """None: its sender has not set it yet."""
    place: str = ""
    called: list[str] = Field(default_factory=list[str])
    held_at: datetime | None = None
    record: str = ""
    demanded: str = ""


class LetterView(View):
    id: UUID
    number: str
    kind: LetterKind
    state: LetterState
    area_code: str
    sender_id: UUID
    addressee_id: UUID
    addressee_kind: PartyKind
    basis: str
    facts: str
    demand: str
    reply_by: date | None
    hazard_ids: list[UUID]
    sent_at: datetime
    replies: int
    capacity: str
    """In which role it was written; `system`: by the platform, by the rule below."""
    deadline_id: UUID | None
    """The clock whose miss led to it."""
    rule: str | None
    due_at: datetime | None
    explanation_en: str
    explanation_zh: str
    leader: str
    """Who was at the head of the addressee; empty where the registry told nobody."""
    unaddressed: bool
    interview: InterviewView | None
    published: str
    named_ids: list[UUID]
    next_due: datetime | None
    overdue: bool
    offers: list[Verb]


class ReplyView(View):
    ordinal: int
    text: str
    files: list[EvidenceRef]
    at: datetime
    accepted: bool | None
    """None: not judged yet."""
    reason: str
    judged_at: datetime | None
    late: bool
    """It came after its limit, and was taken all the same."""


class LetterDetail(LetterView):
    answers: list[ReplyView]
    deadlines: list[DeadlineView]


class OfficialLetterDetail(LetterDetail):
    """What offices see besides: who did what. An enterprise is told no names of officials."""

    history: list[HappeningView]


class CircularView(View):
    """What everybody reads of a circular."""

    id: UUID
    number: str
    sender_id: UUID
    published: str
    named_ids: list[UUID]
    sent_at: datetime


class CircularPage(View):
    items: list[CircularView]
    next: UUID | None = None


class LetterPage(View):
    items: list[LetterView]
    next: UUID | None = None


class Refusal(View):
    """Why nothing was sent: a stable slug and a sentence in each language."""

    slug: str
    en: str
    zh: str


class HazardLine(View):
    """What became of one hazard of a bulk letter: the letter that names it, or the refusal."""

    hazard_id: UUID
    letter_id: UUID | None = None
    number: str | None = None
    refused: Refusal | None = None


class ManySent(View):
    letters: list[LetterView]
    hazards: list[HazardLine]
    """One line for each hazard, in the order given."""
