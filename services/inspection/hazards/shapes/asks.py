"""What officers and enterprises send to a hazard; without closed shapes a misspelt field would be lost."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.hazards.shapes.orders import Delivery
from services.inspection.hazards.shapes.words import Bases, Evidence, Officers, Point
from shared.contracts.base import Ask, Shape
from shared.contracts.inspection import (
    RecheckMode,
    ReturnReason,
    Suspension,
)
from shared.contracts.values import Day, EvidenceRef, Grade, Line, Prose


class JointOfficers(Ask):
    """Officers of another authority who were there as well; they are recorded and replace nobody (WSL art. 69)."""

    authority_id: UUID
    officers: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=10)]


Joint = Annotated[tuple[JointOfficers, ...], Field(max_length=10)]


class ExpertOpinion(Shape):
    """Takes the place of a criterion when two experts sign (domain reference §4.1)."""

    experts: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    opinion: Prose


class Confirm(Ask):
    """T02. `what` is the authority's own wording; the enterprise will read it."""

    grade: Grade
    what: Prose
    officers: Officers
    joint_officers: Joint = ()
    enterprise_id: UUID | None = None
    """The unit that was found responsible, when it was not known or was another."""
    criterion_ids: Annotated[tuple[UUID, ...], Field(max_length=10)] = ()
    expert_opinion: ExpertOpinion | None = None
    another_matter: bool = False
    """It is not what was closed there not long ago (`closed_alike`), though enterprise, category and place are."""


class Dismiss(Ask):
    reason: Prose
    officers: Officers


class Assign(Ask):
    """The desk takes its own hazard; the committee names the lead."""

    lead_authority_id: UUID | None = None
    co_authority_ids: Annotated[tuple[UUID, ...], Field(max_length=10)] = ()


class ReturnAssignment(Ask):
    """T05: why, in a code and in words, and whose it is instead."""

    code: ReturnReason
    reason: Prose
    suggested_authority_id: UUID | None = None
    """May be missing only where no law gives anybody the power."""


class OrderKind(StrEnum):
    REMOVE_AT_ONCE = "remove_at_once"
    RECTIFY_BY = "rectify_by"


class ItemAsk(Ask):
    text: Prose
    before: Evidence = ()


class IssueOrder(Ask):
    """T06. The last day is a local date; an order to remove at once ends today."""

    kind: OrderKind
    items: Annotated[tuple[ItemAsk, ...], Field(min_length=1, max_length=50)]
    limit: Day
    basis: Line
    basis_ids: Bases = ()
    officers: Officers
    enterprise_id: UUID | None = None
    """The addressee, when nobody knew it before."""
    on_site_only: bool = False
    """Its re-check is made on site."""
    delivery: Delivery | None = None
    """Handed over on the spot."""


class OrderStop(Ask):
    """T07."""

    kind: Suspension
    reason: Prose
    basis: Line
    basis_ids: Bases = ()


class Certainties(Shape):
    """The five certainties 五落实."""

    responsible_person: Line
    measures: Prose
    funds_yuan: Annotated[float, Field(ge=0)]
    limit: Day
    contingency_plan: Prose


class StartRectification(Ask):
    certainties: Certainties | None = None


class ItemDone(Ask):
    item_id: UUID
    after: Annotated[tuple[EvidenceRef, ...], Field(min_length=1, max_length=20)]
    remark: Annotated[str, Field(max_length=1000)] = ""


class RequestRecheck(Ask):
    items: Annotated[tuple[ItemDone, ...], Field(min_length=1, max_length=50)]
    contractor_ids: Annotated[tuple[UUID, ...], Field(max_length=10)] = ()
    """Registered organisations that did the work: none of them may speak for its success (COI-6)."""


class Verdict(Ask):
    """`before` and `after`: photos of the officers' own, beside those of the order and of the enterprise."""

    item_id: UUID
    passed: bool
    remark: Annotated[str, Field(max_length=1000)] = ""
    before: Evidence = ()
    after: Evidence = ()


class Opinion(Ask):
    """What an agency or an expert thinks of the fix; it replaces no officer."""

    agency_id: UUID | None = None
    expert: Line | None = None
    statement: Prose
    attachments: Evidence = ()


class JudgeRecheck(Ask):
    """What every re-check says, however it ends (整改复查意见书)."""

    officers: Officers
    joint_officers: Joint = ()
    verdicts: Annotated[tuple[Verdict, ...], Field(min_length=1, max_length=50)]
    opinion: Prose
    mode: RecheckMode = RecheckMode.ON_SITE
    place: Point | None = None
    attachments: Evidence = ()
    """The officers' own photos and papers."""
    unit_signature: Evidence = ()
    unit_refused: Line | None = None
    """Why the unit did not sign."""


class PassRecheck(JudgeRecheck):
    opinion_by: Opinion | None = None


class Consequence(StrEnum):
    NEW_ORDER = "new_order"
    OPEN_CASE = "open_case"


class FailRecheck(JudgeRecheck):
    consequence: Consequence
    limit: Day
    basis: Line
    basis_ids: Bases = ()
    on_site_only: bool = False
    delivery: Delivery | None = None
    """Of the new order, handed over on the spot."""


class CloseHazard(Ask):
    remark: Annotated[str, Field(max_length=1000)] = ""
    workers_told: bool = False
    """For a major hazard: its removal was reported to the workers' congress (WSL art. 41)."""


class LookBackAsk(Ask):
    ordinal: Annotated[int, Field(ge=1, le=2)]
    passed: bool
    remark: Prose
    evidence: Evidence = ()


class Reopen(Ask):
    reason: Prose


class VoidHazard(Ask):
    reason: Prose
    proof: Annotated[tuple[EvidenceRef, ...], Field(min_length=1, max_length=20)]
