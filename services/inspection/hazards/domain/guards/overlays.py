"""When more time may be asked for, an order stayed, or a hazard listed or struck off the list of listed ones."""

from services.inspection.hazards.domain.case import Case
from shared.contracts.inspection import HazardState, Stay
from shared.errors import Conflict, Problem

_IN_HAND = frozenset({HazardState.ORDERED, HazardState.RECTIFYING})
_ANSWERED_FOR = _IN_HAND | {HazardState.ASSIGNED, HazardState.RECHECK_REQUESTED, HazardState.RECHECKING}


def is_in_hand(case: Case) -> Problem | None:
    """More time is asked for while the enterprise still works under the order."""
    if case.state in _IN_HAND:
        return None
    return Conflict(
        "not-in-hand",
        "More time can be asked for only while an order is being carried out.",
        "仅在整改期间可以申请延期。",
        state=case.state,
    )


def limit_not_passed(case: Case) -> Problem | None:
    if case.limit is not None and case.limit >= case.today:
        return None
    return Conflict("limit-passed", "The limit has passed already.", "整改期限已届满。", limit=case.limit)


def no_imminent_danger(case: Case) -> Problem | None:
    """Imminent danger is never prolonged (domain reference §4.2 T09 (D))."""
    if not case.imminent_danger:
        return None
    return Conflict("imminent-danger", "Imminent danger gets no extension.", "存在紧迫危险的，不得延期。")


def may_be_extended_again(case: Case) -> Problem | None:
    if case.extensions_left > 0:
        return None
    return Conflict(
        "no-extension-left",
        "The limit was extended as often as the rules allow.",
        "延期次数已达上限。",
        granted=case.extensions,
    )


def answered_for(case: Case) -> Problem | None:
    """Somebody answers for it and the danger is not yet gone."""
    if case.state in _ANSWERED_FOR:
        return None
    return Conflict(
        "not-answered-for",
        "This needs an open hazard with a lead authority.",
        "仅适用于已明确牵头部门且尚未整改完毕的隐患。",
        state=case.state,
    )


def is_over(case: Case) -> Problem | None:
    """A listed hazard is delisted when it is closed and accepted, or void (domain reference §4.2 T19)."""
    if case.state in {HazardState.CLOSED, HazardState.VOID}:
        return None
    return Conflict("not-closed", "The hazard is not closed yet.", "隐患尚未销号。", state=case.state)


def order_is_in_force(case: Case) -> Problem | None:
    """While an order is stayed its limit does not run: it is not extended, and nobody has missed it."""
    if case.stay != Stay.STAYED:
        return None
    return Conflict(
        "order-stayed",
        "The order is stayed and its days do not run. Wait until the stay is lifted.",
        "该指令已中止执行，整改期限停止计算，请待恢复执行后办理。",
    )


def is_being_obeyed(case: Case) -> Problem | None:
    """What is stayed is an order that waits for the enterprise."""
    if case.state in _IN_HAND:
        return None
    return Conflict(
        "nothing-to-stay",
        "Only an order that is still being carried out can be stayed.",
        "仅可中止执行尚在整改期间的指令。",
        state=case.state,
    )


def danger_can_wait(case: Case) -> Problem | None:
    """Imminent danger does not wait for a court: whoever orders a stay of that stops the work instead (D)."""
    if not case.imminent_danger:
        return None
    return Conflict(
        "imminent-danger",
        "Where danger is imminent, no order is stayed.",
        "存在紧迫危险的，指令不得中止执行。",
    )
