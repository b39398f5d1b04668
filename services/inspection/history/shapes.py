"""How one move is shown in a timeline."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.contracts.base import View


class HappeningView(View):
    """`who_id`, `reason` and `facts` are empty for readers whom they do not concern."""

    at: datetime
    verb: str
    capacity: str
    party_id: UUID | None = None
    who_id: UUID | None = None
    state_from: str | None = None
    state_to: str
    reason: str = ""
    basis: str = ""
    facts: dict[str, Any] = Field(default_factory=dict[str, Any])


class Timeline(View):
    items: list[HappeningView]
