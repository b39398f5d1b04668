"""Routes of clocks: who owes what until when, and why somebody was reminded. Nothing here moves one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from services.inspection.deadlines.queries import asking
from services.inspection.deadlines.rungs import Rung
from services.inspection.deadlines.shapes import DeadlineDetail, DeadlineList
from services.inspection.domain import Kind
from shared.permission import allowed
from shared.web import Now, Tx, Who

router = APIRouter(prefix="/deadlines", tags=["deadlines"])


@router.get("", dependencies=[allowed("deadline.read")])
async def list_deadlines(
    who: Who,
    now: Now,
    tx: Tx,
    key: str | None = None,
    overdue: bool | None = None,
    owed_by: UUID | None = None,
    due_before: AwareDatetime | None = None,
    rung: Rung | None = None,
    kind: Kind | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DeadlineList:
    """List the clocks that run or are paused, as far as the reader owes or supervises them; the next to end first."""
    wanted = asking.Wanted(key=key, overdue=overdue, owed_by=owed_by, due_before=due_before, rung=rung, kind=kind)
    return await asking.page(tx, who, wanted, after, limit, now)


@router.get("/{deadline_id}", dependencies=[allowed("deadline.read")])
async def show(deadline_id: UUID, who: Who, now: Now, tx: Tx) -> DeadlineDetail:
    """Show one clock with all that happened to it, and the steps that follow if nothing is done."""
    return await asking.detail(tx, await asking.visible(tx, who, deadline_id), now)
