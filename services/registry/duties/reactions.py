"""What duties does when the docket or a hazard moves: the enterprise sees how far its declared hazards are."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.registry.duties.models import DeclaredHazard
from shared.contracts.base import EVENTS
from shared.contracts.inspection import (
    DocketFact,
    HazardFact,
    ReportState,
)
from shared.reactions import Reactions

reactions = Reactions()

_OUTCOME_KEPT = {ReportState.ANSWERED, ReportState.CLOSED}
"""States that come after the outcome and would hide it."""


@reactions.on(*(kind for kind in EVENTS.values() if issubclass(kind, DocketFact)))
async def note_what_the_docket_decided(fact: DocketFact, tx: AsyncSession) -> None:
    if fact.claim.service != "registry" or fact.state in _OUTCOME_KEPT:
        return
    declared = col(DeclaredHazard.id) == fact.claim.claim_id
    await tx.execute(update(DeclaredHazard).where(declared).values(docket_state=fact.state))


@reactions.on(*(kind for kind in EVENTS.values() if issubclass(kind, HazardFact)))
async def note_how_the_hazard_fares(fact: HazardFact, tx: AsyncSession) -> None:
    claims = [claim.claim_id for claim in fact.claims if claim.service == "registry"]
    if claims:
        declared = col(DeclaredHazard.id).in_(claims)
        changed = {"hazard_state": fact.state, "hazard_number": fact.number}
        await tx.execute(update(DeclaredHazard).where(declared).values(changed))
