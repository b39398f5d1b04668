"""What is sent to and read from joint actions; no enterprise reads any of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.history.shapes import HappeningView
from services.inspection.joint_actions.domain.action import Verb
from services.inspection.joint_actions.domain.part import PartVerb
from shared.contracts.base import Ask, View
from shared.contracts.inspection import VisitState
from shared.contracts.inspection.joint_actions import JointActionState, JointPartState
from shared.contracts.values import AreaCode, Category, Day, EvidenceRef, Line, Prose

MOST_AT_ONCE = 200
Enterprises = Annotated[tuple[UUID, ...], Field(max_length=MOST_AT_ONCE)]


class OpenAction(Ask):
    """The id in the address makes a repeated one the same. Both days belong to the period."""

    title: Line
    purpose: Prose
    basis: Line
    area_code: AreaCode
    since: Day
    until: Day
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=20)]


class AskPart(Ask):
    """What an authority is asked to do, and the last local day for its report."""

    authority_id: UUID
    what: Prose
    report_by: Day


class SayWhy(Ask):
    reason: Prose


class ReportPart(Ask):
    text: Prose
    files: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class ChooseTargets(Ask):
    add: Enterprises = ()
    drop: Enterprises = ()


class RecordVisit(Ask):
    """Which hazards came of it, as far as they are on file; sending it again replaces them."""

    hazard_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class CloseAction(Ask):
    report: Annotated[str, Field(min_length=1, max_length=20_000)]


class Tally(View):
    """What was done, counted from visits, hazards and orders on file. No rates: one may have had nothing to do."""

    visits: int
    """Finished ones."""
    not_done: int
    hazards_found: int
    hazards_on_file: int
    orders: int


class AuthorityTally(Tally):
    authority_id: UUID


class Results(Tally):
    targets: int
    visited: int
    by_authority: list[AuthorityTally]


class ActionView(View):
    id: UUID
    number: str
    state: JointActionState
    area_code: str
    convener_id: UUID
    title: str
    purpose: str
    basis: str
    since: date
    until: date
    categories: list[Category]
    opened_at: datetime
    ended_at: datetime | None
    next_due: datetime | None
    overdue: bool
    offers: list[Verb]


class PartView(View):
    id: UUID
    authority_id: UUID
    state: JointPartState
    what: str
    report_by: date
    asked_at: datetime
    answer: str
    files: list[EvidenceRef]
    late: bool
    at: datetime
    offers: list[PartVerb]


class TargetView(View):
    enterprise_id: UUID
    chosen_by: UUID
    chosen_at: datetime


class JointVisitView(View):
    visit_id: UUID
    authority_id: UUID
    enterprise_id: UUID
    on: date
    state: VisitState
    hazards_found: int | None
    hazard_ids: list[UUID]


class ActionDetail(ActionView):
    """`results` are counted now while it goes on, and are those of the day of closing afterwards."""

    parts: list[PartView]
    targets: list[TargetView]
    visits: list[JointVisitView]
    results: Results
    report: str
    deadlines: list[DeadlineView]
    history: list[HappeningView]


class ActionPage(View):
    items: list[ActionView]
    next: UUID | None = None
