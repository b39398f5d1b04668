"""What is sent to and read from saved views."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from services.inspection.worklists.domain import List
from shared.contracts.base import Ask, View
from shared.contracts.values import Line


class SaveView(Ask):
    list: List
    name: Line
    filters: dict[str, Any] = Field(default_factory=dict[str, Any])
    """As they are given to the list, under the same names."""
    shared: bool = False
    """Colleagues of the own organisation may use it too; for desks and heads."""


class SavedViewView(View):
    id: UUID
    list: List
    name: str
    filters: dict[str, Any]
    shared: bool
    saved_at: datetime
    mine: bool


class SavedViews(View):
    items: list[SavedViewView]
