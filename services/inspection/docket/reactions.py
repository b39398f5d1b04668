"""What the docket does when a channel claims, and when a hazard's verdict is known."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.docket.actions import concluding, receiving
from services.inspection.docket.actions.self_governing import leave_to_the_enterprise
from services.inspection.hazards.domain.own import left_to_the_enterprise
from shared.contracts.inspection import HazardConfirmed, HazardDismissed, HazardMerged, HazardVoided
from shared.contracts.registry import SelfCheckSubmitted
from shared.contracts.thirdparty import FindingSubmitted
from shared.contracts.volunteer import EvidenceAdded, ReportSubmitted
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


@reactions.on(HazardConfirmed)
async def substantiate_entries(fact: HazardConfirmed, tx: AsyncSession) -> None:
    await concluding.substantiate(tx, fact.hazard_id, fact.at, by_itself=fact.self_governed)


@reactions.on(HazardMerged)
async def follow_the_hazard_into_another(fact: HazardMerged, tx: AsyncSession) -> None:
    await concluding.follow_the_hazard(tx, fact.hazard_id, fact.into_hazard_id)


@reactions.on(HazardDismissed, HazardVoided)
async def find_entries_unfounded(fact: HazardDismissed | HazardVoided, tx: AsyncSession) -> None:
    """Voiding finds unfounded only what was never verified: confirmed claims stay substantiated."""
    await concluding.find_unfounded(tx, fact.hazard_id, fact.reason, fact.at)
