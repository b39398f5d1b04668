"""Puts off a clock whose rung cannot be fired; without it one bad row would hold up all that fall due after it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines.models import Deadline, DeadlineState

FIRST_S, LONGEST_S = 30, 3600


async def put_off(tx: AsyncSession, deadline_id: UUID, now: datetime) -> None:
    """Try again later, each time after twice as long. Which rungs are due is computed anew then: none is lost."""
    query = select(Deadline).where(col(Deadline.id) == deadline_id, col(Deadline.state) == DeadlineState.OPEN)
    clock = (await tx.execute(query.with_for_update())).scalar_one_or_none()
    if clock is not None:
        clock.next_at = now + timedelta(seconds=min(LONGEST_S, FIRST_S * 2**clock.tries))
        clock.tries += 1
