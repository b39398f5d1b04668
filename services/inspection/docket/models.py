"""The tables of the docket: its entries, and how their results were contested."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, Text, literal_column, text
from sqlmodel import Field

from services.inspection.docket.domain import OPEN, Outcome
from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection import (
    ClaimRef,
    CountyFinding,
    RejectReason,
    ReportState,
    ReviewRefusal,
    RoutingRule,
)
from shared.contracts.values import Category, Channel, Grade
from shared.db import Aggregate, document, moment, word

DONE_WITH = frozenset({ReportState.REJECTED, ReportState.ANSWERED, ReportState.CLOSED})
"""States in which nobody has anything to do with a claim."""
UNFINISHED, FINISHED = (
    f"state {among} ({', '.join(repr(state.value) for state in sorted(DONE_WITH))})" for among in ("not in", "in")
)
"""SQL: what waits, and the archive. Indexes and queries must say it in the same words."""
WAITING = (text("(not imminent_danger)"), "claimed_at", "id")
SPELT = r"regexp_replace(lower(normalize(what, NFKC)), '(.)', '\1\1', 'g')"
"""SQL: a claim's words as a search looks through them (`shared.searching.doubled`)."""
WHILE_OPEN = f"state in ({', '.join(repr(state.value) for state in sorted(OPEN))})"
"""SQL: what a new claim may repeat. Indexes and the query that uses them must say it in the same words."""


class Report(Aggregate, Row, table=True):
    """One claim on the docket. `authority_id` must decide; None: the committee must say who decides."""

    __tablename__ = "docket_entries"
    __table_args__ = (
        Index("ix_docket_entries_desk", "authority_id", "state"),
        Index("ix_docket_entries_claimed", "claimed_at", "id"),
        Index("ix_docket_entries_waiting", *WAITING, postgresql_where=text(UNFINISHED)),
        Index(
            "ix_docket_entries_spelt",
            literal_column(f"({SPELT})", Text).label("spelt"),
            postgresql_using="gin",
            postgresql_ops={"spelt": "gin_trgm_ops"},
        ),
        Index("ix_docket_entries_open_place", "lon", "lat", postgresql_where=text(WHILE_OPEN)),
        Index("ix_docket_entries_open_enterprise", "enterprise_id", "claimed_at", postgresql_where=text(WHILE_OPEN)),
        Index("ix_docket_entries_fatal", "claimed_at", postgresql_where=text("fatal")),
    )

    serial: int = Field(sa_column=Column(BigInteger, Identity(), nullable=False))
    number: str = Field(unique=True)
    state: ReportState = word(ReportState, default=ReportState.RECEIVED)
    claim_service: str
    claim_id: UUID = Field(unique=True)
    source_party_id: UUID | None = None
    channel: Channel = word(Channel)
    reporter_ref: UUID
    """Means nothing outside the channel's own vault; it is never shown."""
    authority_id: UUID | None = None
    from_authority_id: UUID | None = None
    """Who passed it on and keeps the record (WSL art. 69)."""
    to_authority_id: UUID | None = Field(default=None, index=True)
    routing_rule: RoutingRule = word(RoutingRule)
    enterprise_id: UUID | None = Field(default=None, index=True)
    place: dict[str, Any] = document()
    lon: float | None = None
    lat: float | None = None
    category: Category = word(Category)
    what: str
    """The channel's words, already redacted; for the desk only."""
    likeness: str = Field(default="", nullable=False, sa_column_kwargs={"server_default": ""})
    """The same as it is compared with other claims."""
    evidence: list[dict[str, Any]] = document()
    imminent_danger: bool = False
    suspected_grade: Grade | None = word(Grade, nullable=True)
    claimed_at: datetime = moment()
    hazard_id: UUID | None = Field(default=None, index=True)
    """The first of the hazards that it names; `hazard_claims` has them all."""
    merged_into: UUID | None = Field(default=None, index=True)
    suggested_authority_id: UUID | None = None
    """Whom the authority that gave it back holds to be responsible."""
    fatal: bool = Field(default=False, nullable=False, sa_column_kwargs={"server_default": "false"})
    """It speaks of deaths (WSL art. 73)."""
    county_finding: CountyFinding | None = word(CountyFinding, nullable=True)
    extensions: int = Field(default=0, nullable=False, sa_column_kwargs={"server_default": "0"})
    """How often verifying it was extended."""
    result_at: datetime | None = moment(nullable=True)
    """When its claimant was told the result that stands; the closing of a hazard is another. None once reviewed."""
    reviewed_at: datetime | None = moment(nullable=True)
    """When a review let its results stand."""
    reason: RejectReason | None = word(RejectReason, nullable=True)
    answer: str | None = None

    @property
    def about(self) -> About:
        return About(Kind.ENTRY, self.id, self.area_code)

    @property
    def claim(self) -> ClaimRef:
        return ClaimRef(service=self.claim_service, claim_id=self.claim_id, source_party_id=self.source_party_id)


class Review(Row, table=True):
    """A result was contested: by whom is the channel's secret, what was said is for the authority only."""

    __tablename__ = "reviews"

    id: UUID = Field(primary_key=True)
    """The contest's own id, so that what comes twice is one."""
    entry_id: UUID = Field(index=True, foreign_key="docket_entries.id")
    by_party_id: UUID | None = None
    """The organisation that contested openly; None: somebody through a channel."""
    at: datetime = moment()
    contested: ReportState = word(ReportState)
    statement: str
    evidence: list[dict[str, Any]] = document()
    outcome: Outcome = word(Outcome)
    refusal: ReviewRefusal | None = word(ReviewRefusal, nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    decided_by: UUID | None = None
    decision: str = ""
