"""The tables of competence rules and of major-hazard criteria."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.registry import CompetenceBy
from shared.db import Aggregate
from shared.db import document as document_column


class Competence(Aggregate, Row, table=True):
    """One rule of who is responsible. For one key in one area at most one is in force, or routing could not decide."""

    __tablename__ = "competence"
    __table_args__ = (
        Index("uq_competence_in_force", "by", "key", "area_code", unique=True, postgresql_where=text("in_force")),
    )

    by: CompetenceBy = Field(sa_type=Text)
    key: str = Field(max_length=36)
    authority_id: UUID = Field(foreign_key="parties.id", index=True)
    in_force: bool
    basis: str


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
