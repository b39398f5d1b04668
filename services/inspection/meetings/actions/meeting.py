"""What the committee does with a meeting: convenes, moves or cancels it, records who came, and writes the minutes."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from services.inspection.copies.queries import kinds_within, name_of
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.history.actions import record
from services.inspection.meetings.domain.meeting import (
    CALLED,
    MEETING,
    MINUTES,
    Case,
    Verb,
    everybody_is_accounted_for,
    everybody_is_known,
    number_of,
)
from services.inspection.meetings.models import Meeting, MeetingCall, Resolution
from services.inspection.meetings.queries import seeing
from services.inspection.meetings.shapes.meeting import (
    CancelMeeting,
    Convene,
    MeetingWhen,
    MoveMeeting,
    RecordAttendance,
    WriteMinutes,
)
from services.inspection.numbers.actions import next_number_in, series_of
from shared.auth import Actor
from shared.contracts.inspection.meetings import (
    Attendance,
    MeetingCancelled,
    MeetingConvened,
    MeetingFact,
    MeetingHeld,
    MeetingMinuted,
    MeetingMoved,
    MeetingState,
)
from shared.contracts.values import PartyKind
from shared.errors import Conflict, no_such
from shared.machine import Move
from shared.outbox import emit


async def convene(tx: AsyncSession, who: Actor, meeting_id: UUID, ask: Convene, now: datetime) -> Meeting:
    """Convene a meeting once, and let the notice go out; raises 422 for who cannot be called."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(meeting_id), 0))))
    if known := await tx.get(Meeting, meeting_id):
        return _known_as(known, who, ask)
    move = MEETING.permit(Verb.CONVENE, None, who.roles, _case(tx, who, None, now, ask))
    assert who.party_id is not None, "who has no organisation was refused"
    called = tuple(dict.fromkeys(ask.called))
    kinds = await kinds_within(tx, called, who.area_code)
    everybody_is_known(called, {each for each, kind in kinds.items() if kind in CALLED})
    year, last = await next_number_in(tx, series_of(who.party_id, "meeting"), local_day(tx, now))
    meeting = Meeting(
        id=meeting_id,
        area_code=who.area_code,
        state=move.after(None),
        number=number_of(await name_of(tx, who.party_id), year, last),
        convener_id=who.party_id,
        title=ask.title,
        starts_at=ask.starts_at.astimezone(UTC),
        place=ask.place,
        agenda=list(ask.agenda),
        content_hash=ask.content_hash(),
        convened_by=who.id,
        convened_at=now,
    )
    tx.add(meeting)
    await tx.flush()
    tx.add_all([MeetingCall(meeting_id=meeting.id, party_id=each, kind=kinds[each]) for each in called])
    deadlines.start(tx, meeting.about, MINUTES, None, ask.starts_at)
    return await _finish(tx, who, meeting, (Verb.CONVENE, None), MeetingConvened, now)


async def move(tx: AsyncSession, who: Actor, meeting_id: UUID, ask: MoveMeeting, now: datetime) -> Meeting:
    """Hold it at another time or place; everybody who was called hears of it."""
    meeting, allowed = await _begin(tx, who, meeting_id, Verb.MOVE, now, ask)
    before, meeting.state = meeting.state, allowed.after(meeting.state)
    was = {"was_at": meeting.starts_at, "was_in": meeting.place}
    meeting.starts_at, meeting.place = ask.starts_at.astimezone(UTC), ask.place
    await deadlines.cancel(tx, meeting.about, [MINUTES], now)
    deadlines.start(tx, meeting.about, MINUTES, None, ask.starts_at)
    fact = partial(MeetingMoved, reason=ask.reason)
    return await _finish(tx, who, meeting, (Verb.MOVE, before), fact, now, reason=ask.reason, **was)


async def cancel(tx: AsyncSession, who: Actor, meeting_id: UUID, ask: CancelMeeting, now: datetime) -> Meeting:
    meeting, allowed = await _begin(tx, who, meeting_id, Verb.CANCEL, now)
    before, meeting.state = meeting.state, allowed.after(meeting.state)
    await deadlines.cancel_all(tx, meeting.about, now)
    fact = partial(MeetingCancelled, reason=ask.reason)
    return await _finish(tx, who, meeting, (Verb.CANCEL, before), fact, now, reason=ask.reason)


async def hold(tx: AsyncSession, who: Actor, meeting_id: UUID, ask: RecordAttendance, now: datetime) -> Meeting:
    """Record how each of those who were called took part."""
    meeting, allowed = await _begin(tx, who, meeting_id, Verb.HOLD, now)
    calls = {call.party_id: call for call in await seeing.calls_of(tx, meeting.id)}
    everybody_is_accounted_for(calls, [each.party_id for each in ask.lines])
    for each in ask.lines:
        call = calls[each.party_id]
        call.attendance, call.came, call.remark = each.attendance, each.came, each.remark
    before, meeting.state = meeting.state, allowed.after(meeting.state)
    absent = tuple(each.party_id for each in ask.lines if each.attendance is Attendance.ABSENT)
    fact = partial(MeetingHeld, absent_ids=absent)
    return await _finish(tx, who, meeting, (Verb.HOLD, before), fact, now)


async def minute(tx: AsyncSession, who: Actor, meeting_id: UUID, ask: WriteMinutes, now: datetime) -> Meeting:
    """Write the minutes, once, with each resolution by its number."""
    meeting, allowed = await _begin(tx, who, meeting_id, Verb.MINUTE, now)
    before, meeting.state = meeting.state, allowed.after(meeting.state)
    meeting.minutes, meeting.minuted_at = ask.text, now
    tx.add_all(
        Resolution(meeting_id=meeting.id, ordinal=ordinal, text=text) for ordinal, text in enumerate(ask.resolutions, 1)
    )
    await deadlines.meet(tx, meeting.about, [MINUTES], now)
    fact = partial(MeetingMinuted, resolutions=len(ask.resolutions))
    return await _finish(tx, who, meeting, (Verb.MINUTE, before), fact, now)


def _case(tx: AsyncSession, who: Actor, meeting: Meeting | None, now: datetime, ask: MeetingWhen | None) -> Case:
    return Case(
        party_id=who.party_id,
        convener_id=meeting.convener_id if meeting else who.party_id,
        now=now,
        starts_at=meeting.starts_at if meeting else None,
        asked=ask.starts_at if ask else None,
        ahead_days=int(rules_of(tx).number("meeting.ahead", local_day(tx, now))),
    )


async def _begin(
    tx: AsyncSession, who: Actor, meeting_id: UUID, verb: Verb, now: datetime, ask: MeetingWhen | None = None
) -> tuple[Meeting, Move[MeetingState, Any]]:
    """Lock the meeting and let its machine decide; raises 403, 404, 409 or the guard's own refusal."""
    meeting = await seeing.visible(tx, who, meeting_id, lock=True)
    return meeting, MEETING.permit(verb, meeting.state, who.roles, _case(tx, who, meeting, now, ask))


async def _finish(
    tx: AsyncSession,
    who: Actor,
    meeting: Meeting,
    moved: tuple[Verb, MeetingState | None],
    fact: Callable[..., MeetingFact],
    now: datetime,
    *,
    reason: str = "",
    **more: Any,
) -> Meeting:
    """Write history and state the fact, which is given with all but what every fact says."""
    await tx.flush()
    calls = await seeing.calls_of(tx, meeting.id)
    enterprises = tuple(call.party_id for call in calls if call.kind is PartyKind.ENTERPRISE)
    said: dict[str, Any] = {
        "at": now,
        "area_code": meeting.area_code,
        "meeting_id": meeting.id,
        "number": meeting.number,
        "state": meeting.state,
        "convener_id": meeting.convener_id,
        "title": meeting.title,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "office_ids": tuple(call.party_id for call in calls if call.party_id not in enterprises),
        "enterprise_ids": enterprises,
        "by_id": who.id,
    }
    event = fact(**said)
    own = event.model_dump(exclude={*said, "reason"})
    record(tx, who, meeting.about, (*moved, meeting.state), now, reason=reason, **own, **more)
    await emit(tx, meeting, event)
    return meeting


def _known_as(known: Meeting, who: Actor, ask: Convene) -> Meeting:
    """Give what already has this id, if the same body said the same."""
    if known.convener_id != who.party_id:
        raise no_such("meeting", "会议")
    if known.content_hash != ask.content_hash():
        raise Conflict(
            "meeting-id-taken",
            "You already convened another meeting under this id. Send this one under a new id.",
            "该编号已用于另一次会议，请使用新的编号提交。",
        )
    return known
