"""The tables of meetings: who was called and came, what was resolved, and what became of each task."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection.meetings import Attendance, MeetingState, TaskState
from shared.contracts.values import PartyKind
from shared.db import Aggregate, document, members, moment, several, word


class Meeting(Aggregate, Row, table=True):
    """One meeting of a committee; lies where the committee lies."""

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("convener_id", "number"), Index("ix_meetings_starts", "starts_at", "id"))

    state: MeetingState = word(MeetingState, default=MeetingState.CONVENED)
    number: str
    convener_id: UUID = Field(index=True)
    title: str
    starts_at: datetime = moment()
    place: str
    agenda: list[str] = document()
    content_hash: str
    """Of what was sent: the same again is the same meeting."""
    convened_by: UUID
    convened_at: datetime = moment()
    minutes: str = ""
    minuted_at: datetime | None = moment(nullable=True)

    @property
    def about(self) -> About:
        return About(Kind.MEETING, self.id, self.area_code)


class MeetingCall(Row, table=True):
    """That one party was called, and how it took part. `attendance` None: not recorded yet."""

    __tablename__ = "meeting_calls"
    __table_args__ = (Index("ix_meeting_calls_party", "party_id", "meeting_id"),)

    meeting_id: UUID = Field(primary_key=True, foreign_key="meetings.id")
    party_id: UUID = Field(primary_key=True)
    kind: PartyKind = word(PartyKind)
    attendance: Attendance | None = word(Attendance, nullable=True)
    came: str = ""
    """Who spoke for it, by name and post."""
    remark: str = ""


class Resolution(Row, table=True):
    """One thing that was resolved; written with the minutes and never changed."""

    __tablename__ = "resolutions"

    meeting_id: UUID = Field(primary_key=True, foreign_key="meetings.id")
    ordinal: int = Field(primary_key=True)
    text: str


class CommitteeTask(Aggregate, Row, table=True):
    """What one party has to do because of a resolution, perhaps with others. Its demand never changes."""

    __tablename__ = "committee_tasks"
    __table_args__ = (
        UniqueConstraint("convener_id", "number"),
        Index("ix_committee_tasks_meeting", "meeting_id", "resolution"),
        Index("ix_committee_tasks_assigned", "assigned_at", "id"),
        Index("ix_committee_tasks_co_owners", "co_owner_ids", postgresql_using="gin"),
    )

    state: TaskState = word(TaskState, default=TaskState.OPEN)
    number: str
    meeting_id: UUID = Field(foreign_key="meetings.id")
    resolution: int
    convener_id: UUID
    owner_id: UUID = Field(index=True)
    co_owner_ids: list[UUID] = members(UUID)
    enterprise_ids: list[str] = several()
    """Those of the owner and the co-owners that are enterprises."""
    demand: str
    limit: date
    """The last local day, as it was last set."""
    content_hash: str
    assigned_by: UUID
    assigned_at: datetime = moment()
    doings: int = Field(default=0, nullable=False, sa_column_kwargs={"server_default": "0"})
    ended_at: datetime | None = moment(nullable=True)

    @property
    def about(self) -> About:
        return About(Kind.COMMITTEE_TASK, self.id, self.area_code)


class TaskDoing(Row, table=True):
    """What a party says it did. `final`: the owner says that this is all, and the committee judges it."""

    __tablename__ = "task_doings"
    __table_args__ = (UniqueConstraint("task_id", "ordinal"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    task_id: UUID = Field(index=True, foreign_key="committee_tasks.id")
    ordinal: int
    party_id: UUID
    final: bool
    text: str
    files: list[dict[str, Any]] = document()
    by_id: UUID
    at: datetime = moment()
    late: bool = False
    accepted: bool | None = None
    reason: str = ""
    judged_at: datetime | None = moment(nullable=True)
