"""One hazard is found to be several, or several to be one; without it reports would lose the hazard that they named."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.hazards.actions.claims import copy_claims, move_claims
from services.inspection.hazards.actions.moving import Step, begin, finish
from services.inspection.hazards.actions.verifying import Suspicion, announce, register
from services.inspection.hazards.domain import OPEN, Case, Verb, guards
from services.inspection.hazards.domain.rules import may_take_in
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import knowing, seeing
from services.inspection.hazards.shapes.lineage import MergeHazard, SplitHazard
from shared.auth import Actor
from shared.contracts.inspection import (
    HazardClaimsJoined,
    HazardMerged,
    HazardSplit,
)
from shared.contracts.values import derived_id
from shared.errors import BadInput, Conflict


async def split(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: SplitHazard, now: datetime) -> Hazard:
    """T22: parts of it become suspected hazards of their own, with the same claims in the same order behind them."""
    step = await begin(tx, who, hazard_id, Verb.SPLIT, now)
    origin = step.hazard
    parts: list[Hazard] = []
    for nth, part in enumerate(ask.parts, 1):
        suspicion = Suspicion(
            area_code=origin.area_code,
            category=part.category or origin.category,
            what=part.what,
            enterprise_id=part.enterprise_id or origin.enterprise_id,
            place=origin.place,
            imminent_danger=origin.imminent_danger,
            authority_id=who.party_id or origin.handling_authority_id,
            claimed_at=origin.claimed_at,
            county_decides=origin.county_decides,
            split_from_id=origin.id,
        )
        hazard = await register(tx, derived_id("split", origin.id, origin.version, nth), suspicion, now)
        hazard.channel = origin.channel
        await copy_claims(tx, origin.id, hazard.id)
        parts.append(hazard)
    fact = partial(HazardSplit, part_ids=tuple(part.id for part in parts))
    await finish(tx, who, step, fact, now, reason=ask.reason)
    for hazard in parts:
        await announce(tx, who, hazard, now, further=True)
    return origin


async def merge(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: MergeHazard, now: datetime) -> Hazard:
    """T22: another hazard goes on for both; what was reported of this one stands behind that from now on.

    Hazards are locked in the order of their ids, so that two officers who merge crosswise do not wait for each other.
    Whoever is merged is at its end and whoever takes in is open, so there is no circle.
    """
    if ask.into_hazard_id == hazard_id:
        raise BadInput("merge-with-another", "Name another hazard.", "请指定另一隐患。")
    for each_id in sorted((hazard_id, ask.into_hazard_id)):
        await seeing.visible(tx, who, each_id, lock=True)
    into = await seeing.visible(tx, who, ask.into_hazard_id)
    step = await begin(tx, who, hazard_id, Verb.MERGE, now)
    hazard = step.hazard
    await _is_ours_and_open(tx, who, into, now)
    may_take_in(into, hazard)
    joined = await knowing.claims_of(tx, hazard.id)
    await move_claims(tx, hazard.id, into.id)
    hazard.merged_into_id = into.id
    into.claimed_at = min(into.claimed_at, hazard.claimed_at)
    into.imminent_danger = into.imminent_danger or hazard.imminent_danger
    into.enterprise_id = into.enterprise_id or hazard.enterprise_id
    merged = partial(HazardMerged, into_hazard_id=into.id)
    await finish(tx, who, step, merged, now, reason=ask.reason, claims=[claim.claim_id for claim in joined])
    taken_in = Step(into, Verb.JOIN, into.state, None)
    fact = partial(HazardClaimsJoined, from_hazard_id=hazard.id, joined=joined)
    await finish(tx, who, taken_in, fact, now, reason=ask.reason)
    return hazard


async def _is_ours_and_open(tx: AsyncSession, who: Actor, into: Hazard, now: datetime) -> None:
    """Raise unless the hazard that shall go on is one that this person's authority answers for."""
    standing = await knowing.standing_of(tx, who, [into.enterprise_id], now)
    case: Case = knowing.case_of(who, into, standing)
    for guard in (guards.leads_or_handles, guards.authority_governs, guards.has_not_stepped_aside):
        if (problem := guard(case)) is not None:
            raise problem
    if into.state not in OPEN:
        raise Conflict(
            "cannot-merge-into",
            "The other hazard is at its end; merge into one that is still open.",
            "另一隐患已办结，只能并入尚未办结的隐患。",
            state=into.state,
        )
