"""The frame of every move of a joint action: locked, decided by its table, recorded and told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.history.actions import record
from services.inspection.joint_actions.domain.action import JOINT_ACTION, Verb
from services.inspection.joint_actions.domain.part import STANDING
from services.inspection.joint_actions.models import JointAction
from services.inspection.joint_actions.queries import seeing
from shared.auth import Actor
from shared.contracts.inspection.joint_actions import JointActionFact, JointActionState
from shared.machine import Move
from shared.outbox import emit


async def begin(
    tx: AsyncSession, who: Actor, action_id: UUID, verb: Verb
) -> tuple[JointAction, Move[JointActionState, Any]]:
    """Lock the joint action and let its machine decide; raises 403, 404, 409 or the guard's own refusal."""
    action = await seeing.visible(tx, who, action_id, lock=True)
    parts = (await seeing.parts_of(tx, [action.id]))[action.id]
    return action, JOINT_ACTION.permit(verb, action.state, who.roles, seeing.case_of(who, action, parts))


async def finish(
    tx: AsyncSession,
    who: Actor,
    action: JointAction,
    moved: tuple[str, JointActionState | None],
    fact: Callable[..., JointActionFact],
    now: datetime,
    *,
    reason: str = "",
    basis: str = "",
) -> JointAction:
    """Write history and state the fact, which is given with all but what every fact says."""
    await tx.flush()
    parts = (await seeing.parts_of(tx, [action.id]))[action.id]
    said: dict[str, Any] = {
        "at": now,
        "area_code": action.area_code,
        "action_id": action.id,
        "number": action.number,
        "state": action.state,
        "convener_id": action.convener_id,
        "title": action.title,
        "since": action.since,
        "until": action.until,
        "categories": tuple(action.categories),
        "authority_ids": tuple(part.authority_id for part in parts if part.state in STANDING),
        "by_id": who.id,
    }
    event = fact(**said)
    own = event.model_dump(exclude={*said, "reason"})
    record(tx, who, action.about, (*moved, action.state), now, reason=reason, basis=basis, **own)
    await emit(tx, action, event)
    return action
