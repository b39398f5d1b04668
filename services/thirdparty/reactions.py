"""What thirdparty does when something happens elsewhere: it keeps its copies, and follows its findings."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.thirdparty.domain import FindingState, after_docket, after_hazard
from services.thirdparty.models import Enterprise, Finding, Party
from shared.contracts import inspection as facts
from shared.contracts.inspection import ClaimRef
from shared.contracts.registry import EnterpriseRegistered, PartyRegistered
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(PartyRegistered)
async def keep_party(fact: PartyRegistered, tx: AsyncSession) -> None:
    await tx.merge(
        Party(id=fact.party_id, kind=fact.kind, name_en=fact.name_en, name_zh=fact.name_zh, area_code=fact.area_code)
    )


@reactions.on(EnterpriseRegistered)
async def keep_enterprise(fact: EnterpriseRegistered, tx: AsyncSession) -> None:
    await tx.merge(
        Enterprise(
            id=fact.enterprise_id,
            uscc=fact.uscc,
            name_en=fact.name_en,
            name_zh=fact.name_zh,
            industry_code=fact.industry_code,
            area_code=fact.area_code,
            place=fact.place.model_dump(mode="json"),
        )
    )


@reactions.on(
    facts.ReportReceived,
    facts.ReportAccepted,
    facts.ReportRejected,
    facts.ReportTransferred,
    facts.TransferAcknowledged,
    facts.TransferBounced,
    facts.ReportMerged,
    facts.ReportUnfounded,
)
async def follow_the_docket(fact: facts.DocketFact, tx: AsyncSession) -> None:
    finding = await _claimed(tx, fact.claim)
    if finding is None:
        return
    reason = fact.reason if isinstance(fact, facts.ReportRejected) else None
    explanation = fact.explanation if isinstance(fact, facts.ReportRejected | facts.ReportUnfounded) else None
    _move(finding, after_docket(finding.state, fact.state), reason, explanation)


@reactions.on(
    facts.HazardConfirmed,
    facts.HazardDismissed,
    facts.HazardAssigned,
    facts.OrderIssued,
    facts.HazardClosed,
    facts.HazardReopened,
    facts.HazardClaimsJoined,
)
async def follow_the_hazard(fact: facts.HazardFact, tx: AsyncSession) -> None:
    for claim in fact.claims:
        finding = await _claimed(tx, claim)
        if finding is None:
            continue
        explanation = fact.reason if isinstance(fact, facts.HazardDismissed) else None
        _move(finding, after_hazard(finding.state, fact.state), None, explanation)
        finding.grade = fact.grade


async def _claimed(tx: AsyncSession, claim: ClaimRef) -> Finding | None:
    if claim.service != "thirdparty":
        return None
    return await tx.get(Finding, claim.claim_id, with_for_update=True)


def _move(finding: Finding, state: FindingState, reason: str | None = None, explanation: str | None = None) -> None:
    """Change the state together with its reasons: those of an earlier state must not stand beside a later one."""
    if state != finding.state:
        finding.state, finding.reason, finding.explanation = state, reason, explanation
