"""How a meeting is shown: whole to offices, and to an enterprise only what concerns it."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import open_deadlines
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from services.inspection.meetings.domain.meeting import MEETING, Case
from services.inspection.meetings.models import Meeting
from services.inspection.meetings.queries import seeing, tasks
from services.inspection.meetings.shapes.meeting import (
    CalledMeeting,
    CallView,
    MeetingDetail,
    MeetingView,
    OwnCallView,
    ResolutionView,
)
from shared.auth import Actor
from shared.contracts.values import Role


def line(who: Actor, meeting: Meeting, now: datetime) -> MeetingView:
    return MeetingView.model_validate(_known(who, meeting, now))


async def detail(tx: AsyncSession, who: Actor, meeting: Meeting, now: datetime) -> MeetingDetail | CalledMeeting:
    """Show one meeting as this reader may see it."""
    known = _known(who, meeting, now)
    calls = await seeing.calls_of(tx, meeting.id)
    known["tasks"] = await tasks.lines(tx, who, await tasks.of_meeting(tx, who, meeting.id), now)
    if Role.ENTERPRISE in who.roles:
        own = next(call for call in calls if call.party_id == who.party_id)
        return CalledMeeting.model_validate(known | {"own": OwnCallView.model_validate(own)})
    known |= {
        "called": [CallView.model_validate(call) for call in calls],
        "resolutions": [ResolutionView.model_validate(row) for row in await seeing.resolutions_of(tx, meeting.id)],
        "deadlines": [DeadlineView.model_validate(clock) for clock in await open_deadlines(tx, meeting.id)],
        "history": [HappeningView.model_validate(row) for row in await history_of(tx, Kind.MEETING, meeting.id)],
    }
    return MeetingDetail.model_validate(known)


def _known(who: Actor, meeting: Meeting, now: datetime) -> dict[str, Any]:
    case = Case(party_id=who.party_id, convener_id=meeting.convener_id, now=now, starts_at=meeting.starts_at)
    return meeting.model_dump() | {"offers": MEETING.offers(meeting.state, who.roles, case)}
