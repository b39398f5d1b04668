"""Who answers for a hazard: the routed authority takes it, gives it back, or the committee decides."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.hazards.actions import parts
from services.inspection.hazards.actions.moving import begin, finish
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.assisting import names_an_owner, names_another
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.shapes.asks import Assign, ReturnAssignment
from shared.auth import Actor
from shared.contracts.inspection import (
    AssignmentDisputed,
    HazardAssigned,
    RoutingRule,
)
from shared.errors import BadInput


async def assign(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Assign, now: datetime) -> Hazard:
    """T04: exactly one lead. The desk can only take what was routed to it; the committee must name somebody.

    Unless others are named, the departments co-operate that the rule of competence names.
    """
    step = await begin(tx, who, hazard_id, Verb.ASSIGN, now)
    hazard = step.hazard
    lead = ask.lead_authority_id or hazard.lead_authority_id
    if lead is None:
        raise BadInput("name-a-lead", "Name the authority that shall lead.", "请指定牵头部门。")
    if hazard.lead_authority_id not in {None, lead}:
        raise BadInput(
            "lead-is-routed",
            "Competence named another lead; return the assignment if that is wrong.",
            "牵头部门依职责确定，如有异议请退回。",
        )
    await _are_authorities(tx, lead, *ask.co_authority_ids)
    if hazard.lead_authority_id is None:
        hazard.lead_authority_id, hazard.routing_rule = lead, RoutingRule.ARBITRATION
    named = [str(each) for each in ask.co_authority_ids] or hazard.co_authority_ids
    co_authorities = [each for each in named if each != str(lead)]
    hazard.co_authority_ids = [*dict.fromkeys([*co_authorities, *await parts.taking_part(tx, hazard)])]
    assert hazard.routing_rule is not None, "a confirmed hazard was routed"
    fact = partial(HazardAssigned, routing_rule=hazard.routing_rule)
    await finish(tx, who, step, fact, now, co_authorities=co_authorities)
    await parts.follow_the_lead(tx, who, hazard, now)
    await parts.inform(tx, who, hazard, co_authorities, now)
    return hazard


async def return_assignment(
    tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ReturnAssignment, now: datetime
) -> Hazard:
    """T05: not competent. The first time it goes to whom is suggested, the second time the committee decides.

    Whoever gives it back says why and whose it is (peers N04): nobody is left without an answer.
    """
    step = await begin(tx, who, hazard_id, Verb.RETURN_ASSIGNMENT, now)
    hazard = step.hazard
    hazard.returns += 1
    suggested = ask.suggested_authority_id
    names_an_owner(ask.code, suggested)
    names_another(suggested, who.party_id)
    if suggested is not None:
        await _are_authorities(tx, suggested)
    if suggested is None or hazard.returns > 1:
        hazard.lead_authority_id, hazard.routing_rule = None, RoutingRule.ARBITRATION
    else:
        hazard.lead_authority_id, hazard.routing_rule = suggested, RoutingRule.TRANSFER
    fact = partial(AssignmentDisputed, suggested_authority_id=suggested, code=ask.code, reason=ask.reason)
    await finish(tx, who, step, fact, now, reason=ask.reason)
    await parts.follow_the_lead(tx, who, hazard, now)
    return hazard


async def _are_authorities(tx: AsyncSession, *ids: UUID) -> None:
    unknown = [str(each) for each in ids if await copies.authority(tx, each) is None]
    if unknown:
        raise BadInput("not-an-authority", "Only authorities can be named here.", "只能指定监管部门。", parties=unknown)
