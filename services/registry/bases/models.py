"""The table of legal bases."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.registry import BasisLevel, BasisMark
from shared.db import Aggregate, word


class Basis(Aggregate, Row, table=True):
    """A text, or one article of it, and the days on which it may be cited, both ends included."""

    __tablename__ = "bases"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="term"),)

    short_name: str
    title_zh: str
    title_en: str
    number: str
    issuer: str
    article: str
    level: BasisLevel = word(BasisLevel)
    mark: BasisMark = word(BasisMark)
    valid_from: date | None = None
    valid_to: date | None = None
    date_verified: bool
    text_zh: str
    text_en: str
    supersedes_id: UUID | None = Field(default=None, foreign_key="bases.id")
    note: str
