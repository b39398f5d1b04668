"""What the committee does with a joint action: opens it, chooses with the others who is visited, closes or cancels it.

It makes no visit, issues no order and decides no penalty: those stand in tables in which it has no place (F01).
"""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies.queries import kinds_within, name_of
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.joint_actions.actions.moving import begin, finish
from services.inspection.joint_actions.domain.action import (
    CLOSING,
    JOINT_ACTION,
    Case,
    Verb,
    all_are_known,
    drops_no_visited,
    lies_within,
    not_too_many,
    number_of,
    period_is_fair,
)
from services.inspection.joint_actions.models import JointAction, JointTarget, JointVisit
from services.inspection.joint_actions.queries import seeing, telling
from services.inspection.joint_actions.shapes import ChooseTargets, CloseAction, OpenAction, SayWhy
from services.inspection.numbers.actions import next_number_in, series_of
from shared.auth import Actor
from shared.contracts.inspection.joint_actions import (
    JointActionCancelled,
    JointActionClosed,
    JointActionOpened,
    JointTargetsChosen,
)
from shared.contracts.values import PartyKind
from shared.errors import Conflict, no_such


async def open_action(tx: AsyncSession, who: Actor, action_id: UUID, ask: OpenAction, now: datetime) -> JointAction:
    """Open a joint action once; raises 422 for a period or an area that it cannot have."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(action_id), 0))))
    if known := await tx.get(JointAction, action_id):
        return _known_as(known, who, ask)
    move = JOINT_ACTION.permit(Verb.OPEN, None, who.roles, Case(party_id=who.party_id, convener_id=who.party_id))
    assert who.party_id is not None, "who has no organisation was refused"
    today = local_day(tx, now)
    period_is_fair(ask.since, ask.until, today, int(rules_of(tx).number("joint_action.longest", today)))
    lies_within(ask.area_code, who.area_code)
    year, last = await next_number_in(tx, series_of(who.party_id, "joint_action"), today)
    action = JointAction(
        id=action_id,
        area_code=ask.area_code,
        state=move.after(None),
        number=number_of(await name_of(tx, who.party_id), year, last),
        convener_id=who.party_id,
        title=ask.title,
        purpose=ask.purpose,
        basis=ask.basis,
        since=ask.since,
        until=ask.until,
        categories=list(dict.fromkeys(ask.categories)),
        content_hash=ask.content_hash(),
        opened_by=who.id,
        opened_at=now,
    )
    tx.add(action)
    return await finish(tx, who, action, (Verb.OPEN, None), JointActionOpened, now, basis=ask.basis)


async def choose(tx: AsyncSession, who: Actor, action_id: UUID, ask: ChooseTargets, now: datetime) -> JointAction:
    """Say who is to be visited, or is not to be after all; the enterprises are not told."""
    action, _ = await begin(tx, who, action_id, Verb.CHOOSE)
    assert who.party_id is not None, "who has no organisation was refused"
    known = await kinds_within(tx, ask.add, action.area_code)
    all_are_known(ask.add, {each for each, kind in known.items() if kind is PartyKind.ENTERPRISE})
    visits = select(JointVisit.enterprise_id).where(col(JointVisit.action_id) == action.id)
    drops_no_visited(ask.drop, set((await tx.execute(visits)).scalars()))
    before = {target.enterprise_id for target in await seeing.targets_of(tx, action.id)}
    after = (before | set(ask.add)) - set(ask.drop)
    today = local_day(tx, now)
    not_too_many(len(after), int(rules_of(tx).number("joint_action.targets", today)))
    if after == before:
        return action
    gone = delete(JointTarget).where(
        col(JointTarget.action_id) == action.id, col(JointTarget.enterprise_id).in_(before - after)
    )
    await tx.execute(gone.execution_options(synchronize_session=False))
    tx.add_all(
        JointTarget(action_id=action.id, enterprise_id=each, chosen_by=who.party_id, chosen_at=now)
        for each in sorted(after - before, key=str)
    )
    fact = partial(JointTargetsChosen, party_id=who.party_id, targets=len(after))
    return await finish(tx, who, action, (Verb.CHOOSE, action.state), fact, now)


async def close(tx: AsyncSession, who: Actor, action_id: UUID, ask: CloseAction, now: datetime) -> JointAction:
    """Write the report; what was done by today is counted and kept beside it."""
    action, move = await begin(tx, who, action_id, Verb.CLOSE)
    results = await telling.gathered(tx, action, await telling.visits_of(tx, action.id))
    before, action.state, action.ended_at = action.state, move.after(action.state), now
    action.report, action.results = ask.report, results.model_dump(mode="json")
    await deadlines.meet(tx, action.about, [CLOSING], now)
    fact = partial(
        JointActionClosed,
        targets=results.targets,
        visited=results.visited,
        visits=results.visits,
        hazards_found=results.hazards_found,
        orders=results.orders,
    )
    return await finish(tx, who, action, (Verb.CLOSE, before), fact, now)


async def cancel(tx: AsyncSession, who: Actor, action_id: UUID, ask: SayWhy, now: datetime) -> JointAction:
    """Call it off; visits that were made for it stay what they are."""
    action, move = await begin(tx, who, action_id, Verb.CANCEL)
    before, action.state, action.ended_at = action.state, move.after(action.state), now
    await deadlines.cancel_all(tx, action.about, now)
    fact = partial(JointActionCancelled, reason=ask.reason)
    return await finish(tx, who, action, (Verb.CANCEL, before), fact, now, reason=ask.reason)


def _known_as(known: JointAction, who: Actor, ask: OpenAction) -> JointAction:
    """Give what already has this id, if the same body said the same."""
    if known.convener_id != who.party_id:
        raise no_such("joint action", "联合行动")
    if known.content_hash != ask.content_hash():
        raise Conflict(
            "action-id-taken",
            "You already opened another joint action under this id. Send this one under a new id.",
            "该编号已用于另一联合行动，请使用新的编号提交。",
        )
    return known
