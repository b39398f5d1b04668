"""The tables of hazards: the hazard, what lies behind it, its orders, items, re-checks and look-backs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection import Enforcement, Extension, HazardState, Listing, RoutingRule, Suspension
from shared.contracts.values import Category, Channel, Grade
from shared.db import Aggregate, document, moment, several, word


def _counted() -> Any:
    """Declare a number that is 0 in rows older than the column."""
    return Field(default=0, nullable=False, sa_column_kwargs={"server_default": "0"})


def _flag() -> Any:
    """Declare a flag that is down in rows older than the column."""
    return Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})


class Hazard(Aggregate, Row, table=True):
    """One hazard. `handling_authority_id` verifies it, `lead_authority_id` answers for it once confirmed."""

    __tablename__ = "hazards"
    __table_args__ = (
        CheckConstraint("grade is not null or state in ('suspected', 'dismissed', 'void', 'merged')", name="graded"),
        Index("ix_hazards_claimed", "claimed_at", "id"),
    )

    serial: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False))
    number: str = Field(unique=True)
    state: HazardState = word(HazardState, default=HazardState.SUSPECTED, index=True)
    grade: Grade | None = word(Grade, nullable=True)
    category: Category = word(Category)
    what: str
    enterprise_id: UUID | None = Field(default=None, index=True)
    place: dict[str, Any] = document()
    imminent_danger: bool = False
    claimed_at: datetime = moment()
    registered_at: datetime = moment()
    handling_authority_id: UUID = Field(index=True)
    lead_authority_id: UUID | None = Field(default=None, index=True)
    co_authority_ids: list[str] = document()
    routing_rule: RoutingRule | None = word(RoutingRule, nullable=True)
    returns: int = 0
    criterion_ids: list[str] = document()
    expert_opinion: dict[str, Any] | None = document(nullable=True)
    certainties: dict[str, Any] | None = document(nullable=True)
    limit: date | None = None
    suspension: Suspension = word(Suspension, default=Suspension.NONE)
    stopped_as: Suspension | None = word(Suspension, nullable=True)
    """The kind of stop that stands again when its lifting is refused."""
    extension: Extension = word(Extension, default=Extension.NONE, older=Extension.NONE)
    extensions: int = _counted()
    """Extensions granted in this cycle."""
    enforcement: Enforcement = word(Enforcement, default=Enforcement.NONE, older=Enforcement.NONE)
    listing: Listing = word(Listing, default=Listing.NONE, older=Listing.NONE)
    listing_level: int | None = None
    """Which level of government listed it (major_tier of §4.1), once it is listed."""
    escalation: int = _counted()
    """How high the supervision ladder has been climbed (domain reference §10.3), 0 to 5."""
    recurrent: bool = _flag()
    recurrence_key: str | None = Field(default=None, index=True)
    """The same for hazards of the same enterprise, category and place (domain reference §4.5)."""
    recurs_id: UUID | None = None
    """The closed hazard that came back."""
    self_governed: bool = _flag()
    """The enterprise found it itself and removes it itself, as long as no authority takes it over (§4.6)."""
    channel: Channel | None = word(Channel, nullable=True)
    """How its first claim came in."""
    delivered: bool = _flag()
    """The newest order reached the enterprise, or its refusal was recorded."""
    open_parts: int = _counted()
    """Authorities that were asked to assist and have not answered."""
    county_decides: bool = _flag()
    """A claim behind it speaks of deaths and the county has not told what it found (WSL art. 73)."""
    split_from_id: UUID | None = Field(default=None, index=True)
    merged_into_id: UUID | None = Field(default=None, index=True)
    cycle: int = 1
    open_items: int = 0
    rechecked_by: list[str] = document()
    looked_back: int = 0
    """Look-backs passed since the last closing."""
    ordered_at: datetime | None = moment(nullable=True)
    """When the enterprise first learned of it."""
    closed_at: datetime | None = moment(nullable=True)

    @property
    def about(self) -> About:
        return About(Kind.HAZARD, self.id, self.area_code)


class HazardClaim(Row, table=True):
    """One submission behind a hazard. The enterprise never sees these."""

    __tablename__ = "hazard_claims"

    hazard_id: UUID = Field(primary_key=True, foreign_key="hazards.id")
    claim_id: UUID = Field(primary_key=True, index=True)
    """One report may name several hazards, and several reports one."""
    service: str
    source_party_id: UUID | None = Field(default=None, index=True)
    claimed_at: datetime = moment()


class Order(Row, table=True):
    """An order as it was issued; never changed afterwards."""

    __tablename__ = "orders"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    number: str = Field(unique=True)
    authority_id: UUID
    kind: str
    basis: str
    basis_ids: list[str] = several()
    letter_no: str | None = None
    items: list[str] = document()
    limit: date
    officers: list[str] = document()
    issued_at: datetime = moment()


class OrderNumber(Row, table=True):
    """Last number given to an authority in a year; raised under its row lock, so that no number is missing."""

    __tablename__ = "order_numbers"

    authority_id: UUID = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int


class HazardItem(Row, table=True):
    """One thing to put right, from the order to the verdict."""

    __tablename__ = "hazard_items"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    ordinal: int
    text: str
    before: list[dict[str, Any]] = document()
    after: list[dict[str, Any]] = document()
    remark: str = ""
    passed: bool = False


class Recheck(Row, table=True):
    """One re-check by two officers, and its verdict on each item."""

    __tablename__ = "rechecks"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    opened_at: datetime = moment()
    opened_by: UUID
    decided_at: datetime | None = moment(nullable=True)
    passed: bool | None = None
    officers: list[str] = document()
    verdicts: list[dict[str, Any]] = document()
    opinion: str = ""
    consequence: str | None = None
    limit: date | None = None


class LookBack(Row, table=True):
    """A closed hazard seen again."""

    __tablename__ = "look_backs"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    ordinal: int
    passed: bool
    remark: str
    evidence: list[dict[str, Any]] = document()
    by_id: UUID
    at: datetime = moment()
