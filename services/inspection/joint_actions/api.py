"""Routes of joint actions: opened by their id, one list, one view, one address per verb and per part."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.joint_actions.actions import coordinating, parts, recording
from services.inspection.joint_actions.domain.action import JOINT_ACTION, Verb
from services.inspection.joint_actions.domain.part import JOINT_PART, PartVerb
from services.inspection.joint_actions.models import JointAction
from services.inspection.joint_actions.queries import seeing, telling
from services.inspection.joint_actions.queries.seeing import Wanted
from services.inspection.joint_actions.shapes import (
    ActionDetail,
    ActionPage,
    AskPart,
    ChooseTargets,
    CloseAction,
    OpenAction,
    RecordVisit,
    ReportPart,
    SayWhy,
)
from shared.contracts.inspection.joint_actions import JointActionState
from shared.contracts.values import Day
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/joint-actions", tags=["joint actions"], dependencies=[versioned(JointAction, "action_id")])


@router.put("/{action_id}", status_code=201, dependencies=[moves(JOINT_ACTION, Verb.OPEN)])
async def open_action(action_id: UUID, ask: OpenAction, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Open a joint action; sending it again is safe."""
    return await telling.detail(tx, who, await coordinating.open_action(tx, who, action_id, ask, now), now)


@router.get("", dependencies=[allowed("joint_action.read")])
async def list_actions(
    who: Who,
    now: Now,
    tx: Tx,
    state: JointActionState | None = None,
    since: Annotated[Day | None, Query(alias="from")] = None,
    until: Annotated[Day | None, Query(alias="to")] = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ActionPage:
    """List the joint actions that the reader co-ordinates or takes part in; `from` and `to` are days."""
    found = await seeing.page(tx, who, Wanted(state=state, since=since, until=until), after, limit)
    return ActionPage(items=await telling.lines(tx, who, found.items, now), next=found.next)


@router.get("/{action_id}", dependencies=[allowed("joint_action.read")])
async def show(action_id: UUID, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Show one joint action with its parts, targets, visits and results."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, action_id), now)


@router.post("/{action_id}/choose", dependencies=[moves(JOINT_ACTION, Verb.CHOOSE)])
async def choose(action_id: UUID, ask: ChooseTargets, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Say who is to be visited."""
    return await telling.detail(tx, who, await coordinating.choose(tx, who, action_id, ask, now), now)


@router.put("/{action_id}/visits/{visit_id}", dependencies=[moves(JOINT_ACTION, Verb.RECORD)])
async def record_visit(action_id: UUID, visit_id: UUID, ask: RecordVisit, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Let a visit of your authority count, with the hazards that came of it; sending it again is safe."""
    return await telling.detail(tx, who, await recording.record_visit(tx, who, action_id, visit_id, ask, now), now)


@router.post("/{action_id}/close", dependencies=[moves(JOINT_ACTION, Verb.CLOSE)])
async def close(action_id: UUID, ask: CloseAction, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Write the closing report."""
    return await telling.detail(tx, who, await coordinating.close(tx, who, action_id, ask, now), now)


@router.post("/{action_id}/cancel", dependencies=[moves(JOINT_ACTION, Verb.CANCEL)])
async def cancel(action_id: UUID, ask: SayWhy, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Call it off."""
    return await telling.detail(tx, who, await coordinating.cancel(tx, who, action_id, ask, now), now)


@router.put("/{action_id}/parts/{joint_part_id}", status_code=201, dependencies=[moves(JOINT_PART, PartVerb.ASK)])
async def ask_part(action_id: UUID, joint_part_id: UUID, ask: AskPart, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Ask an authority for its part; sending it again is safe."""
    return await telling.detail(tx, who, await parts.ask_part(tx, who, action_id, joint_part_id, ask, now), now)


@router.post("/{action_id}/parts/{joint_part_id}/accept", dependencies=[moves(JOINT_PART, PartVerb.ACCEPT)])
async def accept(action_id: UUID, joint_part_id: UUID, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Take your part on."""
    return await telling.detail(tx, who, await parts.accept(tx, who, action_id, joint_part_id, now), now)


@router.post("/{action_id}/parts/{joint_part_id}/decline", dependencies=[moves(JOINT_PART, PartVerb.DECLINE)])
async def decline(action_id: UUID, joint_part_id: UUID, ask: SayWhy, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Say why you do not take part."""
    return await telling.detail(tx, who, await parts.decline(tx, who, action_id, joint_part_id, ask, now), now)


@router.post("/{action_id}/parts/{joint_part_id}/report", dependencies=[moves(JOINT_PART, PartVerb.REPORT)])
async def report(action_id: UUID, joint_part_id: UUID, ask: ReportPart, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Report on your part."""
    return await telling.detail(tx, who, await parts.report(tx, who, action_id, joint_part_id, ask, now), now)


@router.post("/{action_id}/parts/{joint_part_id}/release", dependencies=[moves(JOINT_PART, PartVerb.RELEASE)])
async def release(action_id: UUID, joint_part_id: UUID, ask: SayWhy, who: Who, now: Now, tx: Tx) -> ActionDetail:
    """Do without an authority."""
    return await telling.detail(tx, who, await parts.release(tx, who, action_id, joint_part_id, ask, now), now)
