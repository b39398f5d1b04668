"""What is sent and read about letters of delegation."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, HttpUrl, StringConstraints, model_validator

from services.registry.delegations.domain import Verb
from services.registry.parties.shapes import IndustryCode
from services.registry.shapes import ends_after_it_begins
from shared.contracts.base import Ask, View
from shared.contracts.registry import DelegationKind, DelegationState, Power
from shared.contracts.values import AreaCode, Category, Day, Line, Prose


class KeepDelegation(Ask):
    """A letter as it is drafted. Matters are categories, industries or legal bases; at least one is named."""

    authority_id: UUID
    delegate_id: UUID
    kind: DelegationKind
    powers: Annotated[tuple[Power, ...], Field(min_length=1, max_length=len(Power))]
    categories: Annotated[tuple[Category, ...], Field(max_length=len(Category))] = ()
    """Only hazards of these; empty: of any."""
    industries: Annotated[tuple[IndustryCode, ...], Field(max_length=100)] = ()
    """Only enterprises of these; empty: of any."""
    basis_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    """Only these may be cited by an order under the letter; empty: any."""
    area_code: AreaCode
    """Where, and below, it holds."""
    valid_from: Day
    valid_to: Day
    """The last day."""
    letter_no: Line
    conditions: Annotated[str, StringConstraints(max_length=4000)] = ""
    supervisor_id: UUID | None = None
    """Who watches over the delegate's work for the authority."""
    evaluations: Annotated[tuple[Day, ...], Field(max_length=50)] = ()
    """The days on which the delegate's work is evaluated."""
    lawfully_established: bool = False
    """Confirmed: established by law, with a function in public affairs (Penalty Law art. 21)."""
    certified_staff: bool = False
    """Confirmed: its staff know the law and hold enforcement certificates (Penalty Law art. 21)."""
    technical_means: bool = False
    """Confirmed: it can have technical inspections made (Penalty Law art. 21)."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        ends_after_it_begins(self.valid_from, self.valid_to)
        if not (self.categories or self.industries or self.basis_ids):
            raise ValueError("name at least one matter: a category, an industry or a legal basis")
        if self.kind is DelegationKind.AUTHORISED and not self.basis_ids:
            raise ValueError("name the law or regulation that authorises")
        if any(not self.valid_from <= day <= self.valid_to for day in self.evaluations):
            raise ValueError("evaluations lie within the term")
        return self


class Publish(Ask):
    """Without publication a letter has no force (Penalty Law art. 20)."""

    publication_url: Annotated[HttpUrl, Field(max_length=500)]


class Reasoned(Ask):
    reason: Prose


class PublicDelegationView(View):
    """What the law wants everybody to know of a letter in force."""

    id: UUID
    authority_id: UUID
    delegate_id: UUID
    kind: DelegationKind
    powers: list[Power]
    categories: list[Category]
    industries: list[str]
    basis_ids: list[UUID]
    area_code: str
    valid_from: date
    valid_to: date
    letter_no: str
    publication_url: str


class DelegationView(PublicDelegationView):
    """The register's own view."""

    state: DelegationState
    in_force: bool
    conditions: str
    supervisor_id: UUID | None
    evaluations: list[date]
    lawfully_established: bool
    certified_staff: bool
    technical_means: bool
    reason: str
    published_at: datetime | None
    offers: list[Verb]
