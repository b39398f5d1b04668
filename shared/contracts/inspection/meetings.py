"""What inspection promises of the committee's meetings and of the tasks that come of them.

Nobody who was called need hear what the others were told to do: minutes and demands are read on the platform.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event


class MeetingState(StrEnum):
    CONVENED = "convened"
    HELD = "held"
    """Who came is recorded; the minutes are still to be written."""
    MINUTED = "minuted"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    """How one of those who were called took part."""

    PRESENT = "present"
    DEPUTY = "deputy"
    """Somebody else than the leader who was called came in its name."""
    EXCUSED = "excused"
    ABSENT = "absent"


class TaskState(StrEnum):
    OPEN = "open"
    REPORTED = "reported"
    """The owner says that it is done; the committee has not judged yet."""
    INSUFFICIENT = "insufficient"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class MeetingFact(Event):
    """Base of all facts about a meeting. Aggregate: the meeting. Lies where the committee lies."""

    meeting_id: UUID
    number: str
    state: MeetingState
    convener_id: UUID
    title: str
    starts_at: datetime
    place: str
    office_ids: tuple[UUID, ...] = ()
    """The authorities and townships that were called."""
    enterprise_ids: tuple[UUID, ...] = ()
    """The enterprises whose principals were called; none is told of another."""
    by_id: UUID | None = None


class MeetingConvened(MeetingFact, subject="inspection.meeting.convened"):
    """The notice went out."""


class MeetingMoved(MeetingFact, subject="inspection.meeting.moved"):
    """It will be held at another time or place, which the fact names."""

    reason: str


class MeetingCancelled(MeetingFact, subject="inspection.meeting.cancelled"):
    reason: str


class MeetingHeld(MeetingFact, subject="inspection.meeting.held"):
    """Who came is recorded."""

    absent_ids: tuple[UUID, ...] = ()
    """Who did not come, and had no excuse."""


class MeetingMinuted(MeetingFact, subject="inspection.meeting.minuted"):
    """The minutes stand, and will not change."""

    resolutions: int


class CommitteeTaskFact(Event):
    """Base of all facts about a task of a resolution. Aggregate: the task. `limit` is a local day."""

    task_id: UUID
    meeting_id: UUID
    number: str
    resolution: int
    state: TaskState
    convener_id: UUID
    owner_id: UUID
    office_ids: tuple[UUID, ...] = ()
    """The owner and co-owners that are authorities or townships."""
    enterprise_ids: tuple[UUID, ...] = ()
    limit: date
    by_id: UUID | None = None


class CommitteeTaskAssigned(CommitteeTaskFact, subject="inspection.committeetask.assigned"):
    pass


class CommitteeTaskNoted(CommitteeTaskFact, subject="inspection.committeetask.noted"):
    """The owner or a co-owner told what it has done so far."""

    ordinal: int
    party_id: UUID


class CommitteeTaskReported(CommitteeTaskFact, subject="inspection.committeetask.reported"):
    """The owner says that it is done, perhaps again."""

    ordinal: int
    late: bool


class CommitteeTaskJudged(CommitteeTaskFact, subject="inspection.committeetask.judged"):
    """What was done is enough, or `limit` is the day until which more is to be done; `state` says which."""

    ordinal: int


class CommitteeTaskCancelled(CommitteeTaskFact, subject="inspection.committeetask.cancelled"):
    """Nobody need do it any more."""

    reason: str
