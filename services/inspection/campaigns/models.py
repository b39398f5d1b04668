"""The tables of campaigns: what was asked, the frozen list, what was drawn, what policies demand, photos."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection.campaigns import (
    CampaignKind,
    CampaignState,
    Carried,
    LookState,
    PolicyMeasureState,
    Unlooked,
)
from shared.contracts.values import Category, Grade
from shared.db import Aggregate, document, moment, several, word


class Campaign(Aggregate, Row, table=True):
    """One campaign of the committee. Its lists lie beside it, so that a page of campaigns need not read them."""

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("party_id", "number"), Index("ix_campaigns_opened", "opened_at", "id"))

    state: CampaignState = word(CampaignState)
    kind: CampaignKind = word(CampaignKind)
    number: str
    title: str
    basis: str
    party_id: UUID = Field(index=True)
    """The committee that organises it."""
    closed_from: date | None = None
    closed_to: date | None = None
    category: Category | None = word(Category, nullable=True)
    grade: Grade | None = word(Grade, nullable=True)
    results_by: date
    """The last local day for the results."""
    results_day_set: bool = False
    """The committee set that day; else it follows from the profile, counted from the draw."""
    photos_wanted: bool = False
    """Grid workers and volunteers are told the places, and may supply photos."""
    content_hash: str
    """Of what was asked: the same again is the same campaign."""
    opened_by: UUID
    opened_at: datetime = moment()
    drawn_at: datetime | None = moment(nullable=True)
    ended_at: datetime | None = moment(nullable=True)
    report: dict[str, Any] | None = document(nullable=True)
    """What it came to, as it stood when it was closed."""

    @property
    def about(self) -> About:
        return About(Kind.CAMPAIGN, self.id, self.area_code)

    def about_item(self, item_id: UUID) -> About:
        """Name one hazard or measure, whose clock runs beside those of the others."""
        return About(Kind.CAMPAIGN, self.id, self.area_code, item_id)


class CampaignDraw(Row, table=True):
    """What a draw depends on. `secret` is shown to nobody before the draw."""

    __tablename__ = "campaign_draws"

    campaign_id: UUID = Field(primary_key=True, foreign_key="campaigns.id")
    entries: list[list[str]] = document()
    """The frozen list: (id of the hazard, stratum)."""
    list_hash: str
    secret: str
    commitment: str
    shares: dict[str, float] = document()
    """Stratum → the share of it that is drawn."""
    public_value: str | None = None
    witness: str | None = None
    """Who named the value, or where it was taken from."""
    seed: str | None = None
    drawn: list[str] = several()


class CampaignItem(Row, table=True):
    """One drawn hazard, at which its lead authority looks once more."""

    __tablename__ = "campaign_items"
    __table_args__ = (
        UniqueConstraint("campaign_id", "hazard_id"),
        Index("ix_campaign_items_lead", "lead_authority_id", "state"),
        Index("ix_campaign_items_hazard", "hazard_id", "state"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaigns.id")
    hazard_id: UUID = Field(foreign_key="hazards.id")
    area_code: str = Field(index=True)
    """Of the hazard."""
    number: str
    """Of the hazard; items are listed by it."""
    cycle: int
    ordinal: int
    """Which of the two looks it is about."""
    grade: Grade = word(Grade)
    lead_authority_id: UUID
    state: LookState = word(LookState, default=LookState.WAITING)
    why: Unlooked | None = word(Unlooked, nullable=True)
    remark: str = ""
    drawn_at: datetime = moment()
    done_at: datetime | None = moment(nullable=True)
    by_id: UUID | None = None


class CampaignPhoto(Row, table=True):
    """A photo of a place, supplied by a grid worker or a volunteer; it helps to see, and decides nothing.

    Of a volunteer nothing is kept but that it was one: who helps here may be who reported.
    """

    __tablename__ = "campaign_photos"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    item_id: UUID = Field(index=True, foreign_key="campaign_items.id")
    photo: dict[str, Any] = document()
    capacity: str
    party_id: UUID | None = None
    remark: str = ""
    at: datetime = moment()


class PolicyMeasure(Row, table=True):
    """One thing that a document demands of one body, its account of it, and the committee's verdict."""

    __tablename__ = "policy_measures"
    __table_args__ = (UniqueConstraint("campaign_id", "ordinal"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaigns.id")
    ordinal: int
    document: str
    """The policy, plan or report that demands it."""
    measure: str
    owner_id: UUID = Field(index=True)
    state: PolicyMeasureState = word(PolicyMeasureState, default=PolicyMeasureState.ASKED)
    account: str = ""
    files: list[dict[str, Any]] = several()
    reported_at: datetime | None = moment(nullable=True)
    verdict: Carried | None = word(Carried, nullable=True)
    reason: str = ""
    """Of the last judgement."""
    judged_at: datetime | None = moment(nullable=True)
