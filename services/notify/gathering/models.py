"""What each person is still to be told; without rows a restart would forget it, or tell it twice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from services.notify.gathering.domain import Lane
from services.notify.models import Row
from shared.db import document, moment, word

_WAITS = text("told_at is null and left_out_at is null")


class GatheredLine(Row, table=True):
    """One fact to one person; its id is made of both: however often it is heard of, it is one.

    What it counts as and how it is ordered: see `gathering.domain.Line`.
    """

    __tablename__ = "gathered_lines"
    __table_args__ = (
        Index("ix_gathered_lines_due", "send_at", "person_id", "lane", postgresql_where=_WAITS),
        Index("ix_gathered_lines_person", "person_id", "lane", postgresql_where=_WAITS),
        Index("ix_gathered_lines_about", "about_id", postgresql_where=text("told_at is null")),
        Index("ix_gathered_lines_told", "person_id", "lane", "told_at", postgresql_where=text("told_at is not null")),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID
    lane: Lane = word(Lane)
    template: str
    """By which it is worded when it is told alone."""
    event_id: UUID
    about_id: UUID
    area_code: str
    what: str
    urgent: bool
    due_at: datetime = moment()
    """The oldest are named first."""
    number: str
    fact: Any = document(nullable=True)
    """What the line says, until it is told."""
    send_at: datetime = moment()
    held: bool = False
    """Whether it waits for others; else it is looked at as soon as `send_at` has come."""
    told_at: datetime | None = moment(nullable=True)
    alone: bool = False
    notification_id: UUID | None = None
    """The message that told of it."""
    left_out_at: datetime | None = moment(nullable=True)
    """Since when it need not be told: what it says is true no longer."""


class ListedHazard(Row, table=True):
    """A hazard under listed supervision: what is late there is told at once."""

    __tablename__ = "listed_hazards"

    id: UUID = Field(primary_key=True)
