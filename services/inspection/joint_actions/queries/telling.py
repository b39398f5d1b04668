"""How a joint action is shown, and what came of it, counted from what stands on file and never typed in."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.queries import next_due, open_deadlines, rules_of
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.domain import Kind
from services.inspection.hazards.models import Order
from services.inspection.history.queries import history_of
from services.inspection.history.shapes import HappeningView
from services.inspection.joint_actions.domain.action import JOINT_ACTION
from services.inspection.joint_actions.domain.part import JOINT_PART
from services.inspection.joint_actions.models import JointAction, JointPart, JointVisit
from services.inspection.joint_actions.queries import seeing
from services.inspection.joint_actions.shapes import (
    ActionDetail,
    ActionView,
    AuthorityTally,
    JointVisitView,
    PartView,
    Results,
    Tally,
    TargetView,
)
from services.inspection.visits.models import Visit
from shared.auth import Actor
from shared.contracts.inspection import VisitState


async def lines(tx: AsyncSession, who: Actor, rows: Sequence[JointAction], now: datetime) -> list[ActionView]:
    """Show joint actions, each with its next deadline."""
    ids = [row.id for row in rows]
    query = select(JointAction.id, next_due(col(JointAction.id))).where(col(JointAction.id).in_(ids))
    due: dict[UUID, datetime | None] = {row[0]: row[1] for row in await tx.execute(query)} if rows else {}
    parts = await seeing.parts_of(tx, ids) if rows else {}
    return [ActionView.model_validate(_known(who, row, parts[row.id], due.get(row.id), now)) for row in rows]


async def detail(tx: AsyncSession, who: Actor, action: JointAction, now: datetime) -> ActionDetail:
    """Show one joint action whole; whoever takes part sees the others' parts as well."""
    clocks = await open_deadlines(tx, action.id)
    parts = (await seeing.parts_of(tx, [action.id]))[action.id]
    targets = await seeing.targets_of(tx, action.id)
    visits = await visits_of(tx, action.id)
    results = Results.model_validate(action.results) if action.results else await gathered(tx, action, visits)
    known = _known(who, action, parts, clocks[0].due_at if clocks else None, now)
    known |= {
        "parts": [_part(who, action, part) for part in parts],
        "targets": [TargetView.model_validate(target) for target in targets],
        "visits": visits,
        "results": results,
        "deadlines": [DeadlineView.model_validate(clock) for clock in clocks],
        "history": [HappeningView.model_validate(row) for row in await history_of(tx, Kind.JOINT_ACTION, action.id)],
    }
    return ActionDetail.model_validate(known)


async def visits_of(tx: AsyncSession, action_id: UUID) -> list[JointVisitView]:
    """Give the visits that were made for it, with their results as they stand, in the order of their days."""
    query = (
        select(JointVisit, Visit)
        .join(Visit, col(Visit.id) == col(JointVisit.visit_id))
        .where(col(JointVisit.action_id) == action_id)
        .order_by(col(Visit.on), col(Visit.id))
    )
    return [
        JointVisitView(
            visit_id=visit.id,
            authority_id=made.authority_id,
            enterprise_id=made.enterprise_id,
            on=visit.on,
            state=visit.state,
            hazards_found=visit.hazards_found,
            hazard_ids=[UUID(each) for each in made.hazard_ids],
        )
        for made, visit in await tx.execute(query)
    ]


async def gathered(tx: AsyncSession, action: JointAction, visits: Sequence[JointVisitView]) -> Results:
    """Count what came of it: finished visits, what they found, and orders for their hazards since it began."""
    hazards = {hazard for visit in visits for hazard in visit.hazard_ids}
    began = datetime.combine(action.since, time(), rules_of(tx).timezone)
    query = (
        select(Order.hazard_id, func.count())
        .where(col(Order.hazard_id).in_(hazards), col(Order.issued_at) >= began)
        .group_by(col(Order.hazard_id))
    )
    ordered: dict[UUID, int] = {row[0]: row[1] for row in await tx.execute(query)} if hazards else {}
    authorities = sorted({visit.authority_id for visit in visits}, key=str)
    made = {each: _tally((visit for visit in visits if visit.authority_id == each), ordered) for each in authorities}
    finished = {visit.enterprise_id for visit in visits if visit.state is VisitState.FINISHED}
    return Results(
        **_tally(visits, ordered).model_dump(),
        targets=len(await seeing.targets_of(tx, action.id)),
        visited=len(finished),
        by_authority=[AuthorityTally(authority_id=each, **tally.model_dump()) for each, tally in made.items()],
    )


def _tally(visits: Iterable[JointVisitView], ordered: dict[UUID, int]) -> Tally:
    every = list(visits)
    hazards = {hazard for visit in every for hazard in visit.hazard_ids}
    return Tally(
        visits=sum(visit.state is VisitState.FINISHED for visit in every),
        not_done=sum(visit.state is VisitState.NOT_DONE for visit in every),
        hazards_found=sum(visit.hazards_found or 0 for visit in every),
        hazards_on_file=len(hazards),
        orders=sum(ordered.get(hazard, 0) for hazard in hazards),
    )


def _part(who: Actor, action: JointAction, part: JointPart) -> PartView:
    offers = JOINT_PART.offers(part.state, who.roles, seeing.part_case_of(who, action, part))
    return PartView.model_validate(part.model_dump() | {"offers": offers})


def _known(
    who: Actor, action: JointAction, parts: Sequence[JointPart], due: datetime | None, now: datetime
) -> dict[str, Any]:
    offers = JOINT_ACTION.offers(action.state, who.roles, seeing.case_of(who, action, parts))
    return action.model_dump() | {"next_due": due, "overdue": due is not None and due < now, "offers": offers}
