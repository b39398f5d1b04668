"""The clocks that run; without rows nobody could be reminded, and no rate of punctuality could be computed."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DDL, BigInteger, Column, DateTime, Identity, Index, event, text
from sqlmodel import Field

from services.inspection.deadlines.rungs import Rung
from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.db import Aggregate, moment, table_of, word

_INSTANT: Any = DateTime(timezone=True)


class DeadlineState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    """It does not run: nobody is late by it, and it goes on with what was left."""
    MET = "met"
    CANCELLED = "cancelled"


GOING = "state in ('open', 'paused')"
"""SQL: a clock that has not come to its end. Indexes and queries must say it in the same words."""


class Change(StrEnum):
    """What happened to a clock between its start and its end."""

    FIRED = "fired"
    """A rung was reached, and who must know was told."""
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    RECOMPUTED = "recomputed"
    """A calendar was published or a rule changed."""


class Deadline(Aggregate, Row, table=True):
    """One clock of one object. `owed_by` is the party that must act; None is the committee.

    Its version counts what is told of it: `DeadlineApproaching`, `DeadlineMissed`, `DeadlineChanged`.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("ix_deadlines_open", "object_id", postgresql_where=text("state = 'open'")),
        Index("ix_deadlines_due", "due_at", postgresql_where=text("state = 'open'")),
        Index("ix_deadlines_object", "object_id", postgresql_where=text(GOING)),
        Index("ix_deadlines_going", "due_at", "id", postgresql_where=text(GOING)),
        Index("ix_deadlines_owed_by", "owed_by", "due_at", "id", postgresql_where=text(GOING)),
        Index("ix_deadlines_next", "next_at", "id", postgresql_where=text("state = 'open' and next_at is not null")),
        Index(
            "ix_deadlines_unscheduled",
            "id",
            postgresql_where=text("state = 'open' and next_at is null and rung is null"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    version: int = Field(default=0, nullable=False, sa_column_kwargs={"server_default": "0"})
    object_kind: Kind = word(Kind)
    object_id: UUID
    key: str
    owed_by: UUID | None = None
    part_id: UUID | None = None
    """Of several parties at one object: whose part of it this clock measures."""
    starts_at: datetime = moment()
    due_at: datetime = moment()
    provisional: bool = False
    explanation_en: str
    explanation_zh: str
    state: DeadlineState = word(DeadlineState, default=DeadlineState.OPEN)
    ended_at: datetime | None = moment(nullable=True)
    next_at: datetime | None = moment(nullable=True)
    """The next instant at which something is to happen; None when nothing more will, and in rows that are older than
    the column, which have no rung either."""
    rung: Rung | None = word(Rung, nullable=True)
    """The last that was fired for the date that it has now."""
    paused_at: datetime | None = moment(nullable=True)
    rules_hash: str | None = None
    """The content of the profile by which the date was computed; None: somebody decided it, and it stays."""
    remaining: int | None = None
    """Working days that were left when it went on after a pause, counted from the day of `remaining_from`."""
    remaining_from: datetime | None = moment(nullable=True)
    tries: int = Field(default=0, nullable=False, sa_column_kwargs={"server_default": "0"})
    """How often its next rung could not be fired; it waits longer each time and holds up no other."""

    @property
    def about(self) -> About:
        return About(self.object_kind, self.object_id, self.area_code, self.part_id)


class DeadlineChange(Row, table=True):
    """What happened to one clock, and why; only ever added to. It answers "why was I reminded?"."""

    __tablename__ = "deadline_changes"
    __table_args__ = (
        Index("ix_deadline_changes_deadline", "deadline_id", "id"),
        Index(
            "uq_deadline_changes_once",
            "deadline_id",
            "rung",
            "due_at",
            unique=True,
            postgresql_where=text("what = 'fired'"),
        ),
        {"info": {"append_only": True}},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    deadline_id: UUID
    at: datetime = Field(sa_type=_INSTANT, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    what: Change = word(Change)
    rung: Rung | None = word(Rung, nullable=True)
    due_before: datetime | None = moment(nullable=True)
    due_at: datetime = moment()
    """The date that it had from then on."""
    reason_en: str
    reason_zh: str


KEEPING = (
    """
    create or replace function deadline_changes_refuse() returns trigger language plpgsql as $$
    begin
        raise exception 'changes of deadlines are only ever added to' using errcode = 'restrict_violation';
    end $$
    """,
    """
    create or replace trigger deadline_changes_kept before update or delete on deadline_changes
    for each statement execute function deadline_changes_refuse()
    """,
)
"""What makes the table of changes append-only."""

for _statement in KEEPING:
    event.listen(table_of(DeadlineChange), "after_create", DDL(_statement.replace("%", "%%")))
