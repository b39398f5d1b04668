"""What was asked and decided beside the main line: time, resumption, listing, power, stays, publicity."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Field

from services.inspection.models import Row
from shared.contracts.inspection import (
    ExtensionGround,
    Listing,
    ListingGround,
    Publication,
    StayGround,
)
from shared.db import moment, several, word


class ExtensionRequest(Row, table=True):
    """One request for more time, and what became of it; `lapsed_at`: nobody decided before it was pointless."""

    __tablename__ = "extensions"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    ground: ExtensionGround = word(ExtensionGround)
    reason: str
    interim_measures: str
    evidence: list[dict[str, Any]] = several()
    limit_before: date
    until_asked: date
    asked_by: UUID
    asked_at: datetime = moment()
    decide_by: datetime = moment()
    granted: bool | None = None
    until_granted: date | None = None
    decision: str | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = moment(nullable=True)
    lapsed_at: datetime | None = moment(nullable=True)


class Resumption(Row, table=True):
    """One request to resume work, the review on site and the decision (Order 16; 鄂安〔2010〕20号)."""

    __tablename__ = "resumptions"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    statement: str
    plan: str
    items: list[str] = several()
    evaluation: str
    evaluation_files: list[dict[str, Any]] = several()
    evidence: list[dict[str, Any]] = several()
    asked_by: UUID
    asked_at: datetime = moment()
    granted: bool | None = None
    decision: str | None = None
    reviewers: list[str] = several()
    certificates: list[dict[str, Any]] = several()
    remarks: list[dict[str, Any]] = several()
    """Of each item of the plan: whether it is fit, and what was seen."""
    photos: list[dict[str, Any]] = several()
    decided_by: UUID | None = None
    decided_at: datetime | None = moment(nullable=True)


class ListedSupervision(Row, table=True):
    """One proposal to list a hazard 挂牌督办, and its way to the list and off it."""

    __tablename__ = "listings"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    state: Listing = word(Listing)
    """As the hazard's overlay; a refused proposal stands at `none`."""
    ground: ListingGround = word(ListingGround)
    reason: str
    evidence: list[dict[str, Any]] = several()
    proposed_by: UUID
    proposed_at: datetime = moment()
    level: int | None = None
    limit: date | None = None
    decision: str | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = moment(nullable=True)
    delisting_statement: str | None = None
    delisting_evidence: list[dict[str, Any]] = several()
    delisting_asked_at: datetime | None = moment(nullable=True)
    acceptors: list[str] = several()
    acceptance: str | None = None
    acceptance_evidence: list[dict[str, Any]] = several()
    accepted_on: date | None = None
    delisted_by: UUID | None = None
    delisted_at: datetime | None = moment(nullable=True)


class PublicNotice(Row, table=True):
    """That something was made public, or filed, and where."""

    __tablename__ = "public_notices"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    what: Publication = word(Publication)
    where: str
    on: date
    by_id: UUID
    recorded_at: datetime = moment()


class PowerCutNotice(Row, table=True):
    """When an enterprise was told that its power would be cut, and when that was lifted (Work Safety Law art. 70)."""

    __tablename__ = "power_cuts"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    told_at: datetime = moment()
    cut_at: datetime = moment()
    urgent: str | None = None
    """Why there was no time to tell it ahead."""
    reason: str
    basis: str
    basis_ids: list[str] = several()
    by_id: UUID
    lifted_at: datetime | None = moment(nullable=True)
    lifted_by: UUID | None = None
    lift_reason: str | None = None


class OrderStay(Row, table=True):
    """One stay of an order, from when and by whose decision, and what became of it."""

    __tablename__ = "stays"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hazard_id: UUID = Field(index=True, foreign_key="hazards.id")
    cycle: int
    order_id: UUID
    ground: StayGround = word(StayGround)
    reference: str
    reason: str
    on: date
    """The day of that decision or filing."""
    since: datetime = moment()
    """From when the days of the order do not run."""
    limit_before: date
    recorded_by: UUID
    recorded_at: datetime = moment()
    limit_after: date | None = None
    lift_reason: str | None = None
    lifted_by: UUID | None = None
    lifted_at: datetime | None = moment(nullable=True)
    lapsed_at: datetime | None = moment(nullable=True)
    """When there was no order left to stay."""
