"""What inspection promises of letters: who wrote to whom, what they answered, and whether that sufficed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event


class LetterKind(StrEnum):
    """The first steps of the supervision ladder, and plain notice (domain reference §10.3)."""

    REMINDER = "reminder"
    """提醒函, L1."""
    WARNING = "warning"
    """警示函, L2."""
    SUPERVISION = "supervision"
    """督办函, L3: always asks for a reply."""
    NOTICE = "notice"
    """告知函, outside the ladder: lets somebody know."""
    INTERVIEW = "interview"
    """约谈通知书, L4: calls the leader to an interview, whose result is told in writing."""
    CIRCULAR = "circular"
    """通报, L5: what the committee decided to publish, and whom it names."""
    LISTING_NOTICE = "listing_notice"
    """挂牌督办通知书: tells that a hazard was put under listed supervision."""


class LetterState(StrEnum):
    PREPARED = "prepared"
    """Drawn up by the platform: an interview takes place when its sender has set time and place."""
    SET_ASIDE = "set_aside"
    """What was prepared and then not wanted; it keeps its number and is never sent."""
    SENT = "sent"
    HELD = "held"
    """The interview took place; its written result is waited for."""
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    INSUFFICIENT = "insufficient"
    """The reply does not suffice; another one is waited for."""


class LetterFact(Event):
    """Base of all facts about a letter. Aggregate: the letter. What it says is read on the platform."""

    letter_id: UUID
    number: str
    kind: LetterKind
    state: LetterState
    sender_id: UUID
    addressee_id: UUID
    enterprise_id: UUID | None = None
    """The addressee, when that is an enterprise."""
    reply_by: date | None = None
    by_id: UUID | None = None
    """The person who acted; None when the platform wrote by a rule."""


class LetterSent(LetterFact, subject="inspection.letter.sent", tier="parties"):
    """Whoever is reminded by the platform reads why: the clock that was missed, the rule, and how it was counted."""

    hazard_ids: tuple[UUID, ...] = ()
    deadline_id: UUID | None = None
    """The clock that was missed; None in letters that somebody wrote by hand."""
    rule: str | None = None
    """The line of the profile by which the platform wrote."""
    due_at: datetime | None = None
    explanation_en: str = ""
    explanation_zh: str = ""
    unaddressed: bool = False
    """The addressee has no leader that is known here: the letter went to the organisation, and nobody may read it."""
    interview_at: datetime | None = None


class LetterPrepared(LetterFact, subject="inspection.letter.prepared", tier="internal"):
    """The platform drew up what only a person may send: its sender sets time and place, or sets it aside."""

    deadline_id: UUID | None = None
    rule: str | None = None
    hazard_ids: tuple[UUID, ...] = ()


class LetterSetAside(LetterFact, subject="inspection.letter.set_aside", tier="internal"):
    """Its sender did not want what was prepared. The addressee never hears of it."""

    reason: str


class InterviewHeld(LetterFact, subject="inspection.letter.interview_held", tier="parties"):
    """The leader was interviewed; until `reply_by` the written result is due."""

    held_at: datetime


class LetterAnswered(LetterFact, subject="inspection.letter.answered", tier="internal"):
    """The addressee replied, perhaps again; only the sender need know."""

    ordinal: int
    late: bool = False
    """It came after its limit; it is taken all the same."""


class LetterJudged(LetterFact, subject="inspection.letter.judged", tier="parties"):
    """The reply suffices or does not; `state` says which, `reply_by` until when the next one is due."""

    ordinal: int
