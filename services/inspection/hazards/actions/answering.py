"""What the parties that were asked say to their part, and the committee where lead and party disagree."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.asking import day_can_be, instead_of, may_be_asked
from services.inspection.hazards.actions.parts import begin, finish, open_part, start_clocks, turn_clocks
from services.inspection.hazards.domain.assisting import names_an_owner, names_another, officers_took_part
from services.inspection.hazards.domain.parts import PART, PartVerb
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import assisting
from services.inspection.hazards.shapes.assisting import AnswerPart, ArbitratePart, DeclinePart
from shared.auth import Actor
from shared.contracts.inspection import (
    PartAcknowledged,
    PartAnswered,
    PartArbitrated,
    PartDeclined,
)
from shared.contracts.values import PartyKind
from shared.errors import BadInput


async def acknowledge(tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, now: datetime) -> Hazard:
    """Take it in hand."""
    step = await begin(tx, who, hazard_id, part_id, PartVerb.ACKNOWLEDGE, now)
    step.part.acknowledged_at = now
    await turn_clocks(tx, step, now)
    await finish(tx, who, step, PartAcknowledged, now)
    return step.hazard


async def answer(
    tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, ask: AnswerPart, now: datetime
) -> Hazard:
    """Say what was held, done or found; a joint inspection names the two own officers who were there."""
    step = await begin(tx, who, hazard_id, part_id, PartVerb.ANSWER, now)
    part = step.part
    officers = await copies.named_officers(tx, ask.officers, who.party_id, local_day(tx, now))
    officers_took_part(part.task, officers)
    await proven(tx, who, hazard_id, ask.files)
    part.answer, part.answered_at = ask.answer, now
    part.files = [each.model_dump(mode="json") for each in ask.files]
    part.officers = [str(each) for each in ask.officers]
    await turn_clocks(tx, step, now)
    await finish(tx, who, step, partial(PartAnswered, officers=ask.officers), now, reason=ask.answer, files=ask.files)
    return step.hazard


async def decline(
    tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, ask: DeclinePart, now: datetime
) -> Hazard:
    """Not ours: why, and whose. The lead asks another, does without, or insists, and owes that in time."""
    step = await begin(tx, who, hazard_id, part_id, PartVerb.DECLINE, now)
    suggested = ask.suggested_authority_id
    names_an_owner(ask.code, suggested)
    names_another(suggested, who.party_id)
    if suggested is not None:
        party = await assisting.party(tx, suggested)
        if party is None or party.kind not in {PartyKind.AUTHORITY, PartyKind.TOWNSHIP}:
            raise BadInput(
                "not-an-authority",
                "Only authorities and townships can be suggested.",
                "只能提出监管部门或乡镇（街道）。",
            )
    part = step.part
    part.reason_code, part.reason, part.suggested_authority_id = ask.code, ask.reason, suggested
    await turn_clocks(tx, step, now)
    lead = step.hazard.lead_authority_id
    settle_by = deadlines.start(tx, step.hazard.about_part(part), "part.settle", lead, now)
    fact = partial(
        PartDeclined, code=ask.code, reason=ask.reason, suggested_authority_id=suggested, settle_by=settle_by
    )
    await finish(tx, who, step, fact, now, reason=ask.reason)
    return step.hazard


async def arbitrate(
    tx: AsyncSession, who: Actor, hazard_id: UUID, part_id: UUID, ask: ArbitratePart, now: datetime
) -> Hazard:
    """The committee decides: the party that declined answers after all, another does, or nobody need."""
    step = await begin(tx, who, hazard_id, part_id, PartVerb.ARBITRATE, now)
    hazard, part, on = step.hazard, step.part, ask.on or step.part.on
    fact = partial(PartArbitrated, answering_id=ask.authority_id, reason=ask.explanation)
    if ask.authority_id == part.authority_id:
        await day_can_be(tx, part.task, on, now)
        part.on, part.arbitrated_at, part.acknowledged_at = on, now, None
        await turn_clocks(tx, step, now)
        start_clocks(tx, hazard, part, now)
        await finish(tx, who, step, fact, now, reason=ask.explanation)
        return hazard
    wanted = None if ask.authority_id is None else instead_of(part, ask.authority_id, on, arbitrated=True)
    if wanted is not None:
        await may_be_asked(tx, hazard, wanted, now)
    part.state = PART.moves[PartVerb.ARBITRATE].after(step.before, yes=False)
    await turn_clocks(tx, step, now)
    await finish(tx, who, step, fact, now, reason=ask.explanation)
    if wanted is not None:
        await open_part(tx, who, hazard, wanted, now)
    return hazard
