"""The route of the committee's queue; each entry names the address at which it is decided."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.inspection.arbitration.queries.telling import page
from services.inspection.arbitration.shapes import DisputePage
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/arbitration", tags=["arbitration"])


@router.get("", dependencies=[allowed("arbitration.read")])
async def list_disputes(
    who: Who,
    now: Now,
    tx: Tx,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DisputePage:
    """List the claims, hazards, parts and transfers that nobody holds without dispute, the oldest first."""
    return await page(tx, who, after, limit, now)
