"""Routes of visits: planned by their id, one list, one sheet, and one address per verb."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.visits import actions
from services.inspection.visits.domain import VISIT, Verb
from services.inspection.visits.models import Visit
from services.inspection.visits.queries import seeing, telling
from services.inspection.visits.queries.seeing import Wanted
from services.inspection.visits.shapes import (
    CancelVisit,
    FinishVisit,
    OwnVisitView,
    PlanVisit,
    VisitDetail,
    VisitPage,
)
from shared.contracts.inspection import (
    VisitGround,
    VisitKind,
)
from shared.contracts.values import Day
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/visits", tags=["visits"], dependencies=[versioned(Visit, "visit_id")])
Shown = VisitDetail | OwnVisitView


@router.put("/{visit_id}", status_code=201, dependencies=[moves(VISIT, Verb.PLAN)])
async def plan(visit_id: UUID, ask: PlanVisit, who: Who, now: Now, tx: Tx) -> Shown:
    """Plan a visit, or write one down afterwards; sending it again is safe.

    The answer names other authorities' visits near the day, and how the enterprise's yearly cap stands.
    """
    return await telling.detail(tx, who, await actions.plan(tx, who, visit_id, ask, now), now)


@router.get("", dependencies=[allowed("visit.read")])
async def list_visits(
    who: Who,
    now: Now,
    tx: Tx,
    enterprise: UUID | None = None,
    authority: UUID | None = None,
    since: Annotated[Day | None, Query(alias="from")] = None,
    until: Annotated[Day | None, Query(alias="to")] = None,
    kind: VisitKind | None = None,
    ground: VisitGround | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> VisitPage:
    """List the visits that the reader may know of, the latest day first; `from` and `to` are days."""
    wanted = Wanted(enterprise=enterprise, authority=authority, since=since, until=until, kind=kind, ground=ground)
    found = await seeing.page(tx, who, wanted, after, limit)
    return VisitPage(items=await telling.lines(tx, who, list(found.items), now), next=found.next)


@router.get("/{visit_id}", dependencies=[allowed("visit.read")])
async def show(visit_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Show one visit with its sheet: overlaps, open hazards, and how the last visits ended."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, visit_id), now)


@router.post("/{visit_id}/start", dependencies=[moves(VISIT, Verb.START)])
async def start(visit_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Say that you have arrived."""
    return await telling.detail(tx, who, await actions.start(tx, who, visit_id, now), now)


@router.post("/{visit_id}/finish", dependencies=[moves(VISIT, Verb.FINISH)])
async def finish(visit_id: UUID, ask: FinishVisit, who: Who, now: Now, tx: Tx) -> Shown:
    """Write down what was found, or why nothing could be inspected."""
    return await telling.detail(tx, who, await actions.finish(tx, who, visit_id, ask, now), now)


@router.post("/{visit_id}/cancel", dependencies=[moves(VISIT, Verb.CANCEL)])
async def cancel(visit_id: UUID, ask: CancelVisit, who: Who, now: Now, tx: Tx) -> Shown:
    """Call it off."""
    return await telling.detail(tx, who, await actions.cancel(tx, who, visit_id, ask, now), now)
