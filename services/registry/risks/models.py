"""The tables of risk points, of each enterprise's colour with its history, and of the hazards that count in it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.inspection import HazardState
from shared.contracts.registry import Colour
from shared.contracts.values import Category, Grade
from shared.db import Aggregate, document, moment, word


class RiskPoint(Aggregate, Row, table=True):
    """A place where something may happen, graded by a method."""

    __tablename__ = "risk_points"

    enterprise_id: UUID = Field(foreign_key="enterprises.id", index=True)
    place: str
    description: str
    grading: dict[str, Any] = document()
    """The method with its factors."""
    value: float
    colour: Colour = word(Colour)
    measures: str
    responsible: str
    assessed_on: date
    withdrawn_on: date | None = None


class Risk(Aggregate, Row, table=True):
    """The colour of an enterprise, under the enterprise's id; without one until it is first assessed."""

    __tablename__ = "risks"
    __table_args__ = (Index("ix_risks_due_at", "due_at", postgresql_where=text("due_at is not null")),)

    colour: Colour | None = word(Colour, nullable=True, index=True)
    score: int | None = Field(default=None, index=True)
    reasons: list[dict[str, Any]] | None = document(nullable=True)
    assessed_at: datetime | None = moment(nullable=True)
    """When colour or score became what they are."""
    due_at: datetime | None = moment(nullable=True)
    """From when on it must be assessed anew: at once after a fact, or when time alone may change it."""


class PastColour(Row, table=True):
    """What the risk of an enterprise was found to be, each time that it changed."""

    __tablename__ = "past_colours"

    enterprise_id: UUID = Field(foreign_key="risks.id", primary_key=True)
    version: int = Field(primary_key=True)
    at: datetime = moment()
    colour: Colour = word(Colour)
    score: int
    reasons: list[dict[str, Any]] = document()


class HazardCopy(Row, table=True):
    """What registry must know of a hazard, as inspection told it last."""

    __tablename__ = "hazard_copies"

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(index=True)
    state: HazardState = word(HazardState)
    category: Category = word(Category)
    grade: Grade | None = word(Grade, nullable=True)
    limit: date | None = None
    stayed: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    """The order is stayed, and its limit does not run."""
    cycle: int
    confirmed_on: date | None = None
    told: bool = False
    """The enterprise was ordered to act, or found it itself. Until then it does not know, and must not guess, that
    somebody reported."""
    recurrent: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    """Officers confirmed the same kind at the same place as in one that was closed."""
    self_found: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    """The enterprise declared it and governs it."""
