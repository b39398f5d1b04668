"""The tables of competence rules and of major-hazard criteria."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.registry import CompetenceBy
from shared.db import Aggregate, several
from shared.db import document as document_column


class Competence(Aggregate, Row, table=True):
    """One rule of who is responsible. For one key in one area at most one begins on a day.

    Terms may overlap, as two decisions of a county do: routing then names nobody, and `/competence/conflicts` both.
    """

    __tablename__ = "competence"
    __table_args__ = (
        Index(
            "uq_competence_begins",
            *("by", "key", "area_code", "valid_from"),
            unique=True,
            postgresql_where=text("in_force"),
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("valid_to >= valid_from", name="term"),
    )

    by: CompetenceBy = Field(sa_type=Text)
    key: str = Field(max_length=36)
    authority_id: UUID = Field(foreign_key="parties.id", index=True)
    in_force: bool
    basis: str
    valid_from: date | None = None
    valid_to: date | None = None
    co_authority_ids: list[str] = several()
    township_id: UUID | None = None
    leader_id: UUID | None = Field(default=None, foreign_key="people.id")


class Criterion(Aggregate, Row, table=True):
    """A major-hazard criterion of a ministry's catalogue, with the days on which it holds, both ends included."""

    __tablename__ = "criteria"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="term"),)

    document: str
    item: str
    text_en: str
    text_zh: str
    categories: list[str] = document_column()
    valid_from: date
    valid_to: date | None = None
    basis_id: UUID | None = Field(default=None, foreign_key="bases.id")
