"""What lists show of a hazard that other tables say; without it each list would have to ask them for every row."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import all_running
from services.inspection.hazards.domain import RIGHTS
from services.inspection.hazards.models import Hazard


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
