"""Routes of meetings: convened by their id, one list, one view, and one address per verb."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.meetings.actions import meeting as actions
from services.inspection.meetings.domain.meeting import MEETING, Verb
from services.inspection.meetings.models import Meeting
from services.inspection.meetings.queries import seeing, telling
from services.inspection.meetings.queries.seeing import Wanted
from services.inspection.meetings.shapes.meeting import (
    CalledMeeting,
    CancelMeeting,
    Convene,
    MeetingDetail,
    MeetingPage,
    MoveMeeting,
    RecordAttendance,
    WriteMinutes,
)
from shared.contracts.inspection.meetings import MeetingState
from shared.contracts.values import Day
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/meetings", tags=["meetings"], dependencies=[versioned(Meeting, "meeting_id")])
Shown = MeetingDetail | CalledMeeting


@router.put("/{meeting_id}", status_code=201, dependencies=[moves(MEETING, Verb.CONVENE)])
async def convene(meeting_id: UUID, ask: Convene, who: Who, now: Now, tx: Tx) -> Shown:
    """Convene a meeting; the notice goes out to everybody who is called. Sending it again is safe."""
    return await telling.detail(tx, who, await actions.convene(tx, who, meeting_id, ask, now), now)


@router.get("", dependencies=[allowed("meeting.read")])
async def list_meetings(
    who: Who,
    now: Now,
    tx: Tx,
    state: MeetingState | None = None,
    since: Annotated[Day | None, Query(alias="from")] = None,
    until: Annotated[Day | None, Query(alias="to")] = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> MeetingPage:
    """List the meetings that the reader convened or was called to, the latest first; `from` and `to` are days."""
    wanted = Wanted(state=state, since=since, until=until)
    found = await seeing.page(tx, who, wanted, after, limit)
    return MeetingPage(items=[telling.line(who, meeting, now) for meeting in found.items], next=found.next)


@router.get("/{meeting_id}", dependencies=[allowed("meeting.read")])
async def show(meeting_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Show one meeting with its minutes and tasks; an enterprise sees its own call and its own tasks."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, meeting_id), now)


@router.post("/{meeting_id}/move", dependencies=[moves(MEETING, Verb.MOVE)])
async def move(meeting_id: UUID, ask: MoveMeeting, who: Who, now: Now, tx: Tx) -> Shown:
    """Hold it at another time or place."""
    return await telling.detail(tx, who, await actions.move(tx, who, meeting_id, ask, now), now)


@router.post("/{meeting_id}/cancel", dependencies=[moves(MEETING, Verb.CANCEL)])
async def cancel(meeting_id: UUID, ask: CancelMeeting, who: Who, now: Now, tx: Tx) -> Shown:
    """Call it off."""
    return await telling.detail(tx, who, await actions.cancel(tx, who, meeting_id, ask, now), now)


@router.post("/{meeting_id}/hold", dependencies=[moves(MEETING, Verb.HOLD)])
async def hold(meeting_id: UUID, ask: RecordAttendance, who: Who, now: Now, tx: Tx) -> Shown:
    """Record who came."""
    return await telling.detail(tx, who, await actions.hold(tx, who, meeting_id, ask, now), now)


@router.post("/{meeting_id}/minute", dependencies=[moves(MEETING, Verb.MINUTE)])
async def minute(meeting_id: UUID, ask: WriteMinutes, who: Who, now: Now, tx: Tx) -> Shown:
    """Write the minutes with their resolutions, once."""
    return await telling.detail(tx, who, await actions.minute(tx, who, meeting_id, ask, now), now)
