"""Who keeps out of which hazard (Penalty Law art. 43); without it an officer who stepped aside could go on."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.hazards.models import Hazard, Order, Recheck, Recusal
from shared.contracts.inspection import RecusalState
from shared.db import raw_of

_KEPT_OUT = "select hazard_id from recusals where officer_id = $1 and state = 'effective'"


async def kept_out_of(tx: AsyncSession, officer_id: UUID) -> frozenset[UUID]:
    """Give the hazards in which this person is on recusal."""
    return frozenset(row["hazard_id"] for row in await (await raw_of(tx)).fetch(_KEPT_OUT, officer_id))


async def stepped_aside(tx: AsyncSession, hazard_id: UUID, people: Collection[UUID]) -> set[UUID]:
    """Give those of these people who are on recusal in this hazard."""
    query = select(Recusal.officer_id).where(
        col(Recusal.hazard_id) == hazard_id,
        col(Recusal.officer_id).in_(people),
        col(Recusal.state) == RecusalState.EFFECTIVE,
    )
    return set((await tx.execute(query)).scalars())


async def standing(tx: AsyncSession, hazard_id: UUID, officer_id: UUID) -> Recusal | None:
    """Give the recusal of this officer that is asked for or effective, if there is one."""
    query = select(Recusal).where(
        col(Recusal.hazard_id) == hazard_id,
        col(Recusal.officer_id) == officer_id,
        col(Recusal.state).in_([RecusalState.ASKED, RecusalState.EFFECTIVE]),
    )
    return (await tx.execute(query)).scalar_one_or_none()


async def of_hazard(tx: AsyncSession, hazard_id: UUID) -> list[Recusal]:
    """List the recusals of a hazard, oldest first."""
    query = select(Recusal).where(col(Recusal.hazard_id) == hazard_id).order_by(col(Recusal.asked_at), col(Recusal.id))
    return list((await tx.execute(query)).scalars())


async def named_to_the_enterprise(tx: AsyncSession, hazard: Hazard) -> set[UUID]:
    """Give the officers whom the enterprise knows of: those who signed an order or a re-check."""
    orders = (await tx.execute(select(Order).where(col(Order.hazard_id) == hazard.id))).scalars()
    rechecks = (await tx.execute(select(Recheck).where(col(Recheck.hazard_id) == hazard.id))).scalars()
    return {UUID(each) for signed in (*orders, *rechecks) for each in signed.officers}
