"""What notify does when anything happens anywhere: it puts what may leave into the outside feed."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.outside.actions import project
from shared.contracts.base import Envelope, Event
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on_every
async def copy_outside(event: Event, envelope: Envelope, tx: AsyncSession) -> None:
    await project(tx, event, envelope)
