"""What is sent to and read from meetings; an enterprise is shown nothing of the others who were called."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.evidence.shapes import Instant
from services.inspection.history.shapes import HappeningView
from services.inspection.meetings.domain.meeting import Verb
from services.inspection.meetings.shapes.task import TaskView
from shared.contracts.base import Ask, View
from shared.contracts.inspection.meetings import Attendance, MeetingState
from shared.contracts.values import Line, PartyKind, Prose

MOST_CALLED = 200
Remark = Annotated[str, StringConstraints(max_length=1000)]


class MeetingWhen(Ask):
    starts_at: Instant
    place: Line


class Convene(MeetingWhen):
    """The id in the address makes a repeated one the same. Everybody who is called reads all of it."""

    title: Line
    agenda: Annotated[tuple[Line, ...], Field(min_length=1, max_length=50)]
    called: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_CALLED)]


class MoveMeeting(MeetingWhen):
    reason: Prose


class CancelMeeting(Ask):
    reason: Prose


class AttendanceLine(Ask):
    """`came` is who spoke for it, by name and post."""

    party_id: UUID
    attendance: Attendance
    came: Annotated[str, StringConstraints(max_length=200)] = ""
    remark: Remark = ""


class RecordAttendance(Ask):
    """One line for each of those who were called."""

    lines: Annotated[tuple[AttendanceLine, ...], Field(min_length=1, max_length=MOST_CALLED)]


class WriteMinutes(Ask):
    """Written once. Each resolution is one thing; the tasks that come of it are assigned afterwards."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    resolutions: Annotated[tuple[Prose, ...], Field(max_length=50)] = ()


class MeetingView(View):
    """What everybody who was called sees."""

    id: UUID
    number: str
    state: MeetingState
    convener_id: UUID
    title: str
    starts_at: datetime
    place: str
    agenda: list[str]
    convened_at: datetime
    minuted_at: datetime | None
    offers: list[Verb]


class OwnCallView(View):
    attendance: Attendance | None
    came: str
    remark: str


class CallView(OwnCallView):
    party_id: UUID
    kind: PartyKind


class ResolutionView(View):
    ordinal: int
    text: str


class CalledMeeting(MeetingView):
    """One meeting as an enterprise sees it: its own call, and the tasks in which it takes part."""

    own: OwnCallView
    tasks: list[TaskView]


class MeetingDetail(MeetingView):
    """One meeting as offices see it. An authority or a township sees the tasks in which it takes part."""

    area_code: str
    called: list[CallView]
    minutes: str
    resolutions: list[ResolutionView]
    tasks: list[TaskView]
    deadlines: list[DeadlineView]
    history: list[HappeningView]


class MeetingPage(View):
    items: list[MeetingView]
    next: UUID | None = None
