"""What the docket does when a channel claims, and when a hazard's verdict is known."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.docket.actions import concluding, receiving, reviewing
from services.inspection.docket.actions.self_governing import leave_to_the_enterprise
from services.inspection.hazards.domain.own import left_to_the_enterprise
from shared.contracts.inspection import (
    HazardConfirmed,
    HazardDismissed,
    HazardMerged,
    HazardVoided,
)
from shared.contracts.registry import SelfCheckSubmitted
from shared.contracts.thirdparty import FindingSubmitted
from shared.contracts.volunteer import EvidenceAdded, ReportContested, ReportSubmitted
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(ReportSubmitted, FindingSubmitted, SelfCheckSubmitted)
async def open_docket_entry(claim: ReportSubmitted | FindingSubmitted | SelfCheckSubmitted, tx: AsyncSession) -> None:
    """Every channel's claim becomes one docket entry whose clock started when the claim was made."""
    entry = await receiving.receive(tx, None, claim.owner(), claim, claim.at)
    if left_to_the_enterprise(claim, entry.authority_id):
        await leave_to_the_enterprise(tx, claim.claim_id, claim.at)


@reactions.on(EvidenceAdded)
async def supplement_docket_entry(claim: EvidenceAdded, tx: AsyncSession) -> None:
    await receiving.supplement(tx, claim.owner(), claim, claim.at)


@reactions.on(ReportContested)
async def take_contest(fact: ReportContested, tx: AsyncSession) -> None:
    """A reporter's contest is heard or refused with a reason; it is never lost."""
    await reviewing.take(tx, fact, fact.at)


@reactions.on(HazardConfirmed, HazardDismissed, HazardVoided)
async def conclude_claims(fact: HazardConfirmed | HazardDismissed | HazardVoided, tx: AsyncSession) -> None:
    """A hazard's verdict is that of the claims behind it, as soon as their other hazards allow one."""
    by_itself = isinstance(fact, HazardConfirmed) and fact.self_governed
    await concluding.conclude(tx, fact.hazard_id, fact.at, by_itself=by_itself)


@reactions.on(HazardMerged)
async def follow_the_merged(fact: HazardMerged, tx: AsyncSession) -> None:
    await concluding.follow_the_merged(tx, fact.hazard_id, fact.into_hazard_id, fact.at)
