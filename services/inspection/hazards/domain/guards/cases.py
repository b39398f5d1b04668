"""When a penalty case may go on: whose word is asked for, whether its time has passed, whether it is contested."""

from services.inspection.hazards.domain.case import Case
from services.inspection.hazards.domain.guards.people import leads, owns
from shared.errors import Conflict, Problem


def is_the_party_or_leads(case: Case) -> Problem | None:
    """The enterprise speaks for itself; what it says on paper, the lead authority takes down."""
    return None if owns(case) is None else leads(case)


def has_a_hearing_right(case: Case) -> Problem | None:
    """Only some penalties carry the right (Penalty Law art. 63); what was waived is waived."""
    if case.hearing_right:
        return None
    return Conflict(
        "no-hearing-right",
        "This case carries no right to a hearing, or it was waived.",
        "本案不属于听证范围，或者当事人已放弃听证。",
    )


def still_may_ask(case: Case) -> Problem | None:
    """The party itself asks in its days; a paper of one of those days may be taken down later."""
    if case.answer_until is None or case.today <= case.answer_until or owns(case) is not None:
        return None
    return answer_too_late(case)


def answer_too_late(case: Case) -> Problem:
    return Conflict(
        "answer-too-late",
        f"A hearing could be asked for until {case.answer_until}.",
        f"申请听证的期限已于 {case.answer_until} 届满。",
        until=case.answer_until,
    )


def has_answered_or_had_its_time(case: Case) -> Problem | None:
    """Nobody decides before the party has spoken or its days have passed (Penalty Law art. 62)."""
    if case.answer_until is None or case.today > case.answer_until:
        return None
    return Conflict(
        "answer-time-runs",
        f"The party may still answer, until {case.answer_until}.",
        f"当事人陈述、申辩或者申请听证的期限至 {case.answer_until}，尚未届满。",
        until=case.answer_until,
    )


def hearing_day_has_come(case: Case) -> Problem | None:
    if case.hearing_on is not None and case.hearing_on <= case.today:
        return None
    return Conflict(
        "hearing-to-come",
        "The hearing was not called, or its day is still to come.",
        "听证尚未通知，或者听证日期未到。",
        on=case.hearing_on,
    )


def has_time_to_pay(case: Case) -> Problem | None:
    """Only a fine is paid later."""
    if case.pay_until is not None:
        return None
    return Conflict("no-fine", "There is no fine that could be paid later.", "没有可以暂缓或者分期缴纳的罚款。")


def time_to_pay_is_over(case: Case) -> Problem | None:
    """Nobody is called upon to do what is not due yet."""
    if case.pay_until is None or case.today > case.pay_until:
        return None
    return Conflict(
        "pay-time-runs",
        f"The fine may be paid until {case.pay_until}.",
        f"缴纳罚款的期限至 {case.pay_until}，尚未届满。",
        until=case.pay_until,
    )


def is_contested(case: Case) -> Problem | None:
    if case.contested:
        return None
    return Conflict("not-contested", "The decision is not contested.", "该处罚决定未被提起复议或者诉讼。")


def is_not_contested(case: Case) -> Problem | None:
    """Nobody enforces what is not final (Compulsion Law art. 53)."""
    if not case.contested:
        return None
    return Conflict("contested", "The decision is contested.", "该处罚决定正在复议、诉讼或者异议处理之中。")
