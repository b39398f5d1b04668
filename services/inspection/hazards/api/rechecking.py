"""Routes from the re-check to the end: pass or fail, close, look back, open again."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.hazards.actions import closing, rechecking
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import telling
from services.inspection.hazards.shapes import asks
from services.inspection.hazards.shapes.views import Shown
from shared.permission import moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"], dependencies=[versioned(Hazard, "hazard_id")])


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


@router.post("/{hazard_id}/look-back", dependencies=[moves(HAZARD, Verb.LOOK_BACK)])
async def look_back(hazard_id: UUID, ask: asks.LookBackAsk, who: Who, now: Now, tx: Tx) -> Shown:
    """Look at a closed hazard again (T16)."""
    return await telling.detail(tx, who, await closing.look_back(tx, who, hazard_id, ask, now), now)


@router.post("/{hazard_id}/reopen", dependencies=[moves(HAZARD, Verb.REOPEN)])
async def reopen(hazard_id: UUID, ask: asks.Reopen, who: Who, now: Now, tx: Tx) -> Shown:
    """Open a closed hazard again (T17)."""
    return await telling.detail(tx, who, await closing.reopen(tx, who, hazard_id, ask, now), now)
