"""Who sees what was climbed and what is put to the committee; without it a letter's reason would be anybody's."""

from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.hazards.queries.seeing import visible
from services.inspection.ladder.models import Climb, Proposal
from shared import paging, permission
from shared.auth import Actor
from shared.contracts.inspection import ProposalState
from shared.contracts.values import Role
from shared.errors import no_such
from shared.permission import in_area


async def climbs_of(tx: AsyncSession, who: Actor, hazard_id: UUID) -> list[Climb]:
    """List the steps that were climbed about a hazard, the first first; an enterprise is shown what it was sent."""
    await visible(tx, who, hazard_id)
    query = select(Climb).where(col(Climb.object_id) == hazard_id).order_by(col(Climb.at), col(Climb.level))
    if Role.ENTERPRISE in who.roles:
        query = query.where(col(Climb.to_id) == who.party_id, col(Climb.owed_by) == who.party_id)
    return list((await tx.execute(query)).scalars())


def proposals_visible_to(who: Actor) -> ColumnElement[bool]:
    return permission.visible(who, "proposal.read", area=in_area(who, Proposal.area_code))


async def proposals(
    tx: AsyncSession, who: Actor, state: ProposalState | None, after: UUID | None, limit: int
) -> paging.Page[Proposal]:
    """List what is put to the committee, the newest first."""
    query = select(Proposal).where(proposals_visible_to(who))
    if state is not None:
        query = query.where(col(Proposal.state) == state)
    return await paging.page(tx, query, Proposal.made_at, after, limit, newest_first=True)


async def proposal(tx: AsyncSession, who: Actor, proposal_id: UUID, *, lock: bool = False) -> Proposal:
    """Give one proposal, locked for a decision if asked, or a 404."""
    query = select(Proposal).where(col(Proposal.id) == proposal_id, proposals_visible_to(who))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await tx.execute(query)).scalar_one_or_none()
    if found is None:
        raise no_such("proposal", "建议")
    return found
