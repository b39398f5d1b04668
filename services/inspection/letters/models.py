"""The tables of letters: what was written, and each reply with its judgement."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection import LetterKind, LetterState
from shared.contracts.values import PartyKind
from shared.db import Aggregate, document, moment, several, word


class Letter(Aggregate, Row, table=True):
    """One letter from one party to another; lies where the addressee lies. Its words never change."""

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("sender_id", "number"), Index("ix_letters_sent", "sent_at", "id"))

    state: LetterState = word(LetterState, default=LetterState.SENT)
    kind: LetterKind = word(LetterKind)
    number: str
    sender_id: UUID = Field(index=True)
    addressee_id: UUID = Field(index=True)
    addressee_kind: PartyKind = word(PartyKind)
    basis: str
    facts: str
    demand: str
    reply_by: date | None = None
    """The last local day for the reply that is waited for; None: none is owed."""
    hazard_ids: list[str] = several()
    content_hash: str
    """Of what was sent: the same again is the same letter."""
    sent_by: UUID
    sent_at: datetime = moment()
    replies: int = 0

    @property
    def about(self) -> About:
        return About(Kind.LETTER, self.id, self.area_code)


class LetterReply(Row, table=True):
    """One reply, and what the sender found of it."""

    __tablename__ = "letter_replies"
    __table_args__ = (UniqueConstraint("letter_id", "ordinal"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    letter_id: UUID = Field(index=True, foreign_key="letters.id")
    ordinal: int
    text: str
    files: list[dict[str, Any]] = document()
    by_id: UUID
    at: datetime = moment()
    accepted: bool | None = None
    reason: str = ""
    judged_at: datetime | None = moment(nullable=True)
