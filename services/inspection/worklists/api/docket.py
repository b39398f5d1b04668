"""Routes of the docket's list, and of holds on its entries."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.docket.queries import entries
from services.inspection.docket.shapes.views import EntryPage
from services.inspection.holds import actions as holds
from services.inspection.holds.shapes import HoldView
from services.inspection.worklists.domain import List
from services.inspection.worklists.queries import docket, views
from services.inspection.worklists.shapes.filters import EntriesAsked, EntryFilters
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/docket", tags=["docket"])


@router.get("", dependencies=[allowed("docket.read")])
async def list_entries(asked: Annotated[EntriesAsked, Query()], who: Who, now: Now, tx: Tx) -> EntryPage:
    """List the entries that the reader may see: what waits first, then what is finished."""
    wanted = EntryFilters.of(asked, await views.opened(tx, who, List.DOCKET, asked.view))
    return await docket.page(tx, who, docket.listed(tx, who, wanted, now), asked.after, asked.limit, now)


@router.put("/{entry_id}/hold", dependencies=[allowed("docket.hold")])
async def hold(entry_id: UUID, who: Who, now: Now, tx: Tx) -> HoldView:
    """Say that you have it open; say it again every minute for as long as you have."""
    entry = await entries.visible(tx, who, entry_id, verb="docket.hold")
    return await holds.hold(tx, who, entry.about, now)


@router.delete("/{entry_id}/hold", status_code=204, dependencies=[allowed("docket.hold")])
async def release(entry_id: UUID, who: Who, tx: Tx) -> None:
    """Say that you have it open no longer."""
    entry = await entries.visible(tx, who, entry_id, verb="docket.hold")
    await holds.release(tx, who, entry.id)
