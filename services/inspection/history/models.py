"""The one table that is only ever added to; without it nobody could show how a case came to its end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index
from sqlmodel import Field

from services.inspection.domain import Kind
from services.inspection.models import Row
from shared.db import document, moment, word


class Happening(Row, table=True):
    """One move of one object. `who_id` is None when the platform itself acted; no reporter ever stands here."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_object", "object_kind", "object_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    object_kind: Kind = word(Kind)
    object_id: UUID
    at: datetime = moment()
    who_id: UUID | None = None
    capacity: str
    party_id: UUID | None = None
    verb: str
    state_from: str | None = None
    state_to: str
    reason: str = ""
    basis: str = ""
    facts: dict[str, Any] = document()
