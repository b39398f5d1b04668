"""What notify does when a clock comes near its end: it lays the reminder by, and forgets it when it is needless."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.digests.actions import lay_by, leave_out
from shared.contracts.inspection import DeadlineApproaching, DeadlineChanged
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(DeadlineApproaching)
async def keep_for_the_digest(event: DeadlineApproaching, tx: AsyncSession) -> None:
    await lay_by(tx, event)


@reactions.on(DeadlineChanged)
async def take_out_of_the_digest(event: DeadlineChanged, tx: AsyncSession) -> None:
    await leave_out(tx, event)
