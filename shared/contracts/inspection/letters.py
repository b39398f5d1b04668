"""What inspection promises of letters: who wrote to whom, what they answered, and whether that sufficed."""

from datetime import date
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


class LetterState(StrEnum):
    SENT = "sent"
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
    """The person who acted."""


class LetterSent(LetterFact, subject="inspection.letter.sent", tier="parties"):
    hazard_ids: tuple[UUID, ...] = ()


class LetterAnswered(LetterFact, subject="inspection.letter.answered", tier="internal"):
    """The addressee replied, perhaps again; only the sender need know."""

    ordinal: int


class LetterJudged(LetterFact, subject="inspection.letter.judged", tier="parties"):
    """The reply suffices or does not; `state` says which, `reply_by` until when the next one is due."""

    ordinal: int
