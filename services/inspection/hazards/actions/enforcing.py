"""From the decision to its end (T20): served, paid at once or in steps, demanded, taken to court, carried out."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.casework import begin_case, finish_case, serve
from services.inspection.hazards.actions.moving import owed_by
from services.inspection.hazards.actions.prosecuting import nothing_awaited
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.execution import (
    appeal_period_is_over,
    demand_was_given_its_time,
    instalments_are_whole,
    is_paid,
    pays_what_is_owed,
)
from services.inspection.hazards.models import CaseService, Hazard, PenaltyCase
from services.inspection.hazards.shapes.cases import ApplyToCourt, ExecuteCase, GrantTerms, RecordPayment, ServeDemand
from services.inspection.hazards.shapes.orders import Delivery
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    CaseDemanded,
    CaseDocument,
    CaseExecuted,
    CaseSentToCourt,
    CaseServed,
    Enforcement,
    PaymentDeferred,
    PaymentRecorded,
)

PAY, COURT, AFTER_DEMAND, APPEAL = "case.pay", "court.apply", "court.apply.after_demand", "case.appeal.suit"


async def serve_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Delivery, now: datetime) -> Hazard:
    """T20: from the service on the party has its time to pay and to contest, and after that the court may be asked."""
    step, case = await begin_case(tx, who, hazard_id, Verb.SERVE_CASE, now)
    hazard, rules = step.hazard, rules_of(tx)
    assert case.decided_at is not None, "what is served was decided"
    said = await serve(tx, who, case, CaseDocument.DECISION, ask, case.decided_at, now)
    appeal = rules.due(APPEAL, said.at).at
    case.served_at, case.appeal_until = said.at, local_day(tx, appeal)
    if case.amount_yuan:
        case.pay_until = hazard.pay_until = local_day(tx, rules.due(PAY, said.at).at)
        step = replace(step, clock=PAY, begins=said.at)
    deadlines.start(tx, hazard.about, COURT, owed_by(hazard, COURT), appeal)
    fact = partial(
        CaseServed,
        how=said.how,
        signature_refused=said.refused is not None,
        served_at=said.at,
        pay_until=case.pay_until,
        appeal_until=case.appeal_until,
    )
    return await finish_case(tx, who, step, case, fact, now, reason=said.refused or "", evidence=ask.evidence)


async def record_payment(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: RecordPayment, now: datetime) -> Hazard:
    """Take down what was paid; once all is paid nothing more is owed."""
    step, case = await begin_case(tx, who, hazard_id, Verb.RECORD_PAYMENT, now)
    await proven(tx, who, hazard_id, ask.evidence)
    assert case.decided_at is not None, "what is paid was decided"
    decided_on, owed, already = local_day(tx, case.decided_at), case.amount_yuan or 0, paid(case)
    pays_what_is_owed(ask.amount_yuan, already, owed, ask.on, decided_on, local_day(tx, now))
    payment = {"on": ask.on.isoformat(), "amount_yuan": ask.amount_yuan, "evidence": written(ask.evidence)}
    case.payments = [*case.payments, payment]
    total = already + ask.amount_yuan
    if total == owed:
        step.hazard.pay_until = None
        await deadlines.meet(tx, step.hazard.about, [PAY, AFTER_DEMAND], now)
    fact = partial(PaymentRecorded, paid_yuan=ask.amount_yuan, total_yuan=total)
    return await finish_case(tx, who, step, case, fact, now, evidence=ask.evidence)


async def grant_terms(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: GrantTerms, now: datetime) -> Hazard:
    """Give the party more time, or let it pay by instalments; its clock goes on to the last of them."""
    step, case = await begin_case(tx, who, hazard_id, Verb.GRANT_TERMS, now)
    await proven(tx, who, hazard_id, ask.evidence)
    hazard, today = step.hazard, local_day(tx, now)
    steps = [(each.until, each.amount_yuan) for each in ask.instalments]
    latest = local_day(tx, rules_of(tx).due("case.pay.longest", now).at)
    instalments_are_whole(steps, (case.amount_yuan or 0) - paid(case), today, latest)
    last = steps[-1][0]
    case.instalments = [each.model_dump(mode="json") for each in ask.instalments]
    case.terms_reason, case.pay_until, hazard.pay_until = ask.reason, last, last
    why = (f"Payment put off by decision of {today}", f"经 {today} 决定暂缓或者分期缴纳")
    await deadlines.extend(tx, hazard.about, PAY, last, why, now)
    fact = partial(PaymentDeferred, pay_until=last, instalments=len(steps))
    return await finish_case(tx, who, step, case, fact, now, reason=ask.reason, evidence=ask.evidence)


async def serve_demand(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ServeDemand, now: datetime) -> Hazard:
    """T20: call upon the party to obey, before the court is asked (Compulsion Law art. 54)."""
    step, case = await begin_case(tx, who, hazard_id, Verb.SERVE_DEMAND, now)
    assert case.served_at is not None, "what is demanded was served"
    said = await serve(tx, who, case, CaseDocument.DEMAND, ask.service, case.served_at, now)
    case.demand, case.demand_served_on = ask.demand, local_day(tx, said.at)
    fact = partial(
        CaseDemanded,
        how=said.how,
        signature_refused=said.refused is not None,
        obey_until=local_day(tx, rules_of(tx).due(AFTER_DEMAND, said.at).at),
    )
    step = replace(step, clock=AFTER_DEMAND, begins=said.at)
    return await finish_case(tx, who, step, case, fact, now, reason=ask.demand, evidence=ask.service.evidence)


async def apply_to_court(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ApplyToCourt, now: datetime) -> Hazard:
    """T20: not obeyed, not contested, and the demand notice had its days (Compulsion Law art. 53, 54)."""
    step, case = await begin_case(tx, who, hazard_id, Verb.APPLY_TO_COURT, now)
    assert case.appeal_until is not None, "what is enforced was served"
    demanded = await _demanded_at(tx, case)
    demand_was_given_its_time(rules_of(tx).due(AFTER_DEMAND, demanded).at, now)
    appeal_period_is_over(case.appeal_until, local_day(tx, now))
    case.court, case.sent_to_court_at = ask.court, now
    fact = partial(CaseSentToCourt, court=ask.court)
    kept = {"demand_served_on": case.demand_served_on}
    return await finish_case(tx, who, step, case, fact, now, reason=ask.reason, **kept)


async def execute_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ExecuteCase, now: datetime) -> Hazard:
    """T20: the decision was carried out, by the party or by the court, and the case is closed."""
    step, case = await begin_case(tx, who, hazard_id, Verb.EXECUTE_CASE, now)
    await proven(tx, who, hazard_id, ask.evidence)
    if step.before != Enforcement.COURT:
        is_paid(paid(case), case.amount_yuan or 0)
    case.execution, case.executed_at = ask.how, now
    case.execution_evidence = written(ask.evidence)
    nothing_awaited(step.hazard)
    return await finish_case(tx, who, step, case, CaseExecuted, now, reason=ask.how, evidence=ask.evidence)


def paid(case: PenaltyCase) -> int:
    """Add up what was paid of the fine."""
    return sum(payment["amount_yuan"] for payment in case.payments)


async def _demanded_at(tx: AsyncSession, case: PenaltyCase) -> datetime:
    """Give when the newest demand was served."""
    query = (
        select(CaseService.at)
        .where(col(CaseService.case_id) == case.id, col(CaseService.document) == CaseDocument.DEMAND)
        .order_by(col(CaseService.recorded_at).desc())
        .limit(1)
    )
    return (await tx.execute(query)).scalar_one()
