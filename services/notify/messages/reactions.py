"""What notify does when anything happens anywhere: it tells those who must know."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.messages.actions import tell_those_concerned
from shared.contracts.base import Envelope, Event
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on_every
async def tell(event: Event, envelope: Envelope, tx: AsyncSession) -> None:
    await tell_those_concerned(tx, event, envelope)
