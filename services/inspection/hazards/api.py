"""Routes of hazards: one list, one view, one timeline, and one address per verb."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.hazards.actions import assigning, closing, ordering, rechecking, rectifying, verifying
from services.inspection.hazards.domain.machine import HAZARD, SUSPENSION, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import seeing, telling
from services.inspection.hazards.queries.seeing import Wanted
from services.inspection.hazards.shapes import asks
from services.inspection.hazards.shapes.views import ClaimantHazardView, HazardDetail, HazardPage, OwnHazardDetail
from services.inspection.history.shapes import Timeline
from shared.contracts.inspection import HazardState
from shared.contracts.values import Category, Grade
from shared.paging import mark, read_mark
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])
Shown = HazardDetail | OwnHazardDetail | ClaimantHazardView


@router.get("", dependencies=[allowed("hazard.read")])
async def list_hazards(
    who: Who,
    now: Now,
    tx: Tx,
    state: HazardState | None = None,
    grade: Grade | None = None,
    category: Category | None = None,
    authority: UUID | None = None,
    enterprise: UUID | None = None,
    area: str | None = None,
    overdue: bool | None = None,
    q: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> HazardPage:
    """List the hazards that the reader may see: imminent danger first, then those that wait longest."""
    wanted = Wanted(
        state=state,
        grade=grade,
        category=category,
        authority=authority,
        enterprise=enterprise,
        area=area,
        overdue=overdue,
        q=q,
    )
    rows = await seeing.page(tx, who, wanted, read_mark(after, bool, datetime, UUID), limit + 1, now)
    shown, last = rows[:limit], rows[limit - 1][0] if len(rows) > limit else None
    return HazardPage(
        items=await telling.lines(tx, who, shown, now),
        next=mark(not last.imminent_danger, last.claimed_at, last.id) if last else None,
    )


@router.get("/{hazard_id}", dependencies=[allowed("hazard.read")])
async def show(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Show one hazard as the reader may see it."""
    return await telling.detail(tx, who, await seeing.visible(tx, who, hazard_id), now)


@router.get("/{hazard_id}/history", dependencies=[allowed("hazard.read")])
async def history(hazard_id: UUID, who: Who, tx: Tx) -> Timeline:
    """Tell what was done, by whom and why; the enterprise hears it from the order on."""
    return Timeline(items=await telling.timeline(tx, who, await seeing.visible(tx, who, hazard_id)))


@router.post("/{hazard_id}/confirm", dependencies=[moves(HAZARD, Verb.CONFIRM)])
async def confirm(hazard_id: UUID, ask: asks.Confirm, who: Who, now: Now, tx: Tx) -> Shown:
    """Confirm and grade; two officers (T02)."""
    return await telling.detail(tx, who, await verifying.confirm(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/dismiss", dependencies=[moves(HAZARD, Verb.DISMISS)])
async def dismiss(hazard_id: UUID, ask: asks.Dismiss, who: Who, now: Now, tx: Tx) -> Shown:
    """Find that there is no hazard; two officers (T03)."""
    return await telling.detail(tx, who, await verifying.dismiss(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/assign", dependencies=[moves(HAZARD, Verb.ASSIGN)])
async def assign(hazard_id: UUID, ask: asks.Assign, who: Who, now: Now, tx: Tx) -> Shown:
    """Take the lead, or name it by arbitration (T04)."""
    return await telling.detail(tx, who, await assigning.assign(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/return-assignment", dependencies=[moves(HAZARD, Verb.RETURN_ASSIGNMENT)])
async def return_assignment(hazard_id: UUID, ask: asks.ReturnAssignment, who: Who, now: Now, tx: Tx) -> Shown:
    """Give the lead back with a reason (T05)."""
    return await telling.detail(tx, who, await assigning.return_assignment(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/order", dependencies=[moves(HAZARD, Verb.ORDER)])
async def order(hazard_id: UUID, ask: asks.IssueOrder, who: Who, now: Now, tx: Tx) -> Shown:
    """Order the removal; two certified officers (T06)."""
    return await telling.detail(tx, who, await ordering.order(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/order-stop", dependencies=[moves(SUSPENSION, Verb.ORDER_STOP)])
async def order_stop(hazard_id: UUID, ask: asks.OrderStop, who: Who, now: Now, tx: Tx) -> Shown:
    """Stop work, equipment or access (T07)."""
    return await telling.detail(tx, who, await ordering.order_stop(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/start-rectification", dependencies=[moves(HAZARD, Verb.START_RECTIFICATION)])
async def start_rectification(hazard_id: UUID, ask: asks.StartRectification, who: Who, now: Now, tx: Tx) -> Shown:
    """Take the order in hand (T08)."""
    return await telling.detail(tx, who, await rectifying.start_rectification(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/request-recheck", dependencies=[moves(HAZARD, Verb.REQUEST_RECHECK)])
async def request_recheck(hazard_id: UUID, ask: asks.RequestRecheck, who: Who, now: Now, tx: Tx) -> Shown:
    """Prove every item and ask for the re-check (T10)."""
    return await telling.detail(tx, who, await rectifying.request_recheck(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/open-recheck", dependencies=[moves(HAZARD, Verb.OPEN_RECHECK)])
async def open_recheck(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> Shown:
    """Begin the re-check (T11)."""
    return await telling.detail(tx, who, await rechecking.open_recheck(tx, who, hazard_id, now), now)


@router.post("/{hazard_id}/pass-recheck", dependencies=[moves(HAZARD, Verb.PASS_RECHECK)])
async def pass_recheck(hazard_id: UUID, ask: asks.PassRecheck, who: Who, now: Now, tx: Tx) -> Shown:
    """Every item is put right; two officers (T12)."""
    return await telling.detail(tx, who, await rechecking.pass_recheck(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/fail-recheck", dependencies=[moves(HAZARD, Verb.FAIL_RECHECK)])
async def fail_recheck(hazard_id: UUID, ask: asks.FailRecheck, who: Who, now: Now, tx: Tx) -> Shown:
    """Not put right: consequence and new limit (T13)."""
    return await telling.detail(tx, who, await rechecking.fail_recheck(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/close", dependencies=[moves(HAZARD, Verb.CLOSE)])
async def close(hazard_id: UUID, ask: asks.CloseHazard, who: Who, now: Now, tx: Tx) -> Shown:
    """Strike it off the list; not by a re-checker (T14)."""
    return await telling.detail(tx, who, await closing.close(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/request-resumption", dependencies=[moves(SUSPENSION, Verb.REQUEST_RESUMPTION)])
async def request_resumption(hazard_id: UUID, ask: asks.RequestResumption, who: Who, now: Now, tx: Tx) -> Shown:
    """Ask to resume work (T15)."""
    return await telling.detail(tx, who, await rectifying.request_resumption(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/decide-resumption", dependencies=[moves(SUSPENSION, Verb.DECIDE_RESUMPTION)])
async def decide_resumption(hazard_id: UUID, ask: asks.DecideResumption, who: Who, now: Now, tx: Tx) -> Shown:
    """Lift the stop or let it stand (T15)."""
    return await telling.detail(tx, who, await ordering.decide_resumption(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/look-back", dependencies=[moves(HAZARD, Verb.LOOK_BACK)])
async def look_back(hazard_id: UUID, ask: asks.LookBackAsk, who: Who, now: Now, tx: Tx) -> Shown:
    """Look at a closed hazard again (T16)."""
    return await telling.detail(tx, who, await closing.look_back(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/reopen", dependencies=[moves(HAZARD, Verb.REOPEN)])
async def reopen(hazard_id: UUID, ask: asks.Reopen, who: Who, now: Now, tx: Tx) -> Shown:
    """Open a closed hazard again (T17)."""
    return await telling.detail(tx, who, await closing.reopen(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/void", dependencies=[moves(HAZARD, Verb.VOID)])
async def void(hazard_id: UUID, ask: asks.VoidHazard, who: Who, now: Now, tx: Tx) -> Shown:
    """What was dangerous no longer exists (T23)."""
    return await telling.detail(tx, who, await verifying.void(tx, who, hazard_id, ask, now), now)
