"""What is said of goods and evidence that an authority holds, and what each reader is shown of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.hazards.domain.measures import MeasureVerb
from services.inspection.hazards.shapes.words import Bases, Evidence, Officers, Proof
from shared.contracts.base import Ask, View
from shared.contracts.inspection import (
    MeasureEnd,
    MeasureKind,
    MeasureState,
)
from shared.contracts.values import EvidenceRef, Line, Prose


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


class ExtendMeasure(Ask):
    reason: Prose


class EndMeasure(Ask):
    outcome: MeasureEnd
    reason: Prose
    evidence: Evidence = ()


class OwnMeasureView(View):
    """What the enterprise is shown of what is held of it."""

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


class MeasureView(OwnMeasureView):
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
