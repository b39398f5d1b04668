"""What is sent to and read from tasks of resolutions."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.history.shapes import HappeningView
from services.inspection.meetings.domain.task import TaskVerb
from shared.contracts.base import Ask, View
from shared.contracts.inspection.meetings import TaskState
from shared.contracts.values import Day, EvidenceRef, Prose


class AssignTask(Ask):
    """The id in the address makes a repeated one the same. `limit` is the last local day."""

    meeting_id: UUID
    resolution: Annotated[int, Field(ge=1, le=50)]
    owner_id: UUID
    co_owner_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    demand: Prose
    limit: Day


class TellDoing(Ask):
    """What was done, with files that show it."""

    text: Prose
    files: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class JudgeTask(Ask):
    """`limit` is the new last day, where what was done is not enough."""

    accepted: bool
    reason: Prose
    limit: Day | None = None


class CancelTask(Ask):
    reason: Prose


class TaskView(View):
    id: UUID
    number: str
    state: TaskState
    meeting_id: UUID
    resolution: int
    convener_id: UUID
    owner_id: UUID
    co_owner_ids: list[UUID]
    demand: str
    limit: date
    assigned_at: datetime
    ended_at: datetime | None
    next_due: datetime | None
    overdue: bool
    offers: list[TaskVerb]


class DoingView(View):
    ordinal: int
    party_id: UUID
    final: bool
    """The owner's report; not: a note of what was done so far."""
    text: str
    files: list[EvidenceRef]
    at: datetime
    late: bool
    accepted: bool | None
    """None: a note, or not judged yet."""
    reason: str
    judged_at: datetime | None


class TaskDetail(TaskView):
    """One task. An enterprise sees what it told itself, and the verdicts; offices see what everybody told."""

    told: list[DoingView]
    deadlines: list[DeadlineView]


class OfficialTaskDetail(TaskDetail):
    """What offices see besides: the resolution in its words, and who did what."""

    resolved: str
    history: list[HappeningView]


class TaskPage(View):
    items: list[TaskView]
    next: UUID | None = None
