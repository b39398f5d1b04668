"""Which case a hazard's overlay speaks of, and what belongs to it."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.hazards.models import CaseContest, Hazard, PenaltyCase
from shared.contracts.inspection import Enforcement


async def pending(tx: AsyncSession, hazard: Hazard) -> PenaltyCase:
    """Give the case that goes on: there is never more than one, and the overlay says that there is one."""
    over = (Enforcement.NONE, Enforcement.EXECUTED)
    query = select(PenaltyCase).where(col(PenaltyCase.hazard_id) == hazard.id, col(PenaltyCase.state).not_in(over))
    return (await tx.execute(query)).scalar_one()


async def open_contest(tx: AsyncSession, case: PenaltyCase) -> CaseContest:
    """Give the contest that nobody has decided yet; the hazard says that there is one."""
    query = select(CaseContest).where(col(CaseContest.case_id) == case.id, col(CaseContest.ended_at).is_(None))
    return (await tx.execute(query)).scalar_one()
