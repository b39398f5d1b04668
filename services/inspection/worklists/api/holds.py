"""Routes of holds: a page says what it has open, so that a colleague sees it."""

from uuid import UUID

from fastapi import APIRouter

from services.inspection.docket.queries import entries
from services.inspection.hazards.queries import seeing
from services.inspection.holds import actions as holds
from services.inspection.holds.shapes import HoldView
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(tags=["holds"])


@router.put("/hazards/{hazard_id}/hold", dependencies=[allowed("hazard.hold")])
async def hold_hazard(hazard_id: UUID, who: Who, now: Now, tx: Tx) -> HoldView:
    """Say that you have it open; say it again every minute for as long as you have."""
    hazard = await seeing.visible(tx, who, hazard_id, verb="hazard.hold")
    return await holds.hold(tx, who, hazard.about, now)


@router.delete("/hazards/{hazard_id}/hold", status_code=204, dependencies=[allowed("hazard.hold")])
async def release_hazard(hazard_id: UUID, who: Who, tx: Tx) -> None:
    """Say that you have it open no longer."""
    await holds.release(tx, who, (await seeing.visible(tx, who, hazard_id, verb="hazard.hold")).id)


@router.put("/docket/{entry_id}/hold", dependencies=[allowed("docket.hold")])
async def hold_entry(entry_id: UUID, who: Who, now: Now, tx: Tx) -> HoldView:
    """Say that you have it open; say it again every minute for as long as you have."""
    entry = await entries.visible(tx, who, entry_id, verb="docket.hold")
    return await holds.hold(tx, who, entry.about, now)


@router.delete("/docket/{entry_id}/hold", status_code=204, dependencies=[allowed("docket.hold")])
async def release_entry(entry_id: UUID, who: Who, tx: Tx) -> None:
    """Say that you have it open no longer."""
    await holds.release(tx, who, (await entries.visible(tx, who, entry_id, verb="docket.hold")).id)
