"""What volunteer does when the docket or a hazard moves: it tells the reporter, and nobody else."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.volunteer.domain import TELLINGS
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.inspection import ClaimRef
from shared.db import raw_of
from shared.reactions import Reactions

reactions = Reactions()

# As often as anything is reported, so it is one statement and no row is loaded. Facts of the docket and of the hazard
# come in any order beside each other: the state is that of the newest, the other is only told.
_TELL = """
with report as (
    update reports set answer = coalesce($3, answer),
        state = case when exists (select from progress where report_id = $1 and at > $4) then state else $2 end
    where id = $1 returning id
)
insert into progress (report_id, at, fact, remark, authority_id) select id, $4, $5, $3, $6 from report
"""


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
    await _tell(tx, fact, fact.claim, fact.authority_id)


@reactions.on(
    facts.HazardAssigned,
    facts.AssignmentDisputed,
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
        await _tell(tx, fact, claim, fact.lead_authority_id)


async def _tell(tx: AsyncSession, fact: Event, claim: ClaimRef, holder: UUID | None) -> None:
    if claim.service != "volunteer":
        return
    told = (TELLINGS[fact.subject].state, _words_for_the_reporter(fact), fact.at, fact.subject, holder)
    await (await raw_of(tx)).execute(_TELL, claim.claim_id, *told)


def _words_for_the_reporter(fact: Event) -> str | None:
    match fact:
        case facts.ReportAnswered():
            return fact.answer
        case facts.ReportRejected() | facts.ReportUnfounded():
            return fact.explanation
        case _:
            return None
