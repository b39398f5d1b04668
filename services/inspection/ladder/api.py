"""Routes of the ladder: how far a hazard has climbed and why, and what the committee is to decide on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.inspection.ladder import actions, queries
from services.inspection.ladder.domain.proposals import PROPOSAL, Verb
from services.inspection.ladder.models import Proposal
from services.inspection.ladder.shapes import Climbs, ClimbView, Decide, ProposalPage, ProposalView
from shared.auth import Actor
from shared.contracts.inspection import ProposalState
from shared.permission import allowed, moves
from shared.versions import versioned
from shared.web import Now, Tx, Who

router = APIRouter(tags=["ladder"])
proposals = APIRouter(prefix="/proposals", tags=["ladder"], dependencies=[versioned(Proposal, "proposal_id")])


@router.get("/hazards/{hazard_id}/escalations", dependencies=[allowed("hazard.read")])
async def escalations(hazard_id: UUID, who: Who, tx: Tx) -> Climbs:
    """List the steps of the ladder that were climbed about a hazard, each with its reason."""
    rows = await queries.climbs_of(tx, who, hazard_id)
    return Climbs(items=[ClimbView.model_validate(row) for row in rows])


@proposals.get("", dependencies=[allowed("proposal.read")])
async def list_proposals(
    who: Who,
    tx: Tx,
    state: ProposalState | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ProposalPage:
    """List what the ladder puts to the committee, the newest first."""
    found = await queries.proposals(tx, who, state, after, limit)
    return ProposalPage(items=[_shown(row, who) for row in found.items], next=found.next)


@proposals.get("/{proposal_id}", dependencies=[allowed("proposal.read")])
async def show(proposal_id: UUID, who: Who, tx: Tx) -> ProposalView:
    """Show one proposal."""
    return _shown(await queries.proposal(tx, who, proposal_id), who)


@proposals.post("/{proposal_id}/decide", dependencies=[moves(PROPOSAL, Verb.DECIDE)])
async def decide(proposal_id: UUID, ask: Decide, who: Who, now: Now, tx: Tx) -> ProposalView:
    """Choose a circular, listed supervision or a transfer, or find that none is called for."""
    return _shown(await actions.decide(tx, who, proposal_id, ask, now), who)


def _shown(proposal: Proposal, who: Actor) -> ProposalView:
    offers = PROPOSAL.offers(proposal.state, who.roles, None)
    return ProposalView.model_validate(proposal.model_dump() | {"offers": offers})
