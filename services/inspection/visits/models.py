"""The table of visits; without it nobody could tell how often an enterprise was inspected, and by whom."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection import (
    Undone,
    VisitGround,
    VisitKind,
    VisitState,
)
from shared.db import Aggregate, document, moment, several, word


class Visit(Aggregate, Row, table=True):
    """One visit of one enterprise, led by `party_id`; a joint one is one visit. Lies where the enterprise lies."""

    __tablename__ = "visits"
    __table_args__ = (Index("ix_visits_enterprise", "enterprise_id", "on"), Index("ix_visits_on", "on", "id"))

    state: VisitState = word(VisitState, default=VisitState.PLANNED)
    kind: VisitKind = word(VisitKind)
    ground: VisitGround = word(VisitGround)
    """Never shown to the enterprise: it could tell that somebody complained."""
    enterprise_id: UUID
    party_id: UUID = Field(index=True)
    joint_authority_ids: list[str] = several()
    on: date
    purpose: str
    unannounced: bool = False
    """The enterprise is not told beforehand: 四不两直, or the visit was written down after its day."""
    officers: list[str] = document()
    joint_officers: list[str] = several()
    hazard_ids: list[str] = several()
    content_hash: str
    """Of what was sent: the same again is the same visit."""
    planned_by: UUID
    planned_at: datetime = moment()
    started_at: datetime | None = moment(nullable=True)
    ended_at: datetime | None = moment(nullable=True)
    findings: str = ""
    """The authority's wording; the enterprise will read it."""
    hazards_found: int | None = None
    undone: Undone | None = word(Undone, nullable=True)
    remark: str = ""

    @property
    def about(self) -> About:
        return About(Kind.VISIT, self.id, self.area_code)
