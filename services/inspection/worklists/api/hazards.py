"""Routes of the list of hazards: the list, its counts, its ledger, and what is decided about many at once."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.shapes.views import HazardPage
from services.inspection.worklists.actions.assigning import assign_many
from services.inspection.worklists.domain import List
from services.inspection.worklists.domain.ledger import TITLE, Reading, cells, columns_for, cut_short, headings
from services.inspection.worklists.queries import counting, hazards, ledger, views
from services.inspection.worklists.shapes.counts import HazardCounts
from services.inspection.worklists.shapes.filters import HazardFilters, HazardsAsked, Narrowed
from services.inspection.worklists.shapes.many import AssignMany, Outcomes
from shared.permission import allowed, moves
from shared.problems import language_of
from shared.sheets import MEDIA_TYPES, download, writer
from shared.web import Here, Now, Rules, Tx, Who

router = APIRouter(prefix="/hazards", tags=["hazards"])
_TABLE = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}
_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": _TABLE}}


class Counted(HazardFilters, Narrowed):
    """Which hazards are counted."""


class Exported(HazardFilters, Narrowed):
    """Which hazards the ledger holds, and the form of the file."""

    format: Literal["csv", "xlsx"] = "xlsx"


@router.get("", dependencies=[allowed("hazard.read")])
async def list_hazards(asked: Annotated[HazardsAsked, Query()], who: Who, now: Now, tx: Tx) -> HazardPage:
    """List the hazards that the reader may see: what waits first, then what is finished."""
    wanted = HazardFilters.of(asked, await views.opened(tx, who, List.HAZARDS, asked.view))
    return await hazards.page(tx, hazards.listed(tx, who, wanted, now), asked.after, asked.limit, now)


@router.get("/counts", dependencies=[allowed("hazard.read")])
async def count(asked: Annotated[Counted, Query()], who: Who, now: Now, tx: Tx) -> HazardCounts:
    """Count the same by state, grade, stop of work and clock: exactly what is unfinished, the archive up to a bound."""
    wanted = HazardFilters.of(asked, await views.opened(tx, who, List.HAZARDS, asked.view))
    return await counting.counts(tx, hazards.listed(tx, who, wanted, now), now)


@router.get("/export", response_class=Response, responses=_ANSWER, dependencies=[allowed("hazard.export")])
async def export(
    asked: Annotated[Exported, Query()], request: Request, who: Who, now: Now, tx: Tx, here: Here, rules: Rules
) -> Response:
    """Give the same as a ledger, as far as its reader is shown it; a last line tells when it was cut short."""
    wanted = HazardFilters.of(asked, await views.opened(tx, who, List.HAZARDS, asked.view))
    found = hazards.listed(tx, who, wanted, now, "hazard.export")
    reading = Reading(language_of(request), rules.timezone)
    columns = columns_for(found.reader)
    out = writer(asked.format, reading.say(*TITLE))

    async def written() -> AsyncGenerator[bytes]:
        yield out.rows([headings(columns, reading)])
        left = ledger.MOST
        async with here.database.reading() as own:
            await views.opened(own, who, List.HAZARDS, None)
            async for rows in ledger.pieces(own, found, now, left):
                lines = [cells(columns, row, reading) for row in rows[:left]]
                if len(rows) > left:
                    lines.append(cut_short(ledger.MOST, reading))
                left -= len(rows)
                yield await asyncio.to_thread(out.rows, lines)
        yield out.end()

    return StreamingResponse(written(), headers=download("hazards", asked.format))


@router.post("/assign-many", dependencies=[moves(HAZARD, Verb.ASSIGN)])
async def assign(ask: AssignMany, who: Who, now: Now, tx: Tx) -> Outcomes:
    """Take the lead of many, or name it by arbitration (T04); each has its own answer."""
    return await assign_many(tx, who, ask, now)
