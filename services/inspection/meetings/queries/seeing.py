"""Who may see which meeting, in the query itself; without it one who was not called could read the minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import rules_of
from services.inspection.meetings.models import Meeting, MeetingCall, Resolution
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection.meetings import MeetingState
from shared.errors import no_such
from shared.permission import in_area


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of meetings is narrowed."""

    state: MeetingState | None = None
    since: date | None = None
    until: date | None = None
    """The first and the last local day."""


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may know of a meeting: the committee's own area, or a call to it."""
    called = select(MeetingCall.meeting_id).where(
        col(MeetingCall.meeting_id) == col(Meeting.id), col(MeetingCall.party_id) == who.party_id
    )
    return permission.visible(who, "meeting.read", area=in_area(who, Meeting.area_code), party=called.exists())


async def visible(tx: AsyncSession, who: Actor, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    """Give one meeting, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(Meeting).where(col(Meeting.id) == meeting_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    meeting = (await tx.execute(query)).scalar_one_or_none()
    if meeting is None:
        raise no_such("meeting", "会议")
    return meeting


async def page(tx: AsyncSession, who: Actor, wanted: Wanted, after: UUID | None, limit: int) -> paging.Page[Meeting]:
    """List meetings, the latest first."""
    zone = str(rules_of(tx).timezone)
    day: ColumnElement[date] = cast(func.timezone(zone, col(Meeting.starts_at)), Date)
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, col(Meeting.state) == wanted.state),
        (wanted.since, day >= (wanted.since or date.min)),
        (wanted.until, day <= (wanted.until or date.max)),
    ]
    narrowed = (condition for value, condition in given if value is not None)
    query = select(Meeting).where(visible_to(who), *narrowed)
    return await paging.page(tx, query, Meeting.starts_at, after, limit, newest_first=True)


async def calls_of(tx: AsyncSession, meeting_id: UUID) -> Sequence[MeetingCall]:
    """Give everybody who was called, always in the same order."""
    query = select(MeetingCall).where(col(MeetingCall.meeting_id) == meeting_id).order_by(col(MeetingCall.party_id))
    return (await tx.execute(query)).scalars().all()


async def resolutions_of(tx: AsyncSession, meeting_id: UUID) -> Sequence[Resolution]:
    query = select(Resolution).where(col(Resolution.meeting_id) == meeting_id).order_by(col(Resolution.ordinal))
    return (await tx.execute(query)).scalars().all()
