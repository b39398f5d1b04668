"""What is done with a task: assigned, told of, reported by its owner, judged by the committee, or cancelled."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.queries import kinds_within, name_of
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.history.actions import record
from services.inspection.meetings.domain.meeting import CALLED, everybody_is_known
from services.inspection.meetings.domain.task import (
    LIMIT,
    TASK,
    TO_JUDGE,
    TaskCase,
    TaskVerb,
    limit_is_fair,
    no_such_resolution,
    owners_are_apart,
    task_number_of,
    verdict_is_whole,
)
from services.inspection.meetings.models import CommitteeTask, Resolution, TaskDoing
from services.inspection.meetings.queries import seeing, tasks
from services.inspection.meetings.shapes.task import AssignTask, CancelTask, JudgeTask, TellDoing
from services.inspection.numbers.actions import next_number_in, series_of
from shared.auth import Actor
from shared.contracts.inspection.meetings import (
    CommitteeTaskAssigned,
    CommitteeTaskCancelled,
    CommitteeTaskFact,
    CommitteeTaskJudged,
    CommitteeTaskNoted,
    CommitteeTaskReported,
    TaskState,
)
from shared.contracts.values import PartyKind
from shared.errors import Conflict, no_such
from shared.machine import Move
from shared.outbox import emit


async def assign(tx: AsyncSession, who: Actor, task_id: UUID, ask: AssignTask, now: datetime) -> CommitteeTask:
    """Assign a task of a resolution once; raises 404 for an unknown meeting, 422 for what it cannot rest on."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(task_id), 0))))
    if known := await tx.get(CommitteeTask, task_id):
        return _known_as(known, who, ask)
    meeting = await seeing.visible(tx, who, ask.meeting_id)
    case = TaskCase(party_id=who.party_id, convener_id=meeting.convener_id, meeting=meeting.state)
    move = TASK.permit(TaskVerb.ASSIGN, None, who.roles, case)
    if await tx.get(Resolution, (meeting.id, ask.resolution)) is None:
        raise no_such_resolution(ask.resolution)
    co_owners = tuple(dict.fromkeys(ask.co_owner_ids))
    owners_are_apart(ask.owner_id, frozenset(co_owners))
    kinds = await kinds_within(tx, (ask.owner_id, *co_owners), who.area_code)
    everybody_is_known((ask.owner_id, *co_owners), {each for each, kind in kinds.items() if kind in CALLED})
    _fair_limit(tx, ask.limit, now)
    year, last = await next_number_in(tx, series_of(meeting.convener_id, "committee_task"), local_day(tx, now))
    task = CommitteeTask(
        id=task_id,
        area_code=meeting.area_code,
        state=move.after(None),
        number=task_number_of(await name_of(tx, meeting.convener_id), year, last),
        meeting_id=meeting.id,
        resolution=ask.resolution,
        convener_id=meeting.convener_id,
        owner_id=ask.owner_id,
        co_owner_ids=list(co_owners),
        enterprise_ids=[str(each) for each, kind in kinds.items() if kind is PartyKind.ENTERPRISE],
        demand=ask.demand,
        limit=ask.limit,
        content_hash=ask.content_hash(),
        assigned_by=who.id,
        assigned_at=now,
    )
    deadlines.start_until(tx, task.about, LIMIT, task.owner_id, task.limit, now)
    return await _finish(tx, who, task, (TaskVerb.ASSIGN, None), CommitteeTaskAssigned, now)


async def note(tx: AsyncSession, who: Actor, task_id: UUID, ask: TellDoing, now: datetime) -> CommitteeTask:
    """Tell what was done so far, with files that show it."""
    task, move = await _begin(tx, who, task_id, TaskVerb.NOTE)
    assert who.party_id is not None, "who has no organisation was refused"
    before, task.state = task.state, move.after(task.state)
    await _tell(tx, who, task, ask, now, final=False)
    fact = partial(CommitteeTaskNoted, ordinal=task.doings, party_id=who.party_id)
    return await _finish(tx, who, task, (TaskVerb.NOTE, before), fact, now)


async def report(tx: AsyncSession, who: Actor, task_id: UUID, ask: TellDoing, now: datetime) -> CommitteeTask:
    """Say that it is done; a late one is taken as well, and says so. The committee's own clock begins."""
    task, move = await _begin(tx, who, task_id, TaskVerb.REPORT)
    before, task.state = task.state, move.after(task.state)
    late = local_day(tx, now) > task.limit
    await _tell(tx, who, task, ask, now, final=True, late=late)
    await deadlines.meet(tx, task.about, [LIMIT], now)
    deadlines.start(tx, task.about, TO_JUDGE, None, now)
    fact = partial(CommitteeTaskReported, ordinal=task.doings, late=late)
    return await _finish(tx, who, task, (TaskVerb.REPORT, before), fact, now)


async def judge(tx: AsyncSession, who: Actor, task_id: UUID, ask: JudgeTask, now: datetime) -> CommitteeTask:
    """Say whether what was done is enough; what is not gets a new limit."""
    task, move = await _begin(tx, who, task_id, TaskVerb.JUDGE)
    verdict_is_whole(accepted=ask.accepted, limit=ask.limit)
    before, task.state = task.state, move.after(task.state, yes=ask.accepted)
    last = select(TaskDoing).where(col(TaskDoing.task_id) == task.id, col(TaskDoing.ordinal) == task.doings)
    judged = (await tx.execute(last)).scalar_one()
    judged.accepted, judged.reason, judged.judged_at = ask.accepted, ask.reason, now
    await deadlines.meet(tx, task.about, [TO_JUDGE], now)
    if ask.limit is None:
        task.ended_at = now
    else:
        _fair_limit(tx, ask.limit, now)
        task.limit = ask.limit
        deadlines.start_until(tx, task.about, LIMIT, task.owner_id, task.limit, now)
    fact = partial(CommitteeTaskJudged, ordinal=task.doings)
    return await _finish(tx, who, task, (TaskVerb.JUDGE, before), fact, now, reason=ask.reason)


async def cancel(tx: AsyncSession, who: Actor, task_id: UUID, ask: CancelTask, now: datetime) -> CommitteeTask:
    """Nobody need do it any more."""
    task, move = await _begin(tx, who, task_id, TaskVerb.CANCEL)
    before, task.state, task.ended_at = task.state, move.after(task.state), now
    await deadlines.cancel_all(tx, task.about, now)
    fact = partial(CommitteeTaskCancelled, reason=ask.reason)
    return await _finish(tx, who, task, (TaskVerb.CANCEL, before), fact, now, reason=ask.reason)


def _fair_limit(tx: AsyncSession, limit: date, now: datetime) -> None:
    today = local_day(tx, now)
    limit_is_fair(limit, today, int(rules_of(tx).number("committee_task.longest", today)))


async def _begin(
    tx: AsyncSession, who: Actor, task_id: UUID, verb: TaskVerb
) -> tuple[CommitteeTask, Move[TaskState, Any]]:
    """Lock the task and let its machine decide; raises 403, 404, 409 or the guard's own refusal."""
    task = await tasks.visible(tx, who, task_id, lock=True)
    return task, TASK.permit(verb, task.state, who.roles, tasks.case_of(who, task))


async def _tell(
    tx: AsyncSession,
    who: Actor,
    task: CommitteeTask,
    ask: TellDoing,
    now: datetime,
    *,
    final: bool,
    late: bool = False,
) -> None:
    """Write down what a party says it did; its files are handed to the committee."""
    await proven(tx, who, task.id, ask.files, handed_to=task.convener_id)
    assert who.party_id is not None, "who has no organisation was refused"
    task.doings += 1
    tx.add(
        TaskDoing(
            task_id=task.id,
            ordinal=task.doings,
            party_id=who.party_id,
            final=final,
            text=ask.text,
            files=[file.model_dump(mode="json") for file in ask.files],
            by_id=who.id,
            at=now,
            late=late,
        )
    )


async def _finish(
    tx: AsyncSession,
    who: Actor,
    task: CommitteeTask,
    moved: tuple[TaskVerb, TaskState | None],
    fact: Callable[..., CommitteeTaskFact],
    now: datetime,
    *,
    reason: str = "",
) -> CommitteeTask:
    """Write history and state the fact, which is given with all but what every fact says."""
    enterprises = tuple(map(UUID, task.enterprise_ids))
    said: dict[str, Any] = {
        "at": now,
        "area_code": task.area_code,
        "task_id": task.id,
        "meeting_id": task.meeting_id,
        "number": task.number,
        "resolution": task.resolution,
        "state": task.state,
        "convener_id": task.convener_id,
        "owner_id": task.owner_id,
        "office_ids": tuple(each for each in (task.owner_id, *task.co_owner_ids) if each not in enterprises),
        "enterprise_ids": enterprises,
        "limit": task.limit,
        "by_id": who.id,
    }
    event = fact(**said)
    own = event.model_dump(exclude={*said, "reason"})
    record(tx, who, task.about, (*moved, task.state), now, reason=reason, limit=task.limit, **own)
    await emit(tx, task, event)
    return task


def _known_as(known: CommitteeTask, who: Actor, ask: AssignTask) -> CommitteeTask:
    """Give what already has this id, if the same body said the same."""
    if known.convener_id != who.party_id:
        raise no_such("task", "议定事项")
    if known.content_hash != ask.content_hash():
        raise Conflict(
            "task-id-taken",
            "You already assigned another task under this id. Send this one under a new id.",
            "该编号已用于另一议定事项，请使用新的编号提交。",
        )
    return known
