"""A party fights a decision (T20): until that is final nobody enforces, and a decision that falls leaves no case."""

from dataclasses import replace
from datetime import datetime, time
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.casework import begin_case, finish_case
from services.inspection.hazards.actions.enforcing import AFTER_DEMAND, APPEAL, COURT, PAY, paid
from services.inspection.hazards.actions.moving import owed_by
from services.inspection.hazards.actions.prosecuting import nothing_awaited
from services.inspection.hazards.domain import ENFORCEMENT, Verb
from services.inspection.hazards.domain.execution import (
    changes_only_downwards,
    contest_ends_lawfully,
    was_contested_in_time,
)
from services.inspection.hazards.models import CaseContest, Hazard, PenaltyCase
from services.inspection.hazards.queries import cases
from services.inspection.hazards.shapes.cases import ContestCase, EndContest
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    CaseContested,
    ContestEnded,
    ContestKind,
    ContestOutcome,
    Enforcement,
)

RECONSIDERATION = "case.appeal.reconsideration"
_PUBLICITY = "case.publicity"


async def contest_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ContestCase, now: datetime) -> Hazard:
    """Take down that the party fights the decision, and whether its time to pay stands still meanwhile."""
    step, case = await begin_case(tx, who, hazard_id, Verb.CONTEST_CASE, now)
    hazard, today = step.hazard, local_day(tx, now)
    assert case.served_at is not None, "what is contested was served"
    assert case.appeal_until is not None, "what is contested was served"
    until = case.appeal_until
    if ask.kind is ContestKind.RECONSIDERATION:
        until = local_day(tx, rules_of(tx).due(RECONSIDERATION, case.served_at).at)
    elif ask.kind is ContestKind.OBJECTION:  # to the authority itself, and in no period of the law's
        until = today
    was_contested_in_time(ask.filed_on, local_day(tx, case.served_at), until, today)
    suspends = ask.why_suspended is not None
    tx.add(
        CaseContest(
            id=uuid4(),
            case_id=case.id,
            hazard_id=hazard.id,
            kind=ask.kind,
            body=ask.body,
            number=ask.number,
            filed_on=ask.filed_on,
            suspends=suspends,
            why_suspended=ask.why_suspended,
            by_id=who.id,
            recorded_at=now,
        )
    )
    hazard.contested = True
    if suspends:
        await deadlines.cancel(tx, hazard.about, [PAY, AFTER_DEMAND], now)
    fact = partial(CaseContested, kind=ask.kind, suspends=suspends)
    return await finish_case(tx, who, step, case, fact, now, reason=ask.why_suspended or "", body=ask.body)


async def end_contest(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: EndContest, now: datetime) -> Hazard:
    """Take down how it ended. What stands is enforced from the day on which it is final."""
    step, case = await begin_case(tx, who, hazard_id, Verb.END_CONTEST, now)
    hazard = step.hazard
    await proven(tx, who, hazard_id, ask.evidence)
    contest = await cases.open_contest(tx, case)
    latest = local_day(tx, rules_of(tx).due(APPEAL, now).at)
    contest_ends_lawfully(contest.filed_on, ask.decided_on, ask.final_on, local_day(tx, now), latest)
    case.amount_yuan = changes_only_downwards(ask.outcome, ask.amount_yuan, case.amount_yuan or 0)
    contest.outcome, contest.document, contest.reason = ask.outcome, ask.document, ask.reason
    contest.decided_on, contest.final_on, contest.evidence = ask.decided_on, ask.final_on, written(ask.evidence)
    contest.ended_by, contest.ended_at = who.id, now
    hazard.contested = False
    if ask.outcome is ContestOutcome.REVOKED:
        case.revoked_on = ask.decided_on
        hazard.enforcement = ENFORCEMENT.moves[Verb.END_CONTEST].after(hazard.enforcement, yes=False)
        nothing_awaited(hazard)
        await deadlines.cancel(tx, hazard.about, [PAY, COURT, AFTER_DEMAND, _PUBLICITY], now)
    else:
        await _stands(tx, hazard, case, contest, now)
        if hazard.enforcement is not Enforcement.COURT:
            final = datetime.combine(case.appeal_until or ask.final_on, time(23, 59, 59), rules_of(tx).timezone)
            step = replace(step, clock=COURT, begins=final)
    fact = partial(ContestEnded, outcome=ask.outcome, amount_yuan=case.amount_yuan, final_on=ask.final_on)
    return await finish_case(tx, who, step, case, fact, now, reason=ask.reason, evidence=ask.evidence)


async def _stands(tx: AsyncSession, hazard: Hazard, case: PenaltyCase, contest: CaseContest, now: datetime) -> None:
    """Let the times run again: the party's to pay where it stood still, and the day from which it is final."""
    if contest.kind is not ContestKind.OBJECTION:
        case.appeal_until = contest.final_on
    if case.amount_yuan is not None and paid(case) >= case.amount_yuan:
        hazard.pay_until = None
        await deadlines.cancel(tx, hazard.about, [PAY, AFTER_DEMAND], now)
    elif contest.suspends:
        deadlines.start(tx, hazard.about, PAY, owed_by(hazard, PAY), now)
        case.pay_until = hazard.pay_until = local_day(tx, rules_of(tx).due(PAY, now).at)
