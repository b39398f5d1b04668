"""The docket's one table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, literal_column, text
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection import ClaimRef, RejectReason, ReportState, RoutingRule
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


class Report(Aggregate, Row, table=True):
    """One claim on the docket. `authority_id` must decide; None: the committee must say who decides."""

    __tablename__ = "docket_entries"
    __table_args__ = (
        Index("ix_docket_entries_desk", "authority_id", "state"),
        Index("ix_docket_entries_claimed", "claimed_at", "id"),
        Index("ix_docket_entries_waiting", *WAITING, postgresql_where=text(UNFINISHED)),
        Index(
            "ix_docket_entries_spelt",
            literal_column(f"({SPELT})").label("spelt"),
            postgresql_using="gin",
            postgresql_ops={"spelt": "gin_trgm_ops"},
        ),
        Index("ix_docket_entries_place", "lon", "lat"),
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
    evidence: list[dict[str, Any]] = document()
    imminent_danger: bool = False
    suspected_grade: Grade | None = word(Grade, nullable=True)
    claimed_at: datetime = moment()
    hazard_id: UUID | None = Field(default=None, index=True)
    merged_into: UUID | None = Field(default=None, index=True)
    reason: RejectReason | None = word(RejectReason, nullable=True)
    answer: str | None = None

    @property
    def about(self) -> About:
        return About(Kind.ENTRY, self.id, self.area_code)

    @property
    def claim(self) -> ClaimRef:
        return ClaimRef(service=self.claim_service, claim_id=self.claim_id, source_party_id=self.source_party_id)
