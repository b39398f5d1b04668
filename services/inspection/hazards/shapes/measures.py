"""What is said of goods and evidence that an authority holds, and what each reader is shown of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.inspection.hazards.domain.measures import MeasureVerb
from services.inspection.hazards.shapes.words import Bases, Evidence, Officers, Proof
from shared.contracts.base import Ask, View
from shared.contracts.inspection import (
    MeasureEnd,
    MeasureKind,
    MeasureState,
)
from shared.contracts.values import Day, EvidenceRef, Line, Prose


class TakeMeasure(Ask):
    """§4.3: `evidence` shows the things and the list that was signed on the spot."""

    kind: MeasureKind
    things: Annotated[tuple[Line, ...], Field(min_length=1, max_length=100)]
    kept_at: Line
    reason: Prose
    basis: Line
    basis_ids: Bases = ()
    officers: Officers
    evidence: Proof
    approved_by: UUID | None = None
    approved_at: AwareDatetime | None = None
    """The head of the authority who approved it, and when; a seizure names both, or says why it was `urgent`."""
    urgent: Prose | None = None


class ApproveMeasure(Ask):
    """What the head says to a seizure that was urgent; not approved, it is given back at once."""

    approved: bool
    reason: Prose


class SendForAppraisal(Ask):
    """`until` is the last day of the test, which the owner is told."""

    appraiser: Line
    question: Line
    reason: Prose
    until: Day


class RecordAppraisal(Ask):
    """`evidence` holds the report of whoever tested."""

    result: Prose
    evidence: Proof


class ExtendMeasure(Ask):
    reason: Prose


class EndMeasure(Ask):
    outcome: MeasureEnd
    reason: Prose
    evidence: Evidence = ()


class OwnAppraisalView(View):
    """A test of what was seized, as its owner is told of it; `days` did not count."""

    id: UUID
    appraiser: str
    question: str
    reason: str
    until: date
    sent_at: datetime
    result: str | None
    recorded_at: datetime | None
    days: int | None


class AppraisalView(OwnAppraisalView):
    evidence: list[EvidenceRef]
    sent_by: UUID
    recorded_by: UUID | None


class _HeldView(View):
    """What everybody is shown of what is held who may see it at all."""

    id: UUID
    kind: MeasureKind
    state: MeasureState
    things: list[str]
    kept_at: str
    reason: str
    basis: str
    taken_at: datetime
    until: date
    why_extended: str | None
    outcome: MeasureEnd | None
    decision: str | None
    ended_at: datetime | None
    approved_at: datetime | None
    approve_by: datetime | None
    """Until when the head decides on what was urgent."""
    appraisal_id: UUID | None
    """The test that is under way; `until` has its days in it already, as many as the owner was told."""


class OwnMeasureView(_HeldView):
    """What the enterprise is shown of what is held of it."""

    appraisals: list[OwnAppraisalView]


class MeasureView(_HeldView):
    appraisals: list[AppraisalView]
    approved_by: UUID | None
    why_urgent: str | None
    approval: str | None
    cycle: int
    authority_id: UUID
    basis_ids: list[UUID]
    officers: list[UUID]
    evidence: list[EvidenceRef]
    taken_by: UUID
    extended_by: UUID | None
    extended_at: datetime | None
    decision_evidence: list[EvidenceRef]
    ended_by: UUID | None
    overdue: bool
    offers: list[MeasureVerb]


class MeasureList(View):
    items: list[MeasureView | OwnMeasureView]
    offers: list[MeasureVerb]
    """Whether the reader may hold one more thing."""
