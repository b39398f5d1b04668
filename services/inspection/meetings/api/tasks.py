"""Routes of tasks: assigned by their id, one list, one view, and one address per verb."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.meetings.actions import tasks as actions
from services.inspection.meetings.domain.task import TASK, TaskVerb
from services.inspection.meetings.models import CommitteeTask
from services.inspection.meetings.queries import tasks as queries
from services.inspection.meetings.queries.tasks import Wanted
from services.inspection.meetings.shapes.task import (
    AssignTask,
    CancelTask,
    JudgeTask,
    OfficialTaskDetail,
    TaskDetail,
    TaskPage,
    TellDoing,
)
from shared.contracts.inspection.meetings import TaskState
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(
    prefix="/committee-tasks", tags=["committee tasks"], dependencies=[versioned(CommitteeTask, "task_id")]
)
Shown = OfficialTaskDetail | TaskDetail


@router.put("/{task_id}", status_code=201, dependencies=[moves(TASK, TaskVerb.ASSIGN)])
async def assign(task_id: UUID, ask: AssignTask, who: Who, now: Now, tx: Tx) -> Shown:
    """Assign what a resolution asks of one party, perhaps with others; sending it again is safe."""
    return await queries.detail(tx, who, await actions.assign(tx, who, task_id, ask, now), now)


@router.get("", dependencies=[allowed("committee_task.read")])
async def list_tasks(
    who: Who,
    now: Now,
    tx: Tx,
    state: TaskState | None = None,
    meeting: UUID | None = None,
    owner: UUID | None = None,
    overdue: bool | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> TaskPage:
    """List the tasks that the reader supervises or takes part in, the newest first."""
    wanted = Wanted(state=state, meeting=meeting, owner=owner, overdue=overdue)
    found = await queries.page(tx, who, wanted, now, after, limit)
    return TaskPage(items=await queries.lines(tx, who, found.items, now), next=found.next)


@router.get("/{task_id}", dependencies=[allowed("committee_task.read")])
async def show(task_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Show one task with what was told of it and every verdict."""
    return await queries.detail(tx, who, await queries.visible(tx, who, task_id), now)


@router.post("/{task_id}/note", dependencies=[moves(TASK, TaskVerb.NOTE)])
async def note(task_id: UUID, ask: TellDoing, who: Who, now: Now, tx: Tx) -> Shown:
    """Tell what was done so far."""
    return await queries.detail(tx, who, await actions.note(tx, who, task_id, ask, now), now)


@router.post("/{task_id}/report", dependencies=[moves(TASK, TaskVerb.REPORT)])
async def report(task_id: UUID, ask: TellDoing, who: Who, now: Now, tx: Tx) -> Shown:
    """Say that it is done."""
    return await queries.detail(tx, who, await actions.report(tx, who, task_id, ask, now), now)


@router.post("/{task_id}/judge", dependencies=[moves(TASK, TaskVerb.JUDGE)])
async def judge(task_id: UUID, ask: JudgeTask, who: Who, now: Now, tx: Tx) -> Shown:
    """Say whether it is enough."""
    return await queries.detail(tx, who, await actions.judge(tx, who, task_id, ask, now), now)


@router.post("/{task_id}/cancel", dependencies=[moves(TASK, TaskVerb.CANCEL)])
async def cancel(task_id: UUID, ask: CancelTask, who: Who, now: Now, tx: Tx) -> Shown:
    """Let nobody do it any more."""
    return await queries.detail(tx, who, await actions.cancel(tx, who, task_id, ask, now), now)
