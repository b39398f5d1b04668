"""Lets submissions stand behind another hazard as well, or instead; without it a reporter would lose the matter."""

from uuid import UUID

from sqlalchemy import delete, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.hazards.models import HazardClaim


async def copy_claims(tx: AsyncSession, from_id: UUID, to_id: UUID) -> None:
    """Put what stands behind one hazard behind another as well; their order follows from when they were made."""
    columns = ("claim_id", "service", "source_party_id", "claimed_at")
    behind = select(literal(to_id), *(getattr(HazardClaim, name) for name in columns)).where(
        col(HazardClaim.hazard_id) == from_id
    )
    await tx.execute(insert(HazardClaim).from_select(["hazard_id", *columns], behind).on_conflict_do_nothing())


async def move_claims(tx: AsyncSession, from_id: UUID, to_id: UUID) -> None:
    """Put what stands behind one hazard behind another instead."""
    await copy_claims(tx, from_id, to_id)
    await tx.execute(delete(HazardClaim).where(col(HazardClaim.hazard_id) == from_id))
