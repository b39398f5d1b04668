"""When a move may be made: what must be true of the hazard itself before it goes on."""

from services.inspection.hazards.domain.case import Case
from services.inspection.hazards.domain.guards.overlays import order_is_in_force
from shared.contracts.inspection import (
    HazardState,
    PowerCut,
    Suspension,
)
from shared.contracts.values import Grade
from shared.errors import Conflict, Problem


def requested_or_expired(case: Case) -> Problem | None:
    """A re-check is opened when it was asked for, or when the limit has passed; while it is stayed it does not."""
    if case.state == HazardState.RECHECK_REQUESTED:
        return None
    if (stayed := order_is_in_force(case)) is not None:
        return stayed
    if case.limit is not None and case.limit < case.today:
        return None
    return Conflict("limit-not-passed", "The limit has not passed yet.", "整改期限尚未届满。", limit=case.limit)


def is_major(case: Case) -> Problem | None:
    if case.grade == Grade.MAJOR:
        return None
    return Conflict("major-only", "Work is stopped only for a major hazard.", "仅重大隐患可责令停产停业。")


def is_graded_major(case: Case) -> Problem | None:
    if case.grade == Grade.MAJOR:
        return None
    return Conflict("not-major", "This is only for a major hazard.", "仅适用于重大事故隐患。")


def is_assigned_and_open(case: Case) -> Problem | None:
    """A stop needs an authority that answers for it and a danger that is not yet gone."""
    if case.state in {
        HazardState.ASSIGNED,
        HazardState.ORDERED,
        HazardState.RECTIFYING,
        HazardState.RECHECK_REQUESTED,
        HazardState.RECHECKING,
    }:
        return None
    return Conflict(
        "illegal-transition",
        f"A stop is not possible while the state is “{case.state}”.",
        f"状态为“{case.state}”时不能责令停产停业。",
        state=case.state,
    )


def closer_is_another(case: Case) -> Problem | None:
    """Who re-checked may not close (domain reference §4.2 T14)."""
    if case.who_id not in case.rechecked_by:
        return None
    return Conflict("closer-is-rechecker", "You re-checked this; another person closes it.", "复查人员不得销号。")


def nothing_stands_still(case: Case) -> Problem | None:
    """Closing and lifting the stop are two decisions (F08)."""
    if case.suspension in {Suspension.NONE, Suspension.RESUMED}:
        return None
    return Conflict(
        "still-suspended", "The stop has not been lifted.", "停产停业尚未解除。", suspension=case.suspension
    )


def stands_still(case: Case) -> Problem | None:
    """Power is cut to make a stop obeyed (Work Safety Law art. 70)."""
    if case.suspension not in {Suspension.NONE, Suspension.RESUMED}:
        return None
    return Conflict("not-suspended", "No stop of work is in force.", "未在停产停业期间。", suspension=case.suspension)


def power_is_on(case: Case) -> Problem | None:
    """What was cut to remove a danger is given back when it is removed (Work Safety Law art. 70)."""
    if case.power != PowerCut.ANNOUNCED:
        return None
    return Conflict("power-still-cut", "The cut of power has not been lifted.", "停止供电措施尚未解除。")


def is_drawn_for_the_site(case: Case) -> Problem | None:
    if case.site_check_due:
        return None
    return Conflict("no-site-check-due", "No check on site is due.", "无待办的现场抽查。")


def sampled_site_check_done(case: Case) -> Problem | None:
    """A remote re-check that was drawn is closed only after a look on site (domain reference §4.4)."""
    if not case.site_check_due:
        return None
    return Conflict(
        "site-check-due",
        "The remote re-check was drawn for a check on site, which has not been made.",
        "该远程复查被抽中现场核查，尚未完成。",
    )


def every_item_passed(case: Case) -> Problem | None:
    if case.open_items == 0:
        return None
    return Conflict("items-open", "Not every item has passed the re-check.", "仍有整改项目未通过复查。")


def every_part_answered(case: Case) -> Problem | None:
    """Every authority that was asked to do its part has answered (WSL art. 69; peers G01)."""
    if case.open_parts == 0:
        return None
    return Conflict(
        "parts-open",
        "An authority that was asked to assist has not answered yet.",
        "仍有协办部门尚未反馈。",
        open_parts=case.open_parts,
    )


def county_has_decided(case: Case) -> Problem | None:
    """What speaks of deaths is ended by no authority alone (WSL art. 73)."""
    if not case.county_decides:
        return None
    return Conflict(
        "county-decides",
        "A matter of deaths: the county decides first, and the committee records what it decided.",
        "涉及人员死亡的事项，须由县级以上人民政府组织核查，并由安委会记录核查结论后方可处理。",
    )


def not_delivered(case: Case) -> Problem | None:
    if not case.delivered:
        return None
    return Conflict("already-delivered", "The newest order was delivered already.", "最新的指令书已送达。")


def delivered_or_begun(case: Case) -> Problem | None:
    """A limit binds whom the order reached: it was delivered, or the enterprise took it in hand, as who asks has."""
    if case.delivered or case.state == HazardState.RECHECK_REQUESTED:
        return None
    return Conflict(
        "order-not-delivered",
        "The order has not been delivered; a limit that nobody was told of does not pass.",
        "指令书尚未送达，期限不能视为届满。",
    )
