"""What is sent and read about self-checks."""

from datetime import date as day
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator

from shared.contracts.base import Ask, View
from shared.contracts.values import Category, Day, EvidenceRef, Grade, Place, Prose

MAX_DECLARED = 200
MAX_PICTURES = 9


class Declare(Ask):
    """One hazard that the enterprise found. Its id, chosen by the sender, is that of its claim on the docket."""

    id: UUID
    category: Category
    what: Prose
    place: Place | None = None
    """None: at the enterprise's own address."""
    suspected_grade: Grade | None = None
    fatalities: bool = False
    """Somebody died: the county government verifies it (Work Safety Law art. 73)."""
    evidence: Annotated[tuple[UUID, ...], Field(max_length=MAX_PICTURES)] = ()
    """Files handed in before under /evidence/registry."""


class SubmitSelfCheck(Ask):
    date: Day
    items: Annotated[tuple[Declare, ...], Field(max_length=MAX_DECLARED)] = ()
    """Empty: the enterprise looked and found nothing."""

    @field_validator("items")
    @classmethod
    def _each_once(cls, items: tuple[Declare, ...]) -> tuple[Declare, ...]:
        if len({item.id for item in items}) < len(items):
            raise ValueError("two items have the same id")
        return items


class DeclaredView(View):
    id: UUID
    category: Category
    what: str
    place: Place | None
    suspected_grade: Grade | None
    fatalities: bool
    evidence: list[EvidenceRef]
    progress: str
    hazard_number: str | None


class SelfCheckLine(View):
    id: UUID
    enterprise_id: UUID
    area_code: str
    date: day
    submitted_at: datetime


class SelfCheckView(SelfCheckLine):
    items: list[DeclaredView]
