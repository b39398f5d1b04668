"""What becomes of an authority's part: asked for, accepted or declined, reported on, or done without."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies.queries import kinds_within
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of, running
from services.inspection.evidence.queries import proven
from services.inspection.joint_actions.actions.moving import finish
from services.inspection.joint_actions.domain.action import CLOSING
from services.inspection.joint_actions.domain.part import (
    JOINT_PART,
    LIVE,
    STANDING,
    TO_ACCEPT,
    TO_REPORT,
    PartVerb,
    asked_already,
    not_an_authority,
    report_day_is_fair,
)
from services.inspection.joint_actions.models import JointAction, JointPart
from services.inspection.joint_actions.queries import seeing
from services.inspection.joint_actions.shapes import AskPart, ReportPart, SayWhy
from shared.auth import Actor
from shared.contracts.inspection.joint_actions import (
    JointPartAccepted,
    JointPartAsked,
    JointPartDeclined,
    JointPartFact,
    JointPartReleased,
    JointPartReported,
    JointPartState,
)
from shared.contracts.values import PartyKind
from shared.errors import Conflict, no_such


async def ask_part(
    tx: AsyncSession, who: Actor, action_id: UUID, part_id: UUID, ask: AskPart, now: datetime
) -> JointAction:
    """Ask an authority for its part, once; it says whether it takes part."""
    action = await seeing.visible(tx, who, action_id, lock=True)
    if known := await tx.get(JointPart, part_id):
        return _known_as(known, action, ask)
    move = JOINT_PART.permit(PartVerb.ASK, None, who.roles, seeing.part_case_of(who, action, None))
    kinds = await kinds_within(tx, [ask.authority_id], who.area_code)
    if kinds.get(ask.authority_id) is not PartyKind.AUTHORITY:
        raise not_an_authority(ask.authority_id)
    parts = (await seeing.parts_of(tx, [action.id]))[action.id]
    if any(part.authority_id == ask.authority_id and part.state in STANDING for part in parts):
        raise asked_already(ask.authority_id)
    today = local_day(tx, now)
    report_day_is_fair(ask.report_by, action.until, int(rules_of(tx).number("joint_action.report.longest", today)))
    part = JointPart(
        id=part_id,
        action_id=action.id,
        authority_id=ask.authority_id,
        state=move.after(None),
        what=ask.what,
        report_by=ask.report_by,
        asked_at=now,
        by_id=who.id,
        at=now,
    )
    tx.add(part)
    about = replace(action.about, part_id=part.id)
    deadlines.start(tx, about, TO_ACCEPT, part.authority_id, now)
    return await _told(tx, who, action, part, PartVerb.ASK, partial(JointPartAsked, report_by=ask.report_by), now)


async def accept(tx: AsyncSession, who: Actor, action_id: UUID, part_id: UUID, now: datetime) -> JointAction:
    """Take it on; the clock of the report begins."""
    action, part = await _begin(tx, who, action_id, part_id, PartVerb.ACCEPT, now)
    about = replace(action.about, part_id=part.id)
    await deadlines.meet(tx, about, [TO_ACCEPT], now)
    deadlines.start_until(tx, about, TO_REPORT, part.authority_id, part.report_by, now)
    return await _told(tx, who, action, part, PartVerb.ACCEPT, JointPartAccepted, now)


async def decline(
    tx: AsyncSession, who: Actor, action_id: UUID, part_id: UUID, ask: SayWhy, now: datetime
) -> JointAction:
    """Say why not."""
    action, part = await _begin(tx, who, action_id, part_id, PartVerb.DECLINE, now)
    part.answer = ask.reason
    await deadlines.meet(tx, replace(action.about, part_id=part.id), [TO_ACCEPT], now)
    fact = partial(JointPartDeclined, reason=ask.reason)
    return await _told(tx, who, action, part, PartVerb.DECLINE, fact, now, reason=ask.reason)


async def report(
    tx: AsyncSession, who: Actor, action_id: UUID, part_id: UUID, ask: ReportPart, now: datetime
) -> JointAction:
    """Report on the own part; what comes late says so."""
    action, part = await _begin(tx, who, action_id, part_id, PartVerb.REPORT, now)
    await proven(tx, who, action.id, ask.files, handed_to=action.convener_id)
    part.answer, part.files = ask.text, [file.model_dump(mode="json") for file in ask.files]
    part.late = local_day(tx, now) > part.report_by
    await deadlines.meet(tx, replace(action.about, part_id=part.id), [TO_REPORT], now)
    return await _told(tx, who, action, part, PartVerb.REPORT, partial(JointPartReported, late=part.late), now)


async def release(
    tx: AsyncSession, who: Actor, action_id: UUID, part_id: UUID, ask: SayWhy, now: datetime
) -> JointAction:
    """Do without it."""
    action, part = await _begin(tx, who, action_id, part_id, PartVerb.RELEASE, now)
    part.answer = ask.reason
    await deadlines.cancel_all(tx, replace(action.about, part_id=part.id), now)
    fact = partial(JointPartReleased, reason=ask.reason)
    return await _told(tx, who, action, part, PartVerb.RELEASE, fact, now, reason=ask.reason)


async def _begin(
    tx: AsyncSession, who: Actor, action_id: UUID, part_id: UUID, verb: PartVerb, now: datetime
) -> tuple[JointAction, JointPart]:
    """Lock the joint action, move the part as its machine decides; raises 403, 404, 409 or the guard's own refusal."""
    action = await seeing.visible(tx, who, action_id, lock=True)
    part = await seeing.part_of(tx, action, part_id)
    move = JOINT_PART.permit(verb, part.state, who.roles, seeing.part_case_of(who, action, part))
    part.state, part.by_id, part.at = move.after(part.state), who.id, now
    return action, part


async def _told(
    tx: AsyncSession,
    who: Actor,
    action: JointAction,
    part: JointPart,
    verb: PartVerb,
    fact: Callable[..., JointPartFact],
    now: datetime,
    *,
    reason: str = "",
) -> JointAction:
    """Tell of the part as a fact of the joint action, whose closing falls due once nobody is waited for."""
    await tx.flush()
    parts = (await seeing.parts_of(tx, [action.id]))[action.id]
    closing = await running(tx, action.id, CLOSING)
    over = not any(each.state in LIVE for each in parts) and any(
        each.state is JointPartState.REPORTED for each in parts
    )
    if over and closing is None:
        deadlines.start(tx, action.about, CLOSING, None, now)
    elif not over and closing is not None:
        await deadlines.cancel(tx, action.about, [CLOSING], now)
    own: dict[str, Any] = {"part_id": part.id, "asked_id": part.authority_id, "part_state": part.state}
    told = partial(fact, **own)
    return await finish(tx, who, action, (f"part_{verb}", action.state), told, now, reason=reason)


def _known_as(known: JointPart, action: JointAction, ask: AskPart) -> JointAction:
    """Give the joint action, if this part of it was asked for in the same words."""
    if known.action_id != action.id:
        raise no_such("part", "分工")
    if (known.authority_id, known.what, known.report_by) != (ask.authority_id, ask.what, ask.report_by):
        raise Conflict(
            "part-id-taken",
            "You already asked for another part under this id. Send this one under a new id.",
            "该编号已用于另一分工，请使用新的编号提交。",
        )
    return action
