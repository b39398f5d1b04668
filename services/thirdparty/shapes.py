"""What agencies send to this service, and what they and their clients read from it."""

from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from services.thirdparty.domain import ConflictWarning, EngagementKind, FindingState
from shared.contracts.base import Ask, View
from shared.contracts.values import AreaCode, Category, Day, EvidenceRef, Grade, Place, Prose

MAX_RESULTS = 5_000
MAX_FINDINGS = 500
MAX_PICTURES = 9
FIRST_DAY = date(2000, 1, 1)
"""No profile knows a limit for an earlier day."""


class RegisterEngagement(Ask):
    """A service for one enterprise, or for an authority at every enterprise in `area_code`; both days included."""

    client_id: UUID
    kind: EngagementKind
    valid_from: Annotated[Day, Field(ge=FIRST_DAY)]
    valid_to: Annotated[Day, Field(lt=date(2100, 1, 1))]
    area_code: AreaCode

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self


class EngagementView(View):
    id: UUID
    agency_id: UUID
    client_id: UUID
    kind: EngagementKind
    valid_from: date
    valid_to: date
    area_code: str
    at: datetime
    warnings: list[ConflictWarning]


class EngagementList(View):
    items: list[EngagementView]
    next: UUID | None = None


class ResultRow(Ask):
    """How one place did. Below the profile's limit it is a finding."""

    result_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    """Chosen by the client; once per audit."""
    enterprise_id: UUID
    score: Annotated[float, Field(ge=0, le=100)] | None = None
    category: Category
    note: Annotated[str, StringConstraints(max_length=1000)] = ""


class FindingRow(Ask):
    """A hazard that the agency names itself. Without a place it lies where the enterprise is registered."""

    finding_id: UUID
    enterprise_id: UUID
    category: Category
    what: Prose
    place: Place | None = None
    suspected_grade: Grade | None = None
    imminent_danger: bool = False
    fatalities: bool = False
    """It speaks of deaths: the county decides (Work Safety Law art. 73)."""
    evidence: Annotated[tuple[UUID, ...], Field(max_length=MAX_PICTURES)] = ()


class SubmitAudit(Ask):
    """All that was found in one go. The id in the address is chosen by the agency: sending it again adds nothing."""

    engagement_id: UUID
    performed_on: Day
    results: Annotated[tuple[ResultRow, ...], Field(max_length=MAX_RESULTS)] = ()
    findings: Annotated[tuple[FindingRow, ...], Field(max_length=MAX_FINDINGS)] = ()
    conclusion: Prose
    summary_public: Prose

    def content_hash(self) -> str:
        """Give the same for two submissions that say the same, in whatever order their rows come."""
        ordered = self.model_copy(
            update={
                "results": tuple(sorted(self.results, key=lambda row: row.result_id)),
                "findings": tuple(sorted(self.findings, key=lambda row: row.finding_id)),
            }
        )
        # Deaths count only where there are any: what was sent before they could be told hashes as it did.
        said = ordered.model_dump_json(exclude={"findings": {"__all__": {"fatalities"}}})
        deaths = [str(row.finding_id) for row in ordered.findings if row.fatalities]
        return sha256("".join([said, *deaths]).encode()).hexdigest()


class AuditView(View):
    """An audit in numbers: `results = findings + satisfactory`; the numbers of `by_state` sum to `findings`."""

    id: UUID
    engagement_id: UUID
    agency_id: UUID
    client_id: UUID
    performed_on: date
    at: datetime
    conclusion: str
    summary_public: str
    finding_below_score: float
    results: int
    """Rows of results, and each hazard that the agency named beside them."""
    findings: int
    satisfactory: int
    by_state: dict[FindingState, int]


class AuditList(View):
    items: list[AuditView]
    next: UUID | None = None


class FindingView(View):
    id: UUID
    audit_id: UUID
    result_id: str | None
    enterprise_id: UUID
    category: Category
    what: str
    place: Place
    suspected_grade: Grade | None
    imminent_danger: bool
    fatalities: bool
    evidence: list[EvidenceRef]
    at: datetime
    state: FindingState
    grade: Grade | None
    """As an authority graded it."""
    reason: str | None
    """Code of a rejection."""
    explanation: str | None


class FindingList(View):
    items: list[FindingView]
    next: UUID | None = None
