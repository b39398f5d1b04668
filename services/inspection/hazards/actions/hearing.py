"""The party is told its rights and heard before anything is decided (T20; Penalty Law art. 44, 45, 62 to 64)."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.copies import queries as copies
from services.inspection.deadlines import actions as deadlines
from services.inspection.deadlines.queries import local_day, rules_of
from services.inspection.evidence.queries import proven
from services.inspection.hazards.actions.casework import begin_case, finish_case, serve
from services.inspection.hazards.actions.moving import owed_by
from services.inspection.hazards.actions.ordering import cited
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.domain.execution import came_on_paper
from services.inspection.hazards.domain.penalty import (
    Penalty,
    amount_fits_kind,
    carries_a_hearing,
    presides_as_a_third,
)
from services.inspection.hazards.domain.proof import Lack, Piece, nothing_lacks
from services.inspection.hazards.domain.terms import held_while_undecided, told_days_ahead
from services.inspection.hazards.models import CaseStatement, Hazard, PenaltyCase
from services.inspection.hazards.shapes.cases import CallHearing, HoldHearing, Said, TellRights
from services.inspection.hazards.shapes.words import written
from shared.auth import Actor
from shared.contracts.inspection import (
    CaseAnswered,
    CaseDocument,
    CaseRightsTold,
    HearingCalled,
    HearingHeld,
    HearingRequested,
    HearingWaived,
)
from shared.errors import BadInput, Conflict

TO_ASK, TO_STATE, TO_HOLD = "case.hearing.ask", "case.statement", "case.hearing.hold"


async def tell_rights(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: TellRights, now: datetime) -> Hazard:
    """Tell the party what is meant and why, and its rights. From the service on it has its days to answer.

    Told anew, it has them anew, and what was said and reviewed before does not count for what is meant now.
    """
    step, case = await begin_case(tx, who, hazard_id, Verb.TELL_RIGHTS, now)
    hazard, rules = step.hazard, rules_of(tx)
    await cited(tx, ask.basis_ids, now)
    meant = Penalty(kinds=frozenset(ask.kinds), amount_yuan=ask.amount_yuan)
    amount_fits_kind(meant)
    said = await serve(
        tx, who, case, CaseDocument.RIGHTS_NOTICE, ask.service, case.rights_told_at or case.opened_at, now
    )
    right = carries_a_hearing(meant, rules.number("case.hearing.large_fine", local_day(tx, now)), grave=ask.grave)
    key = TO_ASK if right else TO_STATE
    until = local_day(tx, rules.due(key, said.at).at)
    case.told_facts, case.told_reasons, case.told_penalty = ask.facts, ask.reasons, ask.penalty
    case.told_kinds, case.told_amount_yuan = sorted(meant.kinds), ask.amount_yuan
    case.told_basis, case.told_basis_ids = ask.basis, [str(each) for each in ask.basis_ids]
    case.complicated, case.rights_told_at = ask.complicated, said.at
    case.answer_until, case.hearing_right = until, right
    case.hearing_asked_on = case.hearing_waived_on = case.hearing_at = case.hearing_held_at = None
    case.hearing_attended = case.legal_review_by = case.review_agrees = case.reviewed_at = None
    hazard.answer_until, hazard.hearing_right, hazard.hearing_on = until, right, None
    fact = partial(
        CaseRightsTold,
        kinds=tuple(sorted(meant.kinds)),
        hearing_right=right,
        answer_until=until,
        how=said.how,
        signature_refused=said.refused is not None,
    )
    step = replace(step, clock=key, begins=said.at)
    kept = {"evidence": ask.service.evidence}
    return await finish_case(tx, who, step, case, fact, now, reason=ask.reasons, basis=ask.basis, **kept)


async def state_defence(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Said, now: datetime) -> Hazard:
    """Take down what the party says. It may speak until it is decided; what comes late is read all the same."""
    step, case = await begin_case(tx, who, hazard_id, Verb.STATE_DEFENCE, now)
    hazard = step.hazard
    on = await _said_on(tx, who, hazard, case, ask, now)
    assert case.answer_until is not None, "who answers was told until when"
    said = CaseStatement(
        id=uuid4(),
        case_id=case.id,
        hazard_id=hazard.id,
        statement=ask.words,
        on=on,
        late=on > case.answer_until,
        evidence=written(ask.evidence),
        by_id=who.id,
        by_party_id=who.party_id,
        recorded_at=now,
    )
    tx.add(said)
    if not case.hearing_right:  # then this is all that is waited for
        hazard.answer_until = None
        await deadlines.meet(tx, hazard.about, [TO_STATE], now)
    fact = partial(CaseAnswered, statement_id=said.id, late=said.late)
    return await finish_case(tx, who, step, case, fact, now, reason=ask.words, evidence=ask.evidence)


async def ask_hearing(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Said, now: datetime) -> Hazard:
    """Take down that the party asks for a hearing, in its days."""
    step, case = await begin_case(tx, who, hazard_id, Verb.ASK_HEARING, now)
    on = await _said_on(tx, who, step.hazard, case, ask, now)
    assert case.answer_until is not None, "who answers was told until when"
    if on > case.answer_until:
        raise Conflict(
            "answer-too-late",
            f"A hearing could be asked for until {case.answer_until}.",
            f"申请听证的期限已于 {case.answer_until} 届满。",
            until=case.answer_until,
        )
    case.hearing_asked_on, case.hearing_asked_for = on, ask.words
    step.hazard.answer_until = None
    return await finish_case(tx, who, step, case, HearingRequested, now, reason=ask.words, evidence=ask.evidence)


async def waive_hearing(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: Said, now: datetime) -> Hazard:
    """Take down that the party does without a hearing; then nothing is waited for."""
    step, case = await begin_case(tx, who, hazard_id, Verb.WAIVE_HEARING, now)
    hazard = step.hazard
    case.hearing_waived_on = await _said_on(tx, who, hazard, case, ask, now)
    hazard.answer_until = hazard.hearing_on = None
    hazard.hearing_right = False
    return await finish_case(tx, who, step, case, HearingWaived, now, reason=ask.words, evidence=ask.evidence)


async def call_hearing(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: CallHearing, now: datetime) -> Hazard:
    """Set day and place, far enough ahead, and who leads it; called anew, the earlier day does not count."""
    step, case = await begin_case(tx, who, hazard_id, Verb.CALL_HEARING, now)
    hazard, today = step.hazard, local_day(tx, now)
    rules = rules_of(tx)
    held_while_undecided(ask.at, rules.due("case.decision", now).at)
    told_days_ahead(local_day(tx, max(ask.at, now)), local_day(tx, rules.due("case.hearing.notice", now).at))
    presides_as_a_third(ask.presider, [UUID(each) for each in case.officers])
    if not await copies.officers_of(tx, [ask.presider], case.authority_id, today):
        raise BadInput(
            "not-an-officer-here",
            "Whoever leads the hearing does not act for this authority.",
            "听证主持人不是本部门人员。",
            officers=[str(ask.presider)],
        )
    case.hearing_at, case.hearing_place, case.hearing_presider = ask.at, ask.place, ask.presider
    hazard.hearing_on = local_day(tx, ask.at)
    # Here and in this order: a table of ends would be gone through after the new clock has been started.
    await deadlines.cancel(tx, hazard.about, [TO_HOLD], now)
    deadlines.start_until(tx, hazard.about, TO_HOLD, owed_by(hazard, TO_HOLD), hazard.hearing_on, now)
    fact = partial(HearingCalled, held_at=ask.at, venue=ask.place)
    return await finish_case(tx, who, step, case, fact, now, presider=ask.presider)


async def hold_hearing(tx: AsyncSession, who: Actor, hazard_id: UUID, ask: HoldHearing, now: datetime) -> Hazard:
    """Record the hearing; who did not come has waived it."""
    step, case = await begin_case(tx, who, hazard_id, Verb.HOLD_HEARING, now)
    await proven(tx, who, hazard_id, ask.evidence)
    case.hearing_held_at, case.hearing_attended = now, ask.attended
    case.hearing_record, case.hearing_files = ask.record, written(ask.evidence)
    step.hazard.hearing_on = None
    step.hazard.hearing_right = False
    fact = partial(HearingHeld, attended=ask.attended)
    return await finish_case(tx, who, step, case, fact, now, reason=ask.record, evidence=ask.evidence)


async def _said_on(tx: AsyncSession, who: Actor, hazard: Hazard, case: PenaltyCase, ask: Said, now: datetime) -> date:
    """Give the day on which the party said it: today, or the day of the paper that the authority shows."""
    await proven(tx, who, hazard.id, ask.evidence)
    today = local_day(tx, now)
    if who.party_id == hazard.enterprise_id:
        if ask.on not in {None, today}:
            raise BadInput("said-today", "What you say here is said today.", "在线提交的，日期应为今日。")
        return today
    nothing_lacks([] if ask.evidence else [Lack(Piece.PARTYS_PAPER)])
    assert case.rights_told_at is not None, "who answers was told its rights"
    on = ask.on or today
    came_on_paper(on, local_day(tx, case.rights_told_at), today)
    return on
