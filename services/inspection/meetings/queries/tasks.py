"""Who may see which task, and how it is shown; without it an enterprise could read what others were told to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import next_due, open_deadlines
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from services.inspection.meetings.domain.task import TASK, TaskCase, TaskVerb
from services.inspection.meetings.models import CommitteeTask, Resolution, TaskDoing
from services.inspection.meetings.shapes.task import DoingView, OfficialTaskDetail, TaskDetail, TaskView
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection.meetings import TaskState
from shared.contracts.values import Role
from shared.errors import no_such
from shared.permission import in_area


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of tasks is narrowed."""

    state: TaskState | None = None
    meeting: UUID | None = None
    owner: UUID | None = None
    overdue: bool | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may know of a task: the committee's area, or a part in it."""
    ours = or_(col(CommitteeTask.owner_id) == who.party_id, col(CommitteeTask.co_owner_ids).contains([who.party_id]))
    return permission.visible(
        who,
        "committee_task.read",
        area=in_area(who, CommitteeTask.area_code),
        party=ours if who.party_id is not None else col(CommitteeTask.id).is_(None),
    )


async def visible(tx: AsyncSession, who: Actor, task_id: UUID, *, lock: bool = False) -> CommitteeTask:
    """Give one task, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(CommitteeTask).where(col(CommitteeTask.id) == task_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    task = (await tx.execute(query)).scalar_one_or_none()
    if task is None:
        raise no_such("task", "议定事项")
    return task


async def page(
    tx: AsyncSession, who: Actor, wanted: Wanted, now: datetime, after: UUID | None, limit: int
) -> paging.Page[CommitteeTask]:
    """List tasks, the newest first."""
    late: ColumnElement[bool] = next_due(col(CommitteeTask.id)) < now
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, col(CommitteeTask.state) == wanted.state),
        (wanted.meeting, col(CommitteeTask.meeting_id) == wanted.meeting),
        (wanted.owner, col(CommitteeTask.owner_id) == wanted.owner),
        (wanted.overdue, late if wanted.overdue else late.is_not(True)),
    ]
    narrowed = (condition for value, condition in given if value is not None)
    query = select(CommitteeTask).where(visible_to(who), *narrowed)
    return await paging.page(tx, query, CommitteeTask.assigned_at, after, limit, newest_first=True)


async def of_meeting(tx: AsyncSession, who: Actor, meeting_id: UUID) -> Sequence[CommitteeTask]:
    """Give the tasks of one meeting that this reader may know of, in the order of the resolutions."""
    query = (
        select(CommitteeTask)
        .where(col(CommitteeTask.meeting_id) == meeting_id, visible_to(who))
        .order_by(col(CommitteeTask.resolution), col(CommitteeTask.assigned_at), col(CommitteeTask.id))
    )
    return (await tx.execute(query)).scalars().all()


def case_of(who: Actor, task: CommitteeTask) -> TaskCase:
    return TaskCase(
        party_id=who.party_id,
        convener_id=task.convener_id,
        owner_id=task.owner_id,
        co_owner_ids=frozenset(task.co_owner_ids),
    )


async def lines(tx: AsyncSession, who: Actor, rows: Sequence[CommitteeTask], now: datetime) -> list[TaskView]:
    """Show tasks, each with its next deadline."""
    ids = [row.id for row in rows]
    query = select(CommitteeTask.id, next_due(col(CommitteeTask.id))).where(col(CommitteeTask.id).in_(ids))
    due: dict[UUID, datetime | None] = {row[0]: row[1] for row in await tx.execute(query)} if rows else {}
    return [TaskView.model_validate(_known(who, row, due.get(row.id), now)) for row in rows]


async def detail(tx: AsyncSession, who: Actor, task: CommitteeTask, now: datetime) -> TaskDetail:
    """Show one task whole: what was told of it, each verdict, and the clock that runs."""
    clocks = await open_deadlines(tx, task.id)
    inside = Role.ENTERPRISE not in who.roles
    known = _known(who, task, clocks[0].due_at if clocks else None, now)
    told = [row for row in await doings_of(tx, task.id) if inside or row.party_id == who.party_id]
    known |= {
        "told": [DoingView.model_validate(row) for row in told],
        "deadlines": [DeadlineView.model_validate(clock) for clock in clocks],
    }
    if not inside:
        return TaskDetail.model_validate(known)
    resolved = await tx.get(Resolution, (task.meeting_id, task.resolution))
    happened = await history_of(tx, Kind.COMMITTEE_TASK, task.id)
    known |= {
        "resolved": resolved.text if resolved else "",
        "history": [HappeningView.model_validate(row) for row in happened],
    }
    return OfficialTaskDetail.model_validate(known)


async def doings_of(tx: AsyncSession, task_id: UUID) -> Sequence[TaskDoing]:
    """Give what was told of a task, the first first."""
    query = select(TaskDoing).where(col(TaskDoing.task_id) == task_id).order_by(col(TaskDoing.ordinal))
    return (await tx.execute(query)).scalars().all()


def _known(who: Actor, task: CommitteeTask, due: datetime | None, now: datetime) -> dict[str, Any]:
    offers: list[TaskVerb] = TASK.offers(task.state, who.roles, case_of(who, task))
    return task.model_dump() | {"next_due": due, "overdue": due is not None and due < now, "offers": offers}
