"""What lists show of a hazard that other tables say; without it each list would have to ask them for every row."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import all_running
from services.inspection.domain import Kind
from services.inspection.hazards.models import Hazard
from shared.contracts.inspection import RIGHTS
from shared.db import raw_of

_RECOUNT = """
update hazards set next_due_at = first.due_at, next_due_key = first.key, next_owed_by = first.owed_by
from (
    select distinct on (object_id) object_id, due_at, key, owed_by from deadlines
    where object_id = any($1) and state = 'open' and key <> all($2) order by object_id, due_at, key
) first where hazards.id = first.object_id
"""


async def keep_for_lists(tx: AsyncSession, hazard: Hazard, officers: Iterable[UUID] | None) -> None:
    """Copy onto the hazard which clocks run, and in whose charge it is; called when a command has turned the clocks.

    `officers` are those whom the command names, if it names any.
    """
    clocks = await all_running(tx, hazard.id)
    first = next((clock for clock in clocks if clock.key not in RIGHTS), None)
    hazard.clocks = sorted({clock.key for clock in clocks})
    hazard.next_due_at = first and first.due_at
    hazard.next_due_key = first and first.key
    hazard.next_owed_by = first and first.owed_by
    if officers:
        hazard.officer_ids = sorted(set(officers))


async def keep_dates_for_lists(tx: AsyncSession, kind: Kind, ids: Collection[UUID]) -> None:
    """Copy onto hazards when their first clock runs out, after a calendar or a rule has moved clocks of many."""
    if kind is Kind.HAZARD:
        await (await raw_of(tx)).execute(_RECOUNT, list(ids), sorted(RIGHTS))
