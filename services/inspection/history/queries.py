"""How a case is told from its beginning."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.domain import Kind
from services.inspection.history.models import Happening


async def history_of(tx: AsyncSession, kind: Kind, object_id: UUID) -> list[Happening]:
    """List what happened to one object, oldest first."""
    query = (
        select(Happening)
        .where(col(Happening.object_kind) == kind, col(Happening.object_id) == object_id)
        .order_by(col(Happening.id))
    )
    return list((await tx.execute(query)).scalars())
