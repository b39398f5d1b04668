"""What volunteer does when the docket or a hazard moves: it tells the reporter, and nobody else."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.volunteer.domain import TELLINGS
from services.volunteer.models import Progress, Report
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.inspection import ClaimRef
from shared.reactions import Reactions

reactions = Reactions()


@reactions.on(
    facts.ReportReceived,
    facts.ReportAccepted,
    facts.ReportRejected,
    facts.ReportTransferred,
    facts.TransferAcknowledged,
    facts.TransferBounced,
    facts.ReportMerged,
    facts.ReportSubstantiated,
    facts.ReportUnfounded,
    facts.ReportAnswered,
)
async def tell_what_the_docket_decided(fact: facts.DocketFact, tx: AsyncSession) -> None:
    await _tell(tx, fact, fact.claim)


@reactions.on(
    facts.HazardAssigned,
    facts.OrderIssued,
    facts.SuspensionImposed,
    facts.RectificationStarted,
    facts.RecheckPassed,
    facts.RecheckFailed,
    facts.HazardClosed,
    facts.HazardReopened,
)
async def tell_how_the_hazard_fares(fact: facts.HazardFact, tx: AsyncSession) -> None:
    for claim in fact.claims:
        await _tell(tx, fact, claim)


async def _tell(tx: AsyncSession, fact: Event, claim: ClaimRef) -> None:
    if claim.service != "volunteer":
        return
    report = await tx.get(Report, claim.claim_id, with_for_update=True)
    if report is None:
        return
    report.state = TELLINGS[fact.subject].state
    remark = fact.answer if isinstance(fact, facts.ReportAnswered) else None
    if remark is not None:
        report.answer = remark
    tx.add(Progress(report_id=report.id, at=fact.at, fact=fact.subject, remark=remark))
