"""Penalty cases (T20): filed by two officers, decided by the head after legal review, executed, or taken to court."""

from datetime import datetime, time
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.inspection.copies import queries as copies
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.moving import begin, finish
from services.inspection.hazards.actions.ordering import cited
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.penalty import (
    Preparation,
    demand_followed_the_decision,
    demand_was_given_its_time,
    may_be_decided,
)
from services.inspection.hazards.models import Hazard, PenaltyCase
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import FailRecheck
from services.inspection.hazards.shapes.overlays import ApplyToCourt, DecideCase, DropCase, ExecuteCase, OpenCase
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    CaseDecided,
    CaseDropped,
    CaseExecuted,
    CaseOpened,
    CaseSentToCourt,
    Enforcement,
)


async def open_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: OpenCase, now: datetime) -> Hazard:
    """T20: two certified officers file a case on a legal basis; 90 days to decide it (Penalty Law art. 60)."""
    step = await begin(tx, who, hazard_id, Verb.OPEN_CASE, now, officers=ask.officers, bases=ask.basis_ids)
    hazard = step.hazard
    await cited(tx, ask.basis_ids, now)
    assert hazard.lead_authority_id is not None, "only the lead authority files a case"
    case = PenaltyCase(
        id=uuid4(),
        hazard_id=hazard.id,
        cycle=hazard.cycle,
        number=await knowing.next_case_number(tx, hazard.lead_authority_id, now),
        authority_id=hazard.lead_authority_id,
        state=Enforcement.CASE_OPEN,
        ground=ask.ground,
        basis=ask.basis,
        basis_ids=[str(each) for each in ask.basis_ids],
        officers=[str(each) for each in ask.officers],
        opened_by=who.id,
        opened_at=now,
    )
    tx.add(case)
    fact = partial(CaseOpened, case_id=case.id, case_number=case.number, basis=case.basis, basis_ids=ask.basis_ids)
    return await finish(tx, who, step, fact, now, reason=ask.ground, basis=ask.basis, officers=ask.officers)


async def file_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: FailRecheck, now: datetime) -> Hazard:
    """Open the case that a failed re-check names as its consequence, by the same officers and on the same basis."""
    filed = OpenCase(ground=ask.opinion, basis=ask.basis, basis_ids=ask.basis_ids, officers=ask.officers)
    return await open_case(tx, who, hazard_id, filed, now)


async def decide_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: DecideCase, now: datetime) -> Hazard:
    """T20: the penalty in the head's words. Without legal review and without rights told there is none (D13)."""
    step = await begin(tx, who, hazard_id, Verb.DECIDE_CASE, now)
    hazard, today = step.hazard, local_day(tx, now)
    case = await _pending(tx, hazard, Enforcement.CASE_OPEN)
    await cited(tx, ask.basis_ids, now)
    reviewers = [] if ask.legal_review_by is None else [ask.legal_review_by]
    before = Preparation(
        reviewer=ask.legal_review_by,
        reviewer_is_member=bool(await copies.officers_of(tx, reviewers, case.authority_id, today)),
        rights_told_at=ask.rights_told_at,
        opened_at=case.opened_at,
        officers=[UUID(each) for each in case.officers],
    )
    may_be_decided(before, who.id, now)
    case.state = Enforcement.PENALTY_DECIDED
    case.penalty, case.amount_yuan, case.hearing = ask.penalty, ask.amount_yuan, ask.hearing
    case.decision_basis, case.decision_basis_ids = ask.basis, [str(each) for each in ask.basis_ids]
    case.rights_told_at, case.legal_review_by = ask.rights_told_at, ask.legal_review_by
    case.decided_by, case.decided_at = who.id, now
    fact = partial(
        CaseDecided,
        case_id=case.id,
        case_number=case.number,
        penalty=ask.penalty,
        amount_yuan=ask.amount_yuan,
        basis=ask.basis,
        basis_ids=ask.basis_ids,
        hearing=ask.hearing,
    )
    kept = {"legal_review_by": ask.legal_review_by, "rights_told_at": ask.rights_told_at}
    return await finish(tx, who, step, fact, now, reason=ask.penalty, basis=ask.basis, **kept)


async def drop_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: DropCase, now: datetime) -> Hazard:
    """T20: no penalty, with a reason (Penalty Law art. 33, 57)."""
    step = await begin(tx, who, hazard_id, Verb.DROP_CASE, now)
    case = await _pending(tx, step.hazard, Enforcement.CASE_OPEN)
    case.state, case.drop_reason, case.dropped_at = Enforcement.NONE, ask.reason, now
    fact = partial(CaseDropped, case_id=case.id, case_number=case.number, reason=ask.reason)
    return await finish(tx, who, step, fact, now, reason=ask.reason)


async def apply_to_court(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ApplyToCourt, now: datetime) -> Hazard:
    """T20: not obeyed, and the demand notice had its days (Compulsion Law art. 53, 54)."""
    step = await begin(tx, who, hazard_id, Verb.APPLY_TO_COURT, now)
    case = await _pending(tx, step.hazard, Enforcement.PENALTY_DECIDED)
    rules = rules_of(tx)
    assert case.decided_at is not None, "what is enforced was decided"
    demand_followed_the_decision(ask.demand_served_on, local_day(tx, case.decided_at), local_day(tx, now))
    served = datetime.combine(ask.demand_served_on, time(12), rules.timezone)
    demand_was_given_its_time(rules.due("court.apply.after_demand", served).at, now)
    case.state, case.court, case.sent_to_court_at = Enforcement.COURT, ask.court, now
    case.demand_served_on = ask.demand_served_on
    fact = partial(CaseSentToCourt, case_id=case.id, case_number=case.number, court=ask.court)
    return await finish(tx, who, step, fact, now, reason=ask.reason, demand_served_on=ask.demand_served_on)


async def execute_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ExecuteCase, now: datetime) -> Hazard:
    """T20: the decision was carried out, by the party or by the court."""
    step = await begin(tx, who, hazard_id, Verb.EXECUTE_CASE, now)
    await proven(tx, who, hazard_id, ask.evidence)
    case = await _pending(tx, step.hazard, Enforcement.PENALTY_DECIDED, Enforcement.COURT)
    case.state, case.execution, case.executed_at = Enforcement.EXECUTED, ask.how, now
    case.execution_evidence = written(ask.evidence)
    fact = partial(CaseExecuted, case_id=case.id, case_number=case.number)
    return await finish(tx, who, step, fact, now, reason=ask.how)


async def _pending(tx: AsyncSession, hazard: Hazard, *states: Enforcement) -> PenaltyCase:
    """Give the case that the hazard's overlay speaks of."""
    query = select(PenaltyCase).where(col(PenaltyCase.hazard_id) == hazard.id, col(PenaltyCase.state).in_(states))
    return (await tx.execute(query)).scalar_one()
