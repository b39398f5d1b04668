"""The one table of what is open at somebody's desk."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.inspection.domain import Kind
from services.inspection.models import Row
from shared.db import moment, word


class Hold(Row, table=True):
    """Somebody has an object open. It says nothing about what they may do, and lapses unless it is renewed."""

    __tablename__ = "holds"

    object_id: UUID = Field(primary_key=True)
    who_id: UUID = Field(primary_key=True)
    object_kind: Kind = word(Kind)
    party_id: UUID | None = None
    name: str
    since: datetime = moment()
    until: datetime = moment()
