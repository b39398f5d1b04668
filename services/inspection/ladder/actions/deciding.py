"""Decides on what the ladder puts to the committee; without it an interview without result would end there."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.history.actions import record
from services.inspection.ladder import queries
from services.inspection.ladder.domain.proposals import DECIDE_BY, PROPOSAL, Verb, measure_is_possible
from services.inspection.ladder.models import Proposal
from services.inspection.ladder.shapes import Decide
from shared.auth import Actor
from shared.contracts.inspection import ProposalDecided
from shared.outbox import emit


async def decide(tx: AsyncSession, who: Actor, proposal_id: UUID, ask: Decide, now: datetime) -> Proposal:
    """Choose a measure, or none: what was chosen is then done by its own command, by whoever may."""
    proposal = await queries.proposal(tx, who, proposal_id, lock=True)
    move = PROPOSAL.permit(Verb.DECIDE, proposal.state, who.roles, None)
    measure_is_possible(ask.measure, len(proposal.hazard_ids))
    before, proposal.state = proposal.state, move.after(proposal.state, yes=ask.measure is not None)
    proposal.measure, proposal.reason, proposal.decided_by, proposal.decided_at = ask.measure, ask.reason, who.id, now
    await deadlines.meet(tx, proposal.about, [DECIDE_BY], now)
    moved = (Verb.DECIDE, before, proposal.state)
    record(tx, who, proposal.about, moved, now, reason=ask.reason, measure=ask.measure)
    fact = partial(ProposalDecided, measure=ask.measure, reason=ask.reason)
    await emit(tx, proposal, fact(**said_of(who, proposal, now)))
    return proposal


def said_of(who: Actor | None, proposal: Proposal, now: datetime) -> dict[str, Any]:
    """Give what every fact about a proposal says."""
    return {
        "at": now,
        "area_code": proposal.area_code,
        "proposal_id": proposal.id,
        "state": proposal.state,
        "about_id": proposal.about_id,
        "letter_id": proposal.letter_id,
        "hazard_ids": tuple(map(UUID, proposal.hazard_ids)),
        "by_id": who.id if who else None,
    }
