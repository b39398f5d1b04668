"""The rows of a ledger, some at a time; without it a county's hazards would have to fit into memory."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries.lines import asked_for
from services.inspection.worklists.queries.hazards import Listed, turning_of

MOST = 50_000
"""Hazards of one file; a table that is longer is read by nobody."""
AT_ONCE = 500
_BESIDES = {
    "criteria": "(select jsonb_agg(jsonb_build_object('document', document, 'item', item, 'en', text_en, 'zh', text_zh)"
    " order by document, item) from criteria where criteria.id::text in"
    " (select jsonb_array_elements_text(hazards.criterion_ids)))",
    "recheck": "(select jsonb_build_object('at', decided_at, 'passed', passed) from rechecks"
    " where rechecks.hazard_id = hazards.id and decided_at is not null order by decided_at desc limit 1)",
}


async def pieces(tx: AsyncSession, asked: Listed, now: datetime, most: int) -> AsyncGenerator[list[dict[str, Any]]]:
    """Give the hazards of a list in its order, and one more than `most` if there are more."""
    found = turning_of(asked).found(col(Hazard.id), asked.conditions, None, most + 1)
    connection = await tx.connection()
    rows = await connection.stream(asked_for(asked.who, found, now, _BESIDES), execution_options={"yield_per": AT_ONCE})
    async for piece in rows.mappings().partitions():
        yield [dict(row) for row in piece]
