"""What notify does with facts that come in floods: it lays them by, and forgets those that are true no longer."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.gathering import actions
from shared.contracts.base import Envelope, Event
from shared.contracts.inspection import DeadlineChanged, HazardDelisted, HazardListed
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on_every
async def lay_by(event: Event, envelope: Envelope, tx: AsyncSession) -> None:
    await actions.lay_by(tx, event, envelope)


@reactions.on(DeadlineChanged)
async def leave_out(event: DeadlineChanged, tx: AsyncSession) -> None:
    await actions.leave_out(tx, event)


@reactions.on(HazardListed)
async def remember_listing(event: HazardListed, tx: AsyncSession) -> None:
    await actions.list_hazard(tx, event.hazard_id)


@reactions.on(HazardDelisted)
async def forget_listing(event: HazardDelisted, tx: AsyncSession) -> None:
    await actions.delist_hazard(tx, event.hazard_id)
