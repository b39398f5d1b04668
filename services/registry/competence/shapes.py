"""What is sent and read about competence and criteria."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.base import Ask, View
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import AreaCode, Category, Day, Line, Prose


class KeepCompetence(Ask):
    """`by` and `key` lead to `authority_id` within `area_code` and below."""

    by: CompetenceBy
    key: Annotated[str, StringConstraints(min_length=1, max_length=36)]
    """An enterprise id, a hazard category, an industry prefix or a township code."""
    authority_id: UUID
    area_code: AreaCode
    in_force: bool = True
    basis: Annotated[str, StringConstraints(max_length=300)] = ""
    """The law or decision that says so."""


class KeepListedCompetence(KeepCompetence):
    id: UUID


class CompetenceView(View):
    id: UUID
    by: CompetenceBy
    key: str
    authority_id: UUID
    area_code: str
    in_force: bool
    basis: str


class KeepCriterion(Ask):
    document: Line
    item: Line
    text_zh: Prose
    text_en: Prose | None = None
    categories: Annotated[tuple[Category, ...], Field(max_length=len(Category))] = ()
    """Empty: it speaks of no category in particular."""
    valid_from: Day
    valid_to: Day | None = None
    """The last day on which it holds."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self


class KeepListedCriterion(KeepCriterion):
    id: UUID


class CriterionView(View):
    id: UUID
    document: str
    item: str
    text_en: str
    text_zh: str
    categories: list[Category]
    valid_from: date
    valid_to: date | None
