"""What is sent and read about competence and criteria."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from services.registry.parties.shapes import IndustryCode
from services.registry.shapes import ends_after_it_begins
from shared.contracts.base import Ask, View
from shared.contracts.inspection import RoutingRule
from shared.contracts.registry import CompetenceBy
from shared.contracts.routing import Standing
from shared.contracts.values import AreaCode, Category, Day, Line, Prose


class KeepCompetence(Ask):
    """`by` and `key` lead to `authority_id` within `area_code` and below."""

    by: CompetenceBy
    key: Annotated[str, StringConstraints(min_length=1, max_length=36)]
    """An enterprise id, a hazard category, an industry prefix or a township code."""
    authority_id: UUID
    area_code: AreaCode
    in_force: bool = True
    """False withdraws the rule as if it had never been; one that merely ends has a `valid_to`."""
    basis: Annotated[str, StringConstraints(max_length=300)] = ""
    """The law or decision that says so."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    """The last day on which it holds; what was decided until then stays explained by it."""
    co_authority_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    """Departments that co-operate with the lead."""
    township_id: UUID | None = None
    leader_id: UUID | None = None
    """The leader of the county in charge of this line of work."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        ends_after_it_begins(self.valid_from, self.valid_to)
        if self.authority_id in self.co_authority_ids:
            raise ValueError("the lead does not co-operate with itself")
        if len(set(self.co_authority_ids)) < len(self.co_authority_ids):
            raise ValueError("a department co-operates once")
        return self


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
    valid_from: date | None
    valid_to: date | None
    co_authority_ids: list[UUID]
    township_id: UUID | None
    leader_id: UUID | None


class Decide(Ask):
    """A matter: a registered enterprise, or a place and perhaps an industry."""

    category: Category
    enterprise_id: UUID | None = None
    area_code: AreaCode | None = None
    """Where; an enterprise's own place when it is left out."""
    industry_code: IndustryCode | None = None
    on: Day | None = None
    """Today when it is left out."""

    @model_validator(mode="after")
    def _lies_somewhere(self) -> Self:
        if self.enterprise_id is None and self.area_code is None:
            raise ValueError("name an enterprise or a place")
        if self.enterprise_id is not None and self.industry_code is not None:
            raise ValueError("the industry of a registered enterprise is known")
        return self


class ConsideredView(View):
    standing: Standing
    rule: CompetenceView


class DecisionView(View):
    """Who would be responsible; nobody means that the committee arbitrates."""

    on: date
    authority_id: UUID | None
    routing_rule: RoutingRule
    rule_id: UUID | None
    considered: list[ConsideredView]


class Gap(StrEnum):
    NOBODY = "nobody"
    FALLBACK = "fallback"
    """Only the township: no department was named."""


class EnterpriseGapView(View):
    """An enterprise for whose ordinary hazards no department is responsible."""

    id: UUID
    name_en: str
    name_zh: str
    area_code: str
    industry_code: str
    gap: Gap


class PlaceGapView(View):
    """A township in which a hazard of this category, at no known enterprise, has no department."""

    area_code: str
    name_en: str
    name_zh: str
    category: Category | None
    """None: every category that does not go before the industry."""
    gap: Gap


class PlaceGaps(View):
    items: list[PlaceGapView]


class Fault(StrEnum):
    """Why a rule will not lead where it should."""

    TIED = "tied"
    """Another rule of the same key, area and time leads elsewhere: routing names nobody."""
    DISSOLVED = "dissolved"
    """The party it leads to was dissolved."""
    OUTSIDE = "outside"
    """The party it leads to has no part in the area that it speaks of."""
    IDLE = "idle"
    """It can never fire: its category does not go before the industry, or its key lies outside its area."""


class ConflictView(View):
    rule: CompetenceView
    faults: list[Fault]
    tied_with: list[UUID]


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

    basis_id: UUID | None = None
    """The entry of the catalogue of legal bases that the document is."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        ends_after_it_begins(self.valid_from, self.valid_to)
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
    basis_id: UUID | None
