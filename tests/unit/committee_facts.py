"""What facts about meetings, tasks, joint actions and assessments say, for tests of who is told of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.base import Event
from shared.contracts.inspection import (
    assessments,
    joint_actions,
    meetings,
)

AT = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)


def _said(state: StrEnum, committee: UUID, lead: UUID, other: UUID, enterprise: UUID) -> dict[str, Any]:
    """Say everything that any of these facts says; each reads what it knows."""
    return {
        "at": AT, "area_code": "370211", "meeting_id": uuid4(), "task_id": uuid4(), "action_id": uuid4(),
        "assessment_id": uuid4(), "number": "安委办会议〔2026〕000001号", "state": state, "convener_id": committee,
        "title": "Dust · 粉尘", "starts_at": AT, "place": "Room 3 · 三号会议室", "office_ids": (lead, other),
        "enterprise_ids": (enterprise,),
        "reason": "The hall is being painted · 会议室装修", "resolutions": 2, "resolution": 1, "owner_id": lead,
        "limit": date(2026, 10, 9), "ordinal": 1, "late": True, "party_id": lead, "since": date(2026, 10, 1),
        "until": date(2026, 10, 21), "authority_ids": (lead, other), "part_id": uuid4(), "asked_id": lead,
        "part_state": joint_actions.JointPartState.ASKED, "report_by": date(2026, 10, 25), "targets": 9, "visited": 7,
        "visits": 8, "hazards_found": 3, "orders": 2, "year": 2026, "quarter": 3, "points": 81.5, "out_of": 90.0,
        "vetoed": True, "heard": True, "upheld": True, "proposed": True, "indicators": 4,
    }  # fmt: skip


SAID: dict[type[Event], Callable[[UUID, UUID, UUID, UUID], dict[str, Any]]] = {
    meetings.MeetingFact: partial(_said, meetings.MeetingState.CONVENED),
    meetings.CommitteeTaskFact: partial(_said, meetings.TaskState.INSUFFICIENT),
    joint_actions.JointActionFact: partial(_said, joint_actions.JointActionState.OPEN),
    assessments.AssessmentFact: partial(_said, assessments.AssessmentState.DECIDED),
}
"""Base of facts → what one of them says of a committee, two offices and an enterprise."""
