"""Whose unit people died in; without it a leader would be called by what a reporter guessed."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import Deadline
from services.inspection.docket.models import Report
from services.inspection.hazards.models import Hazard, HazardClaim


async def units_with_deaths(tx: AsyncSession, entry: Report) -> list[tuple[UUID, Hazard | None]]:
    """Give units with their first verified hazard behind the claim; where there is none, the unit that it names."""
    query = (
        select(Hazard)
        .join(HazardClaim, col(HazardClaim.hazard_id) == col(Hazard.id))
        .where(
            col(HazardClaim.claim_id) == entry.claim_id,
            col(Hazard.grade).is_not(None),
            col(Hazard.enterprise_id).is_not(None),
        )
        .order_by(col(Hazard.registered_at), col(Hazard.serial))
    )
    found: dict[UUID, Hazard | None] = {}
    for hazard in (await tx.execute(query)).scalars():
        if hazard.enterprise_id is not None:
            found.setdefault(hazard.enterprise_id, hazard)
    if not found and entry.enterprise_id is not None:
        found[entry.enterprise_id] = None
    return sorted(found.items(), key=lambda unit: unit[1].id if unit[1] else unit[0])  # of two, neither waits in a ring


async def clock_of_the_county(tx: AsyncSession, entry: Report) -> Deadline:
    """Give the clock that began when the claim was escalated."""
    query = select(Deadline).where(col(Deadline.object_id) == entry.id, col(Deadline.key) == "report.fatality")
    return (await tx.execute(query.order_by(col(Deadline.starts_at).desc()).limit(1))).scalar_one()
