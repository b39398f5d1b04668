"""Routes of what an enterprise removes itself: confirm, start, finish, close; and of the authority that takes over."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import self_governing
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import own
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


@router.post("/{hazard_id}/confirm-own", dependencies=[moves(HAZARD, Verb.CONFIRM_OWN)])
async def confirm_own(hazard_id: UUID, ask: own.ConfirmOwn, who: Who, now: Now, tx: Tx) -> Shown:
    """Confirm what the own enterprise found itself (T02, general hazards only)."""
    return await telling.detail(tx, who, await self_governing.confirm_own(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/start-own", dependencies=[moves(HAZARD, Verb.START_OWN)])
async def start_own(hazard_id: UUID, ask: own.StartOwn, who: Who, now: Now, tx: Tx) -> Shown:
    """Set the own enterprise items and a limit (T08)."""
    return await telling.detail(tx, who, await self_governing.start_own(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/finish-own", dependencies=[moves(HAZARD, Verb.FINISH_OWN)])
async def finish_own(hazard_id: UUID, ask: own.FinishOwn, who: Who, now: Now, tx: Tx) -> Shown:
    """Prove every item (T10 to T12)."""
    return await telling.detail(tx, who, await self_governing.finish_own(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/close-own", dependencies=[moves(HAZARD, Verb.CLOSE_OWN)])
async def close_own(hazard_id: UUID, ask: own.CloseOwn, who: Who, now: Now, tx: Tx) -> Shown:
    """Strike it off: the principal, or another than who proved it (T14)."""
    return await telling.detail(tx, who, await self_governing.close_own(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/take-over", dependencies=[moves(HAZARD, Verb.TAKE_OVER)])
async def take_over(hazard_id: UUID, ask: own.TakeOver, who: Who, now: Now, tx: Tx) -> Shown:
    """Let the authority govern it from here on; it is verified first (T02)."""
    return await telling.detail(tx, who, await self_governing.take_over(tx, who, hazard_id, ask, now), now)
