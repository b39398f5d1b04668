"""From a claim to a confirmed hazard: registered, confirmed and graded, dismissed, or void."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines.queries import local_day
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions import parts, recurring
from services.inspection.hazards.actions.extending import lapse
from services.inspection.hazards.actions.moving import begin, finish, open_with
from services.inspection.hazards.actions.staying import lapse_stay
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.rules import grade_is_reasoned
from services.inspection.hazards.models import Hazard, HazardClaim
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import Confirm, Dismiss, VoidHazard
from shared.auth import Actor
from shared.contracts.inspection import (
    ClaimRef,
    HazardConfirmed,
    HazardDismissed,
    HazardRegistered,
    HazardVoided,
)
from shared.contracts.values import Category, Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """What the docket hands over when it accepts a claim; `what` is the desk's own wording."""

    area_code: str
    category: Category
    what: str
    enterprise_id: UUID | None
    place: dict[str, Any]
    imminent_danger: bool
    authority_id: UUID
    claimed_at: datetime
    channel: Channel | None = None
    county_decides: bool = False
    split_from_id: UUID | None = None


async def register(tx: AsyncSession, hazard_id: UUID, suspicion: Suspicion, now: datetime) -> Hazard:
    """T01: a claim was accepted, so somebody must go and look. Its claims are added by `add_claim`."""
    serial, number = await knowing.next_number(tx, now)
    hazard = Hazard(
        id=hazard_id,
        area_code=suspicion.area_code,
        serial=serial,
        number=number,
        category=suspicion.category,
        what=suspicion.what,
        enterprise_id=suspicion.enterprise_id,
        place=suspicion.place,
        imminent_danger=suspicion.imminent_danger,
        claimed_at=suspicion.claimed_at,
        channel=suspicion.channel,
        registered_at=now,
        handling_authority_id=suspicion.authority_id,
        county_decides=suspicion.county_decides,
        split_from_id=suspicion.split_from_id,
        co_authority_ids=[],
        criterion_ids=[],
        rechecked_by=[],
    )
    tx.add(hazard)
    await tx.flush()
    return hazard


async def announce(tx: AsyncSession, who: Actor, hazard: Hazard, now: datetime, *, further: bool = False) -> Hazard:
    """State that a hazard was registered, once all its claims are known.

    The hazard with which a claim is accepted is verified in the claim's time; a `further` one has a clock of its own.
    """
    step = open_with(hazard)
    if further:
        step = replace(step, clock="hazard.verify.further")
    return await finish(tx, who, step, HazardRegistered, now)


async def add_claim(tx: AsyncSession, hazard_id: UUID, claim: ClaimRef, claimed_at: datetime) -> None:
    """Put one more submission behind a hazard, once; its place follows from when it was made."""
    row = {"hazard_id": hazard_id, "claimed_at": claimed_at, **claim.model_dump()}
    await tx.execute(insert(HazardClaim).values(row).on_conflict_do_nothing())


async def confirm(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Confirm, now: datetime) -> Hazard:
    """T02: the facts are verified and graded, and competence is asked again: the category may have changed hands.

    Gives the hazard that goes on: where one closed not long ago came back, that is the closed one, open again (T17).
    """
    step = await begin(tx, who, hazard_id, Verb.CONFIRM, now, officers=ask.officers, enterprise=ask.enterprise_id)
    hazard = step.hazard
    hazard.grade = ask.grade
    joint = await parts.joint_officers(tx, hazard, who, ask.joint_officers, now)
    today = local_day(tx, now)
    valid = await copies.valid_criteria(tx, ask.criterion_ids, today)
    experts = ask.expert_opinion.experts if ask.expert_opinion else ()
    grade_is_reasoned(ask.grade, ask.criterion_ids, valid, experts)
    hazard.what = ask.what
    hazard.enterprise_id = ask.enterprise_id or hazard.enterprise_id
    hazard.criterion_ids = [str(each) for each in ask.criterion_ids]
    hazard.expert_opinion = ask.expert_opinion.model_dump(mode="json") if ask.expert_opinion else None
    routing = await copies.competent(tx, hazard.area_code, hazard.category, hazard.enterprise_id, today)
    hazard.lead_authority_id, hazard.routing_rule = routing.authority_id, routing.rule
    hazard.co_authority_ids = [str(each) for each in routing.co_authority_ids]
    again = await recurring.recognise(tx, hazard, now, another_matter=ask.another_matter)
    if again is not None and hazard.lead_authority_id is None:  # no rule names anybody: who led it leads it again
        hazard.lead_authority_id, hazard.routing_rule = again.lead_authority_id, again.routing_rule
    fact = partial(
        HazardConfirmed,
        criterion_ids=ask.criterion_ids,
        routing_rule=hazard.routing_rule or routing.rule,
        rule_id=routing.rule_id,
        recurrent=hazard.recurrent,
        recurs_id=hazard.recurs_id,
    )
    await finish(
        tx, who, step, fact, now, officers=ask.officers, joint_officers=joint, another_matter=ask.another_matter or None
    )
    return hazard if again is None else await recurring.rejoin(tx, hazard, again, now)


async def dismiss(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Dismiss, now: datetime) -> Hazard:
    """T03: two officers looked and found no hazard."""
    step = await begin(tx, who, hazard_id, Verb.DISMISS, now, officers=ask.officers)
    fact = partial(HazardDismissed, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason, officers=ask.officers)


async def void(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: VoidHazard, now: datetime) -> Hazard:
    """T23: what was dangerous no longer exists, and that is proven."""
    step = await begin(tx, who, hazard_id, Verb.VOID, now)
    await proven(tx, who, hazard_id, ask.proof)
    fact = partial(HazardVoided, reason=ask.reason)
    hazard = await finish(tx, who, step, fact, now, reason=ask.reason, proof=ask.proof)
    await lapse(tx, who, hazard, now)
    await lapse_stay(tx, who, hazard, now)
    await parts.end_all(tx, who, hazard, ask.reason, now)
    return hazard
