"""What a lead sends to the parties that assist it, what they send back, and how the whole is shown."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.hazards.domain.parts import PartVerb
from services.inspection.hazards.shapes.asks import Evidence, Officers
from shared.contracts.base import Ask, View
from shared.contracts.inspection import (
    PartState,
    PartTask,
    ReturnReason,
)
from shared.contracts.values import Day, EvidenceRef, Prose


class AskPart(Ask):
    """Of whom what is asked. The id in the address makes a repeated ask the same."""

    authority_id: UUID
    """An authority or a township."""
    task: PartTask
    what: Prose
    required: bool = True
    """The hazard is not closed before this is answered or released."""
    on: Day | None = None
    """The day of a joint inspection."""


class CallJointly(Ask):
    """A joint inspection of several bodies: all of them are called, or none."""

    authority_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=10)]
    what: Prose
    required: bool = True
    on: Day


class AnswerPart(Ask):
    answer: Prose
    """What it holds, did or found."""
    files: Evidence = ()
    officers: Officers = ()
    """The own officers who inspected; a joint inspection needs two."""


class DeclinePart(Ask):
    """“Not ours”, as a lead gives back an assignment."""

    code: ReturnReason
    reason: Prose
    suggested_authority_id: UUID | None = None


class ReaskPart(Ask):
    authority_id: UUID
    reason: Prose
    on: Day | None = None
    """Another day for the joint inspection."""


class ReleasePart(Ask):
    reason: Prose


class InsistOnPart(Ask):
    reason: Prose


class ArbitratePart(Ask):
    authority_id: UUID | None = None
    """Who is to answer; None: nobody need."""
    explanation: Prose
    on: Day | None = None
    """Another day for the joint inspection."""


class PartView(View):
    """One party's part as the authorities, the township and the committee see it."""

    id: UUID
    cycle: int
    authority_id: UUID
    asked_by_id: UUID
    task: PartTask
    what: str
    required: bool
    on: date | None
    state: PartState
    asked_at: datetime
    due: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    answer: str
    files: list[EvidenceRef]
    officers: list[UUID]
    by_id: UUID
    reason_code: ReturnReason | None
    reason: str
    suggested_authority_id: UUID | None
    arbitrated_at: datetime | None
    replaces_id: UUID | None
    next_due: datetime | None
    """When the next clock of this part runs out, whoever owes it."""
    overdue: bool
    offers: list[PartVerb]


class PartList(View):
    """Everybody's part in one hazard, and whether the reader may ask for one more."""

    items: list[PartView]
    offers: list[PartVerb]
