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
    in_name_of: UUID | None = None
    delegation_id: UUID | None = None
    letter_no: str | None = None
    state_from: str | None = None
    state_to: str
    reason: str = ""
    basis: str = ""
    basis_ids: list[UUID] = Field(default_factory=list[UUID])
    facts: dict[str, Any] = Field(default_factory=dict[str, Any])
    hash: str | None = None
    """Chains it to the row before it; empty where something is left out, and in rows older than the chain."""


class Timeline(View):
    items: list[HappeningView]
