"""What is done with visits: planned under the cap, begun, finished or found impossible, or called off."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies import queries as copies
from services.inspection.copies.models import Enterprise
from services.inspection.deadlines.queries import local_day
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing as hazards
from services.inspection.history.actions import record
from services.inspection.visits.domain import VISIT, Verb, cap_holds, counts, result_is_whole
from services.inspection.visits.models import Visit
from services.inspection.visits.queries import knowing, seeing
from services.inspection.visits.shapes import CancelVisit, FinishVisit, PlanVisit
from shared import permission
from shared.auth import Actor
from shared.contracts.inspection import (
    VisitCancelled,
    VisitFact,
    VisitFinished,
    VisitKind,
    VisitPlanned,
    VisitStarted,
    VisitState,
)
from shared.errors import BadInput, Conflict, no_such
from shared.machine import Move
from shared.outbox import emit


async def plan(tx: AsyncSession, who: Actor, visit_id: UUID, ask: PlanVisit, now: datetime) -> Visit:
    """Plan a visit once, or write one down afterwards; raises 403 for who may not come as this, 409 beyond the cap.

    The enterprise is locked, so that of two who plan at the same instant the second finds what the first planned.
    """
    if known := await tx.get(Visit, visit_id):
        return _known_as(known, who, ask)
    alone = ask.kind is VisitKind.GRID_PATROL and not ask.officers
    officers = (who.id,) if alone else tuple(dict.fromkeys(ask.officers))
    case = await knowing.case_of_plan(tx, who, ask, officers, now)
    move = VISIT.permit(Verb.PLAN, None, who.roles, case)
    enterprise = await _enterprise(tx, who, ask.enterprise_id)
    if known := await tx.get(Visit, visit_id):
        return _known_as(known, who, ask)
    await _concerns(tx, who, ask)
    if counts(ask.kind, ask.ground):
        year = await knowing.cap_of(tx, enterprise.id, ask.on)
        cap_holds(year.cap, year.year, year.counted)
    assert who.party_id is not None, "who has no organisation was refused"
    visit = Visit(
        id=visit_id,
        area_code=enterprise.area_code,
        state=move.after(None),
        kind=ask.kind,
        ground=ask.ground,
        enterprise_id=enterprise.id,
        party_id=who.party_id,
        joint_authority_ids=_written(ask.joint_authority_ids),
        on=ask.on,
        purpose=ask.purpose,
        unannounced=ask.unannounced or ask.on < local_day(tx, now),
        officers=_written(officers),
        joint_officers=_written(ask.joint_officers),
        hazard_ids=_written(ask.hazard_ids),
        content_hash=ask.content_hash(),
        planned_by=who.id,
        planned_at=now,
    )
    fact = partial(VisitPlanned, officers=officers, joint_officers=tuple(map(UUID, visit.joint_officers)))
    return await _finish(tx, who, visit, (Verb.PLAN, None), fact, now)


async def start(tx: AsyncSession, who: Actor, visit_id: UUID, now: datetime) -> Visit:
    """Say that they have arrived, on the day that was planned."""
    visit, move = await _begin(tx, who, visit_id, Verb.START, now)
    before, visit.state, visit.started_at = visit.state, move.after(visit.state), now
    return await _finish(tx, who, visit, (Verb.START, before), VisitStarted, now)


async def finish(tx: AsyncSession, who: Actor, visit_id: UUID, ask: FinishVisit, now: datetime) -> Visit:
    """Write down what was found, or why nothing could be inspected; that one takes no place in the year's cap."""
    visit, move = await _begin(tx, who, visit_id, Verb.FINISH, now)
    result_is_whole(ask.findings, ask.hazards_found, ask.undone, ask.remark)
    before, visit.ended_at = visit.state, now
    visit.state = move.after(before, yes=ask.undone is None)
    visit.findings, visit.hazards_found = ask.findings or "", ask.hazards_found
    visit.undone, visit.remark = ask.undone, ask.remark
    fact = partial(VisitFinished, hazards_found=ask.hazards_found, undone=ask.undone)
    return await _finish(tx, who, visit, (Verb.FINISH, before), fact, now, reason=ask.remark)


async def cancel(tx: AsyncSession, who: Actor, visit_id: UUID, ask: CancelVisit, now: datetime) -> Visit:
    """Call a visit off; its place in the year's cap is free again."""
    visit, move = await _begin(tx, who, visit_id, Verb.CANCEL, now)
    before, visit.state, visit.ended_at = visit.state, move.after(visit.state), now
    going = {"officers": visit.officers, "joint_officers": visit.joint_officers}
    fact = partial(VisitCancelled, reason=ask.reason, **{name: tuple(map(UUID, ids)) for name, ids in going.items()})
    return await _finish(tx, who, visit, (Verb.CANCEL, before), fact, now, reason=ask.reason)


async def _begin(
    tx: AsyncSession, who: Actor, visit_id: UUID, verb: Verb, now: datetime
) -> tuple[Visit, Move[VisitState, Any]]:
    """Lock the visit and let its machine decide; raises 403, 404, 409 or the guard's own refusal."""
    visit = await seeing.visible(tx, who, visit_id, lock=True)
    case = knowing.case_of(who, visit, await knowing.standing_of(tx, who, now))
    return visit, VISIT.permit(verb, visit.state, who.roles, case)


async def _finish(
    tx: AsyncSession,
    who: Actor,
    visit: Visit,
    moved: tuple[Verb, VisitState | None],
    fact: Callable[..., VisitFact],
    now: datetime,
    *,
    reason: str = "",
) -> Visit:
    """Write history and state the fact, which is given with all but what every fact says."""
    said: dict[str, Any] = {
        "at": now,
        "area_code": visit.area_code,
        "visit_id": visit.id,
        "kind": visit.kind,
        "ground": visit.ground,
        "state": visit.state,
        "enterprise_id": visit.enterprise_id,
        "party_id": visit.party_id,
        "joint_authority_ids": tuple(map(UUID, visit.joint_authority_ids)),
        "on": visit.on,
        "unannounced": visit.unannounced,
        "by_id": who.id,
    }
    event = fact(**said)
    own = event.model_dump(exclude={*said, "reason"})
    record(tx, who, visit.about, (*moved, visit.state), now, reason=reason, **own)
    await emit(tx, visit, event)
    return visit


def _known_as(known: Visit, who: Actor, ask: PlanVisit) -> Visit:
    """Give what already has this id, if the same body said the same."""
    if known.party_id != who.party_id:
        raise no_such("visit", "检查")
    if known.content_hash != ask.content_hash():
        raise Conflict(
            "visit-id-taken",
            "You already sent another visit under this id. Send this one under a new id.",
            "该编号已用于另一次检查，请使用新的编号提交。",
        )
    return known


async def _enterprise(tx: AsyncSession, who: Actor, enterprise_id: UUID) -> Enterprise:
    enterprise = await copies.enterprise(tx, enterprise_id, lock=True)
    if enterprise is None or not who.covers(enterprise.area_code):
        raise BadInput(
            "unknown-enterprise",
            "There is no such enterprise in your area.",
            "本辖区内没有该企业。",
            enterprise_id=enterprise_id,
        )
    return enterprise


async def _concerns(tx: AsyncSession, who: Actor, ask: PlanVisit) -> None:
    """Refuse hazards that are not this enterprise's, or that the person may not know of."""
    if not ask.hazard_ids:
        return
    found: set[UUID] = set()
    if permission.may(who, "hazard.read"):
        query = select(Hazard.id).where(
            col(Hazard.id).in_(ask.hazard_ids),
            col(Hazard.enterprise_id) == ask.enterprise_id,
            hazards.visible_to(who),
        )
        found = set((await tx.execute(query)).scalars())
    if unknown := [str(each) for each in ask.hazard_ids if each not in found]:
        raise BadInput(
            "unknown-hazard",
            "A hazard is unknown, or not one of this enterprise.",
            "有隐患不存在，或不属于该企业。",
            hazards=unknown,
        )


def _written(ids: tuple[UUID, ...]) -> list[str]:
    return list(dict.fromkeys(map(str, ids)))
