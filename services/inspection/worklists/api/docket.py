"""The route of the docket's list."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.inspection.docket.shapes.views import EntryPage
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
