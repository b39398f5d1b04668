"""What volunteer does when the docket or a hazard moves: it tells the reporter, and nobody else."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.volunteer.domain import TELLINGS, Outcome
from services.volunteer.models import Contest
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.inspection import (
    ClaimRef,
    PartyName,
)
from shared.db import raw_of
from shared.reactions import Reactions

reactions = Reactions()

# As often as anything is reported, so it is one statement and no row is loaded. Facts of the docket and of the hazard
# come in any order beside each other: the state is that of the newest, the other is only told.
_TELL = """
with report as (
    update reports set answer = coalesce($6, answer),
        state = case when exists (select from progress where report_id = $1 and at > $4) then state
                     else coalesce($2, state) end
    where id = $1 returning id
)
insert into progress (report_id, at, fact, remark, party_en, party_zh, authority_id)
select id, $4, $5, $3, $7, $8, $9 from report
"""
_OUTCOMES: Mapping[type[Event], Outcome] = {
    facts.ReviewRequested: Outcome.UNDER_REVIEW,
    facts.ReviewUpheld: Outcome.UPHELD,
    facts.ReviewDismissed: Outcome.DISMISSED,
    facts.ReviewRefused: Outcome.REFUSED,
}


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
    facts.VerificationExtended,
    facts.FatalityEscalated,
    facts.CountyVerdictRecorded,
    facts.ReviewRequested,
    facts.ReviewRefused,
    facts.ReviewUpheld,
    facts.ReviewDismissed,
    facts.ReportClosed,
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
    facts.HazardSplit,
)
async def tell_how_the_hazard_fares(fact: facts.HazardFact, tx: AsyncSession) -> None:
    for claim in fact.claims:
        await _tell(tx, fact, claim, fact.lead_authority_id)


@reactions.on(facts.HazardClaimsJoined)
async def tell_that_matters_were_joined(fact: facts.HazardClaimsJoined, tx: AsyncSession) -> None:
    """For whoever reported the hazard that takes in the other, nothing changes."""
    for claim in fact.joined:
        await _tell(tx, fact, claim, fact.lead_authority_id)


@reactions.on(facts.ReviewRequested, facts.ReviewUpheld, facts.ReviewDismissed, facts.ReviewRefused)
async def note_what_became_of_a_contest(
    fact: facts.ReviewRequested | facts.ReviewUpheld | facts.ReviewDismissed | facts.ReviewRefused, tx: AsyncSession
) -> None:
    if fact.claim.service == "volunteer":
        known = update(Contest).where(col(Contest.id) == fact.contest_id)
        await tx.execute(known.values(outcome=_OUTCOMES[type(fact)]))


async def _tell(tx: AsyncSession, fact: Event, claim: ClaimRef, holder_id: UUID | None) -> None:
    if claim.service != "volunteer":
        return
    name = f"{fact.subject}.{fact.reason}" if isinstance(fact, facts.ReviewRefused) else fact.subject
    remark, answer = _words_for_the_reporter(fact)
    party = _named(fact)
    parties = (None, None) if party is None else (party.en, party.zh)
    told = (TELLINGS[name].state, remark, fact.at, name, answer, *parties, holder_id)
    await (await raw_of(tx)).execute(_TELL, claim.claim_id, *told)


def _words_for_the_reporter(fact: Event) -> tuple[str | None, str | None]:
    """Give what stands beside the fact, and the answer if it is one."""
    match fact:
        case facts.ReportAnswered():
            return fact.answer, fact.answer
        case facts.ReportRejected() | facts.ReportUnfounded() | facts.ReviewDismissed():
            return fact.explanation, fact.explanation
        case facts.ReviewUpheld() | facts.VerificationExtended():
            return fact.explanation, None
        case _:
            return None, None


def _named(fact: Event) -> PartyName | None:
    """Give the authority that has the case, or that refused it; a person is never named."""
    match fact:
        case facts.ReportReceived() | facts.ReportTransferred() | facts.TransferAcknowledged():
            return fact.holder
        case facts.TransferBounced():
            return fact.refused_by
        case _:
            return None
