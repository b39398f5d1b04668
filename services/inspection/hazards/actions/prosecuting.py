"""Penalty cases (T20) up to the decision: two officers file, a third person reviews, the head decides or drops."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import end_of, local_day, rules_of
from services.inspection.hazards.actions.casework import begin_case, finish_case
from services.inspection.hazards.actions.moving import begin, finish, owed_by
from services.inspection.hazards.actions.ordering import cited
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.limitation import came_to_light_in_time, has_ended, limit_of
from services.inspection.hazards.domain.penalty import (
    Discussed,
    Penalty,
    amount_fits_kind,
    decides_as_another,
    not_graver_than_told,
    reviews_as_a_third,
    was_discussed,
    what_became_of_the_hearing,
)
from services.inspection.hazards.models import Hazard, PenaltyCase
from services.inspection.hazards.queries import knowing
from services.inspection.hazards.shapes.asks import FailRecheck
from services.inspection.hazards.shapes.cases import DecideCase, Discussion, DropCase, OpenCase, ReviewCase, Violation
from shared.auth import Actor
from shared.contracts.inspection import (
    CaseDecided,
    CaseDropped,
    CaseOpened,
    CaseReviewed,
    Enforcement,
    PenaltyKind,
)

SERVICE = "case.service"


async def open_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: OpenCase, now: datetime) -> Hazard:
    """T20: two certified officers file a case on a legal basis; 90 days to decide it (Penalty Law art. 60).

    Raises 409 when the violation had ended too long before it came to light (art. 36).
    """
    step = await begin(tx, who, hazard_id, Verb.OPEN_CASE, now, officers=ask.officers, bases=ask.basis_ids)
    hazard = step.hazard
    await cited(tx, ask.basis_ids, now)
    until = await _punishable_until(tx, hazard, ask.violation, now)
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
        basis_ids=_written(ask.basis_ids),
        officers=_written(ask.officers),
        opened_by=who.id,
        opened_at=now,
        violation_ended_on=ask.violation.ended_on,
        life_or_health=ask.violation.life_or_health,
        limitation_until=until,
    )
    tx.add(case)
    nothing_awaited(hazard)
    fact = partial(CaseOpened, case_id=case.id, case_number=case.number, basis=case.basis, basis_ids=ask.basis_ids)
    return await finish(tx, who, step, fact, now, reason=ask.ground, basis=ask.basis, officers=ask.officers)


async def file_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: FailRecheck, now: datetime) -> Hazard:
    """Open the case that a failed re-check names as its consequence, by the same officers and on the same basis."""
    filed = OpenCase(ground=ask.opinion, basis=ask.basis, basis_ids=ask.basis_ids, officers=ask.officers)
    return await open_case(tx, who, hazard_id, filed, now)


async def review_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: ReviewCase, now: datetime) -> Hazard:
    """T20: somebody who does not investigate looks whether the decision would be lawful (Penalty Law art. 58)."""
    step, case = await begin_case(tx, who, hazard_id, Verb.REVIEW_CASE, now)
    reviews_as_a_third(who.id, [UUID(each) for each in case.officers])
    case.legal_review_by, case.review_agrees, case.review_opinion = who.id, ask.agrees, ask.opinion
    case.reviewed_at = now
    if not ask.agrees:
        assert step.before is not None, "what is reviewed was filed"
        step.hazard.enforcement = Enforcement(step.before)
    fact = partial(CaseReviewed, agrees=ask.agrees)
    return await finish_case(tx, who, step, case, fact, now, reason=ask.opinion)


async def decide_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: DecideCase, now: datetime) -> Hazard:
    """T20: the penalty in the head's words, no graver than what the party was told (D13)."""
    step, case = await begin_case(tx, who, hazard_id, Verb.DECIDE_CASE, now)
    hazard, today = step.hazard, local_day(tx, now)
    await cited(tx, ask.basis_ids, now)
    decided = Penalty(kinds=frozenset(ask.kinds), amount_yuan=ask.amount_yuan)
    amount_fits_kind(decided)
    decides_as_another(who.id, case.legal_review_by)
    assert case.told_amount_yuan is not None, "what is decided was told"
    told = Penalty(kinds=frozenset(map(PenaltyKind, case.told_kinds)), amount_yuan=case.told_amount_yuan)
    not_graver_than_told(decided, told)
    discussed = None if ask.discussion is None else await _discussed(tx, case, ask.discussion, now)
    least = int(rules_of(tx).number("case.discussion.members", today))
    was_discussed(case.hearing_right or case.complicated, discussed, least, local_day(tx, case.opened_at), today)
    if ask.discussion is not None:
        case.discussed_on, case.discussion = ask.discussion.on, ask.discussion.opinion
        case.discussed_by = _written(ask.discussion.members)
    case.penalty, case.amount_yuan, case.kinds = ask.penalty, ask.amount_yuan, sorted(decided.kinds)
    case.hearing = what_became_of_the_hearing(right=case.hearing_right, attended=case.hearing_attended)
    case.decision_basis, case.decision_basis_ids = ask.basis, _written(ask.basis_ids)
    case.decided_by, case.decided_at = who.id, now
    nothing_awaited(hazard)
    deadlines.start(tx, hazard.about, SERVICE, owed_by(hazard, SERVICE), now)
    fact = partial(
        CaseDecided,
        penalty=ask.penalty,
        amount_yuan=ask.amount_yuan,
        kinds=tuple(sorted(decided.kinds)),
        basis=ask.basis,
        basis_ids=ask.basis_ids,
        hearing=case.hearing,
    )
    kept = {"legal_review_by": case.legal_review_by, "discussed_by": case.discussed_by}
    return await finish_case(tx, who, step, case, fact, now, reason=ask.penalty, basis=ask.basis, **kept)


async def drop_case(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: DropCase, now: datetime) -> Hazard:
    """T20: no penalty, with a reason; a defence that convinces is one (Penalty Law art. 33, 57)."""
    step, case = await begin_case(tx, who, hazard_id, Verb.DROP_CASE, now)
    case.drop_cause, case.drop_reason, case.dropped_at = ask.cause, ask.reason, now
    nothing_awaited(step.hazard)
    return await finish_case(
        tx, who, step, case, partial(CaseDropped, reason=ask.reason, cause=ask.cause), now, reason=ask.reason
    )


def nothing_awaited(hazard: Hazard) -> None:
    """Nobody waits any more for a word of the party, nor for its money."""
    hazard.answer_until = hazard.hearing_on = hazard.pay_until = None
    hazard.hearing_right = hazard.contested = False


async def _punishable_until(tx: AsyncSession, hazard: Hazard, ask: Violation, now: datetime) -> date | None:
    """Count the limitation period from the end of the violation; none runs while it goes on."""
    if ask.ended_on is None:
        return None
    has_ended(ask.ended_on, local_day(tx, now))
    limit = rules_of(tx).due(limit_of(life_or_health=ask.life_or_health), end_of(tx, ask.ended_on))
    until = local_day(tx, limit.at)
    came_to_light_in_time(local_day(tx, await knowing.came_to_light(tx, hazard)), until)
    return until


async def _discussed(tx: AsyncSession, case: PenaltyCase, said: Discussion, now: datetime) -> Discussed:
    own = await copies.officers_of(tx, said.members, case.authority_id, local_day(tx, now))
    members = frozenset(said.members)
    return Discussed(on=said.on, members=members, strangers=members - own)


def _written(ids: Iterable[UUID]) -> list[str]:
    return [str(each) for each in ids]
