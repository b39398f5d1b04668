"""Routes of the list of hazards."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.inspection.hazards.shapes.views import HazardPage
from services.inspection.worklists.queries import hazards
from services.inspection.worklists.shapes.filters import HazardFilters, HazardsAsked
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"])


@router.get("", dependencies=[allowed("hazard.read")])
async def list_hazards(asked: Annotated[HazardsAsked, Query()], who: Who, now: Now, tx: Tx) -> HazardPage:
    """List the hazards that the reader may see: what waits first, then what is finished."""
    wanted = HazardFilters.of(asked, {})
    return await hazards.page(tx, hazards.listed(tx, who, wanted, now), asked.after, asked.limit, now)
