"""The law of tasks: who does what came of a resolution, until when, and who says that it suffices. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.meetings import MeetingState
from shared.contracts.inspection.meetings import TaskState as S
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class TaskVerb(StrEnum):
    """What can be done with a task."""

    ASSIGN = "assign"
    NOTE = "note"
    REPORT = "report"
    JUDGE = "judge"
    CANCEL = "cancel"


LIMIT, TO_JUDGE = "committee_task.limit", "committee_task.judge"
"""The clock of the owner, whose day the committee sets, and the committee's own, by the profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCase:
    """One task before one person."""

    party_id: UUID | None
    convener_id: UUID | None
    owner_id: UUID | None = None
    co_owner_ids: frozenset[UUID] = frozenset()
    meeting: MeetingState = MeetingState.MINUTED


def of_our_meeting(case: TaskCase) -> Problem | None:
    if case.party_id is not None and case.party_id == case.convener_id:
        return None
    return Forbidden("not-your-meeting", "Another body convened this meeting.", "该会议由其他单位召集。")


def it_is_resolved(case: TaskCase) -> Problem | None:
    if case.meeting is MeetingState.MINUTED:
        return None
    return Conflict(
        "not-minuted",
        "A task rests on a resolution: write the minutes first.",
        "任务须以会议决议为依据，请先形成会议纪要。",
    )


def owns_it(case: TaskCase) -> Problem | None:
    if case.party_id is not None and case.party_id == case.owner_id:
        return None
    return Forbidden("not-your-task", "Another party answers for this task.", "该任务由其他单位负责。")


def takes_part(case: TaskCase) -> Problem | None:
    if case.party_id is not None and case.party_id in {case.owner_id, *case.co_owner_ids}:
        return None
    return owns_it(case)


_COMMITTEE = frozenset({Role.COMMITTEE.value})
_DOING = frozenset(
    {
        Role.AUTHORITY_DESK.value,
        Role.AUTHORITY_HEAD.value,
        Role.TOWNSHIP.value,
        Role.ENTERPRISE_PRINCIPAL.value,
        Role.ENTERPRISE_MANAGER.value,
    }
)
_WAITED_FOR = frozenset({S.OPEN, S.INSUFFICIENT})

TASK: Machine[S, TaskVerb, TaskCase] = Machine(
    "committee_task",
    {
        TaskVerb.ASSIGN: Move(
            sources=frozenset(),
            target=S.OPEN,
            roles=_COMMITTEE,
            guards=(of_our_meeting, it_is_resolved),
            clock=LIMIT,
            event="inspection.committeetask.assigned",
            source="D08: resolutions as trackable tasks (D); the limit is the day that was resolved",
        ),
        TaskVerb.NOTE: Move(
            sources=_WAITED_FOR,
            roles=_DOING,
            guards=(takes_part,),
            event="inspection.committeetask.noted",
            source="evidence of doing, by the owner and by each co-owner (D)",
        ),
        TaskVerb.REPORT: Move(
            sources=_WAITED_FOR,
            target=S.REPORTED,
            roles=_DOING,
            guards=(owns_it,),
            clock=TO_JUDGE,
            event="inspection.committeetask.reported",
            source="one party answers for a task; a late report is taken, and says that it is late (D)",
        ),
        TaskVerb.JUDGE: Move(
            sources=frozenset({S.REPORTED}),
            target=S.ACCEPTED,
            otherwise=S.INSUFFICIENT,
            roles=_COMMITTEE,
            guards=(of_our_meeting,),
            clock=LIMIT,
            event="inspection.committeetask.judged",
            source="what is not enough gets a new limit (D)",
        ),
        TaskVerb.CANCEL: Move(
            sources=frozenset({S.OPEN, S.REPORTED, S.INSUFFICIENT}),
            target=S.CANCELLED,
            roles=_COMMITTEE,
            guards=(of_our_meeting,),
            event="inspection.committeetask.cancelled",
            source="(D)",
        ),
    },
    final=frozenset({S.ACCEPTED, S.CANCELLED}),
)


def task_number_of(convener: str, year: int, last: int) -> str:
    return f"{convener}议定事项〔{year}〕{last:06d}号"


def limit_is_fair(limit: date, today: date, longest: int) -> None:
    """The day until which something is to be done lies between today and the furthest that the profile allows."""
    latest = today + timedelta(days=longest)
    if today <= limit <= latest:
        return
    raise BadInput(
        "task-limit",
        f"The limit must lie between {today} and {latest}.",
        f"办理期限须在 {today} 至 {latest} 之间。",
        earliest=today,
        latest=latest,
    )


def verdict_is_whole(*, accepted: bool, limit: date | None) -> None:
    """What is not enough gets a new limit; what is accepted has none."""
    if accepted is (limit is None):
        return
    if accepted:
        raise BadInput(
            "no-next-limit",
            "What is accepted gets no new limit.",
            "已认可的任务无需再定期限。",
        )
    raise BadInput(
        "limit-missing",
        "What is not enough gets a new limit: say until when.",
        "认定未达要求的，须明确新的办理期限。",
    )


def owners_are_apart(owner_id: UUID, co_owner_ids: frozenset[UUID]) -> None:
    """One party answers for a task; it is not its own helper."""
    if owner_id in co_owner_ids:
        raise BadInput(
            "owner-twice",
            "The owner is not a co-owner as well.",
            "牵头单位不能同时列为协办单位。",
        )


def no_such_resolution(resolution: int) -> BadInput:
    return BadInput(
        "unknown-resolution",
        "The minutes hold no resolution of this number.",
        "会议纪要中没有该序号的决议。",
        resolution=resolution,
    )
