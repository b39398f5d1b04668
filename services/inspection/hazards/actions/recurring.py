"""Notices that a hazard came back, and lets the closed one go on with it; without it nothing would ever weigh more."""

from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines.queries import local_day
from services.inspection.hazards.actions.claims import move_claims
from services.inspection.hazards.actions.closing import begin_again
from services.inspection.hazards.actions.moving import Step, finish
from services.inspection.hazards.domain import HAZARD, Verb
from services.inspection.hazards.domain.recurrence import one_higher
from services.inspection.hazards.models import Hazard
from services.inspection.hazards.queries import recurring
from shared.contracts.inspection import (
    HazardMerged,
    HazardState,
)
from shared.contracts.values import Grade


async def recognise(tx: AsyncSession, hazard: Hazard, now: datetime, *, another_matter: bool = False) -> Hazard | None:
    """Give a confirmed hazard its key and, if it came back, the flag and a step up the ladder (§4.5).

    Returns the closed hazard, locked, that opens again with it (T17): one closed not long enough ago. Categories are
    coarse, so officers who were there may say that it is another matter.
    """
    key = recurring.key_of(tx, hazard, local_day(tx, now))
    hazard.recurrence_key = None if key is None else str(key)
    former = None if another_matter else await recurring.closed_alike(tx, hazard, now)
    if former is None:
        return None
    if not hazard.recurrent:
        hazard.recurrent, hazard.recurs_id = True, former.id
        hazard.escalation = one_higher(hazard.escalation)
    if not recurring.closed_within(tx, former, "hazard.reopen.window", now):
        return None
    return await recurring.still_closed(tx, former.id)


async def rejoin(tx: AsyncSession, hazard: Hazard, again: Hazard, now: datetime) -> Hazard:
    """T17: what was just confirmed ends in the closed hazard, which opens again with the claims of both.

    Who verified and who leads now is known better than then; a grade is raised and never lowered. What the officers
    wrote stays with the hazard that ended: the enterprise knows the other by its own words.
    """
    again.handling_authority_id = hazard.handling_authority_id
    again.lead_authority_id, again.routing_rule = hazard.lead_authority_id, hazard.routing_rule
    again.co_authority_ids = hazard.co_authority_ids
    again.imminent_danger = again.imminent_danger or hazard.imminent_danger
    again.county_decides = again.county_decides or hazard.county_decides
    if hazard.grade == Grade.MAJOR:
        again.grade, again.criterion_ids = hazard.grade, hazard.criterion_ids
        again.expert_opinion = hazard.expert_opinion
    await move_claims(tx, hazard.id, again.id)
    confirmed, hazard.state = hazard.state, HazardState.MERGED
    hazard.merged_into_id = again.id
    ending = Step(hazard, Verb.MERGE, confirmed, HAZARD.moves[Verb.MERGE].clock)
    await finish(tx, None, ending, partial(HazardMerged, into_hazard_id=again.id), now)
    closed, again.state = again.state, HazardState.REOPENED
    opening = Step(again, Verb.REOPEN, closed, HAZARD.moves[Verb.REOPEN].clock)
    return await begin_again(tx, None, opening, f"{hazard.number}: {hazard.what}", now, found_again=hazard.id)
