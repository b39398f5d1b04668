"""Assigns many hazards in one go; what cannot be assigned is told and holds nothing up."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.hazards.actions.assigning import assign
from services.inspection.hazards.shapes.asks import Assign
from services.inspection.worklists.shapes.many import AssignMany, Done, Outcomes, Refused
from shared.auth import Actor
from shared.errors import Problem


async def assign_many(tx: AsyncSession, who: Actor, ask: AssignMany, now: datetime) -> Outcomes:
    """T04 for each hazard by itself: its own savepoint, its own answer.

    They are locked in the order of their ids, so that two desks with the same list do not wait for each other.
    """
    each = Assign(lead_authority_id=ask.lead_authority_id, co_authority_ids=ask.co_authority_ids)
    answers: dict[object, Done | Refused] = {}
    for hazard_id in sorted(set(ask.hazard_ids)):
        try:
            async with tx.begin_nested():
                hazard = await assign(tx, who, hazard_id, each, now)
        except Problem as refused:
            answers[hazard_id] = Refused(hazard_id=hazard_id, slug=refused.slug, en=refused.en, zh=refused.zh)
        else:
            answers[hazard_id] = Done(hazard_id=hazard_id, state=hazard.state)
    return Outcomes(items=[answers[hazard_id] for hazard_id in dict.fromkeys(ask.hazard_ids)])
