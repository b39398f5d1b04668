"""The conditions of the docket's moves, each with the sentence that refuses; the table itself only names states."""

from services.inspection.docket.domain.case import Case
from shared.contracts.inspection import RejectReason
from shared.errors import BadInput, Conflict, Forbidden, Problem


def is_ours(case: Case) -> Problem | None:
    if case.authority_id is not None and case.party_id == case.authority_id:
        return None
    return Forbidden("not-your-docket", "This entry belongs to another authority.", "该登记属于其他部门。")


def came_to_us(case: Case) -> Problem | None:
    if case.to_authority_id is not None and case.party_id == case.to_authority_id:
        return None
    return Forbidden("not-sent-to-you", "This entry was passed to another authority.", "该登记移送的是其他部门。")


def nobody_is_responsible(case: Case) -> Problem | None:
    if case.authority_id is None:
        return None
    return Forbidden(
        "not-in-arbitration",
        "An authority is responsible; the committee decides only where none is.",
        "已有负责部门，安委会仅在无明确部门时裁定。",
    )


def is_a_reason_to_reject(case: Case) -> Problem | None:
    """Out of scope is a reason to pass on, not to turn away (domain reference §3.3; WSL art. 69 [L])."""
    if case.reason != RejectReason.NOT_IN_SCOPE:
        return None
    return BadInput(
        "transfer-instead",
        "Outside your scope? Transfer it to the authority in charge instead of rejecting it.",
        "不属于本部门职责的，应当移送主管部门，不得不予受理。",
        do="transfer",
    )


def county_has_decided(case: Case) -> Problem | None:
    """What speaks of deaths is ended by no desk alone: a county government or above verifies it (WSL art. 73 [L])."""
    if not case.fatal or case.county_decided:
        return None
    return Conflict(
        "county-decides",
        "A matter of deaths: the county decides first, and the committee records what it decided.",
        "涉及人员死亡的事项，须由县级以上人民政府组织核查，并由安委会记录核查结论后方可处理。",
    )


def not_escalated_yet(case: Case) -> Problem | None:
    if not case.fatal:
        return None
    return Conflict("already-escalated", "This was escalated already.", "该事项已上报。")


def waits_for_the_county(case: Case) -> Problem | None:
    if case.fatal and not case.county_decided:
        return None
    if case.fatal:
        return Conflict("verdict-recorded", "The county's decision is on record already.", "县级核查结论已记录。")
    return Conflict(
        "not-escalated", "Nobody has said that this is about deaths.", "该事项未作为涉及人员死亡的事项上报。"
    )


def may_be_extended_again(case: Case) -> Problem | None:
    if case.extensions_left > 0:
        return None
    return Conflict(
        "no-extension-left",
        "Verifying was extended as often as the rules allow.",
        "核查期限的延长次数已达上限。",
    )


def has_a_result(case: Case) -> Problem | None:
    """Only what was decided or closed can be contested."""
    return still_open() if case.contest is None else None


def still_open() -> Conflict:
    return Conflict(
        "case-still-open",
        "This is still being handled. You can contest the result once there is one.",
        "该事项尚在办理，办结或答复后方可申请复核。",
    )


def not_reviewed_yet(case: Case) -> Problem | None:
    """A result is reviewed once; a later one may be contested again."""
    if case.contest is None or not case.contest.reviewed:
        return None
    return Conflict("already-reviewed", "This result was reviewed already.", "该结果已经复核。")


def contested_in_time(case: Case) -> Problem | None:
    """Petition Reg. art. 35 [L]."""
    if case.contest is None or case.contest.in_time:
        return None
    return Conflict(
        "contest-too-late",
        "The time to contest this result has passed.",
        "申请复核的期限已过。",
        until=case.contest.until,
    )


def review_is_over(case: Case) -> Problem | None:
    """Nothing is archived while its result may still be contested."""
    if case.contest is None or case.contest.reviewed or not case.contest.in_time:
        return None
    return Conflict(
        "review-still-possible",
        "The result may still be contested; archive this afterwards.",
        "仍在申请复核的期限内，期满后方可归档。",
        until=case.contest.until,
    )


def hazards_are_at_their_end(case: Case) -> Problem | None:
    """Nothing is archived while a danger that it told of goes on."""
    if not case.hazard_open:
        return None
    return Conflict(
        "hazard-still-open",
        "A hazard behind this is still open; archive this when it is closed.",
        "相关隐患尚未办结，办结后方可归档。",
    )
