"""The one table of worklists: what people saved of how they narrow them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.inspection.models import Row
from services.inspection.worklists.domain import List
from shared.db import document, moment, word


class SavedView(Row, table=True):
    """How a person narrows a list, under a name. `shared`: colleagues of the same organisation may use it too."""

    __tablename__ = "saved_views"

    id: UUID = Field(primary_key=True)
    owner_id: UUID = Field(index=True)
    party_id: UUID | None = Field(default=None, index=True)
    list: List = word(List)
    name: str
    filters: dict[str, Any] = document()
    shared: bool = False
    saved_at: datetime = moment()
