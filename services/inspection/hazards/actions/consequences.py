"""What the docket's later decisions do to hazards: an upheld review opens them again, the county holds them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies import queries as copies
from services.inspection.deadlines.queries import local_day
from services.inspection.hazards.actions.closing import begin_again
from services.inspection.hazards.actions.moving import Step
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.models import Hazard
from shared.auth import Actor
from shared.db import changed_meanwhile


async def reopen(tx: AsyncSession, who: Actor, hazard_id: UUID, reason: str, now: datetime) -> Hazard:
    """T17: a review of the result was upheld, so the hazard begins its next cycle, whoever leads it.

    What an enterprise had closed itself is the authority's from now on; raises 409 when it is not closed any more.
    """
    query = select(Hazard).where(col(Hazard.id) == hazard_id).with_for_update()
    hazard = (await tx.execute(query.execution_options(populate_existing=True))).scalar_one()
    move = HAZARD.moves[Verb.REOPEN]
    if hazard.state not in move.sources:
        raise changed_meanwhile()
    before, hazard.state = hazard.state, move.after(hazard.state)
    hazard.self_governed = False
    if hazard.lead_authority_id is None:
        routing = await copies.competent(
            tx, hazard.area_code, hazard.category, hazard.enterprise_id, local_day(tx, now)
        )
        hazard.lead_authority_id, hazard.routing_rule = routing.authority_id, routing.rule
    return await begin_again(tx, who, Step(hazard, Verb.REOPEN, before, move.clock), reason, now)


async def hold(tx: AsyncSession, hazard_ids: Collection[UUID], *, county_decides: bool) -> None:
    """Let no authority alone end these hazards (WSL art. 73), or let it again."""
    if hazard_ids:
        held = update(Hazard).where(col(Hazard.id).in_(hazard_ids)).values(county_decides=county_decides)
        await tx.execute(held.execution_options(synchronize_session=False))
