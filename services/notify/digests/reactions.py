"""What notify does when a clock comes near its end: it lays the reminder by for the day's digest."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.digests.actions import lay_by
from shared.contracts.inspection import DeadlineApproaching
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(DeadlineApproaching)
async def keep_for_the_digest(event: DeadlineApproaching, tx: AsyncSession) -> None:
    await lay_by(tx, event)
