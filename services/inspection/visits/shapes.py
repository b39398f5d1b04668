"""What is sent to and read from visits; the enterprise has shapes of its own, so that no ground can slip into them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.history.shapes import HappeningView
from services.inspection.visits.domain import Verb
from shared.contracts.base import Ask, View
from shared.contracts.inspection import (
    HazardState,
    Undone,
    VisitGround,
    VisitKind,
    VisitState,
)
from shared.contracts.values import Category, Day, Grade, Prose

People = Annotated[tuple[UUID, ...], Field(max_length=10)]


class PlanVisit(Ask):
    """The id in the address makes a repeated one the same.

    `officers` are those of the own organisation; on a patrol nobody else need be named. `purpose` is inner.
    """

    enterprise_id: UUID
    kind: VisitKind
    ground: VisitGround
    on: Day
    purpose: Prose
    officers: People = ()
    joint_authority_ids: Annotated[tuple[UUID, ...], Field(max_length=10)] = ()
    joint_officers: People = ()
    hazard_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    unannounced: bool = False


class FinishVisit(Ask):
    """Either what was found, with how many hazards, or why nothing could be inspected.

    The enterprise reads `findings`; each hazard is put on the docket by a claim of its own.
    """

    findings: Prose | None = None
    hazards_found: Annotated[int, Field(ge=0, le=1000)] | None = None
    undone: Undone | None = None
    remark: Annotated[str, Field(max_length=1000)] = ""


class CancelVisit(Ask):
    reason: Prose


class OwnVisitView(View):
    """What the enterprise sees: never why somebody comes, nor whether anybody meant to come unannounced."""

    id: UUID
    kind: VisitKind
    state: VisitState
    enterprise_id: UUID
    party_id: UUID
    joint_authority_ids: list[UUID]
    on: date
    officers: list[UUID]
    joint_officers: list[UUID]
    started_at: datetime | None
    ended_at: datetime | None
    findings: str
    hazards_found: int | None
    undone: Undone | None


class VisitView(OwnVisitView):
    """What those see who plan, make and supervise visits."""

    area_code: str
    ground: VisitGround
    counts: bool
    """Whether it takes one of the visits that the yearly cap allows."""
    purpose: str
    unannounced: bool
    hazard_ids: list[UUID]
    planned_by: UUID
    planned_at: datetime
    remark: str
    offers: list[Verb]


class VisitGlimpse(View):
    """Another visit of the same enterprise."""

    id: UUID
    kind: VisitKind
    state: VisitState
    party_id: UUID
    joint_authority_ids: list[UUID]
    on: date
    hazards_found: int | None
    undone: Undone | None


class OpenHazard(View):
    """What waits at the enterprise."""

    id: UUID
    number: str
    state: HazardState
    category: Category
    grade: Grade | None
    what: str
    limit: date | None


class CapView(View):
    """The enterprise's inspections of the year: those that the cap counts, and those that are outside it (OQ-8)."""

    year: int
    cap: int
    counted: list[date]
    outside: list[date]


class VisitDetail(VisitView):
    """The visit sheet, filled in beforehand with what is known of the enterprise."""

    overlaps: list[VisitGlimpse]
    """Other authorities' visits near its day: one combined visit may do for both."""
    cap: CapView | None
    open_hazards: list[OpenHazard]
    last_visits: list[VisitGlimpse]
    history: list[HappeningView]


class VisitPage(View):
    items: list[VisitView | OwnVisitView]
    next: UUID | None = None
