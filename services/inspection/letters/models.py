"""The tables of letters: what was written, and each reply with its judgement."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection import (
    LetterKind,
    LetterState,
)
from shared.contracts.values import PartyKind
from shared.db import Aggregate, document, moment, several, word

SUPERVISING = "letters.kind = 'supervision'"
PREPARED = "letters.kind = 'interview' and letters.state = 'prepared'"
"""SQL: what the ladder counts, and what it adds to. Indexes and queries must say it in the same words."""


class Letter(Aggregate, Row, table=True):
    """One letter from one party to another; lies where the addressee lies. Once sent, its words never change."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("sender_id", "number"),
        Index("ix_letters_sent", "sent_at", "id"),
        Index("ix_letters_supervising", "addressee_id", "sent_at", postgresql_where=text(SUPERVISING)),
        Index("ix_letters_prepared", "addressee_id", postgresql_where=text(PREPARED)),
    )

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
    sent_by: UUID | None = None
    """None: the platform wrote it by the rule below."""
    sent_at: datetime = moment()
    replies: int = 0
    capacity: str = Field(default="", nullable=False, sa_column_kwargs={"server_default": ""})
    """In which role it was written; `system`: by the platform."""
    root_id: UUID | None = Field(default=None, index=True)
    """The missed clock at the beginning of the ladder; None in letters by hand."""
    deadline_id: UUID | None = None
    """The clock whose miss led to this letter."""
    rule: str | None = None
    """The line of the profile by which the platform wrote."""
    due_at: datetime | None = moment(nullable=True)
    explanation_en: str = Field(default="", nullable=False, sa_column_kwargs={"server_default": ""})
    explanation_zh: str = Field(default="", nullable=False, sa_column_kwargs={"server_default": ""})
    leader_id: UUID | None = None
    """The person at the head of the addressee on that day, as the registry told."""
    leader: str = Field(default="", nullable=False, sa_column_kwargs={"server_default": ""})
    unaddressed: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    """No leader of the addressee was known: it went to the organisation, and the operator was told."""
    interview: dict[str, Any] | None = document(nullable=True)
    """When and where who is interviewed, and the record of it."""
    published: str = Field(default="", nullable=False, sa_column_kwargs={"server_default": ""})
    """The text of a circular."""
    named_ids: list[str] = several()
    """The parties that a circular names."""

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
    late: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    """It came after its limit."""
