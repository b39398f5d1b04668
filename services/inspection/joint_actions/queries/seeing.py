"""Who may see which joint action, in the query itself; without it a target could learn that somebody will come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.joint_actions.domain.action import Case
from services.inspection.joint_actions.domain.part import LIVE, STANDING, PartCase
from services.inspection.joint_actions.models import JointAction, JointPart, JointTarget
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection.joint_actions import JointActionState, JointPartState
from shared.errors import no_such
from shared.permission import in_area


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list of joint actions is narrowed."""

    state: JointActionState | None = None
    since: date | None = None
    until: date | None = None


def visible_to(who: Actor) -> ColumnElement[bool]:
    """Give the condition under which this person may know of it: the committee's area, or a part that stands."""
    part = select(JointPart.id).where(
        col(JointPart.action_id) == col(JointAction.id),
        col(JointPart.authority_id) == who.party_id,
        col(JointPart.state).in_(STANDING),
    )
    return permission.visible(
        who, "joint_action.read", area=in_area(who, JointAction.area_code), competent=part.exists()
    )


async def visible(tx: AsyncSession, who: Actor, action_id: UUID, *, lock: bool = False) -> JointAction:
    """Give one, locked for a move if asked, or the 404 that also answers for those one may not know of."""
    query = select(JointAction).where(col(JointAction.id) == action_id, visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    action = (await tx.execute(query)).scalar_one_or_none()
    if action is None:
        raise no_such("joint action", "联合行动")
    return action


async def page(
    tx: AsyncSession, who: Actor, wanted: Wanted, after: UUID | None, limit: int
) -> paging.Page[JointAction]:
    """List joint actions, those that begin last first."""
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, col(JointAction.state) == wanted.state),
        (wanted.since, col(JointAction.until) >= (wanted.since or date.min)),
        (wanted.until, col(JointAction.since) <= (wanted.until or date.max)),
    ]
    narrowed = (condition for value, condition in given if value is not None)
    query = select(JointAction).where(visible_to(who), *narrowed)
    return await paging.page(tx, query, JointAction.since, after, limit, newest_first=True)


async def parts_of(tx: AsyncSession, action_ids: Sequence[UUID]) -> dict[UUID, list[JointPart]]:
    """Give the parts of several joint actions, in the order of asking."""
    found: dict[UUID, list[JointPart]] = {each: [] for each in action_ids}
    query = select(JointPart).where(col(JointPart.action_id).in_(action_ids))
    for part in (await tx.execute(query.order_by(col(JointPart.asked_at), col(JointPart.id)))).scalars():
        found[part.action_id].append(part)
    return found


async def part_of(tx: AsyncSession, action: JointAction, part_id: UUID) -> JointPart:
    """Give one part of this joint action; 404 also for a part of another."""
    part = await tx.get(JointPart, part_id, populate_existing=True)
    if part is None or part.action_id != action.id:
        raise no_such("part", "分工")
    return part


async def targets_of(tx: AsyncSession, action_id: UUID) -> Sequence[JointTarget]:
    query = (
        select(JointTarget)
        .where(col(JointTarget.action_id) == action_id)
        .order_by(col(JointTarget.chosen_at), col(JointTarget.enterprise_id))
    )
    return (await tx.execute(query)).scalars().all()


def case_of(who: Actor, action: JointAction, parts: Sequence[JointPart]) -> Case:
    return Case(
        party_id=who.party_id,
        convener_id=action.convener_id,
        joined=frozenset(part.authority_id for part in parts if part.state is JointPartState.ACCEPTED),
        live=frozenset(part.authority_id for part in parts if part.state in LIVE),
    )


def part_case_of(who: Actor, action: JointAction, part: JointPart | None) -> PartCase:
    return PartCase(
        party_id=who.party_id,
        convener_id=action.convener_id,
        asked_id=part.authority_id if part else None,
        action=action.state,
    )
