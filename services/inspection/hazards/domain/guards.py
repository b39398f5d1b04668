"""The conditions of the hazard's moves, each with the sentence that refuses; the table itself only names states."""

from collections.abc import Callable

from services.inspection.hazards.domain.case import Case
from shared.contracts.inspection import HazardState, Suspension
from shared.contracts.registry import Power
from shared.contracts.values import Grade
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Guard

MIN_OFFICERS = 2


def handles(case: Case) -> Problem | None:
    if case.party_id == case.handling_authority_id:
        return None
    return Forbidden("not-your-hazard", "Another authority verifies this hazard.", "该隐患由其他部门核查。")


def leads(case: Case) -> Problem | None:
    if case.lead_authority_id is not None and case.party_id == case.lead_authority_id:
        return None
    return Forbidden("not-your-hazard", "Another authority leads this hazard.", "该隐患由其他部门牵头。")


def by_letter_or(own: Callable[[Case], Problem | None], power: Power) -> Guard[Case]:
    """Let the authority's own people act under the guard `own`, and delegates under a letter that includes `power`."""

    def guard(case: Case) -> Problem | None:
        try:
            return own(case) if case.letter_for(power) is None else None
        except Forbidden as refused:
            return refused

    guard.__name__ = f"{own.__name__}_or_by_letter"
    return guard


def leads_or_handles(case: Case) -> Problem | None:
    """Who leads decides; as long as nobody was named, whoever verified it."""
    return handles(case) if case.lead_authority_id is None else leads(case)


def owns(case: Case) -> Problem | None:
    if case.enterprise_id is not None and case.party_id == case.enterprise_id:
        return None
    return Forbidden("not-your-hazard", "This hazard is another enterprise's.", "该隐患属于其他单位。")


def may_assign(case: Case) -> Problem | None:
    """The routed authority's desk takes it; the committee only where nobody is responsible (domain reference §2.2)."""
    if not case.committee:
        return leads(case)
    if case.lead_authority_id is None:
        return None
    return Forbidden(
        "not-in-arbitration",
        "An authority is responsible; the committee decides only where none is.",
        "已有负责部门，安委会仅在无明确部门时裁定。",
    )


def is_certified(case: Case) -> Problem | None:
    if case.certified:
        return None
    return Forbidden(
        "certificate-expired",
        "Your enforcement certificate is missing or has expired.",
        "您没有有效的行政执法证件。",
    )


def is_head(case: Case) -> Problem | None:
    if case.head:
        return None
    return Forbidden("head-only", "Only the head of the authority may decide this.", "须由部门负责人决定。")


def head_for_major(case: Case) -> Problem | None:
    return is_head(case) if case.grade == Grade.MAJOR else None


def two_officers(case: Case) -> Problem | None:
    """Two certified officers of one body, the acting one among them (Penalty Law art. 21, 42; F07)."""
    officers = {officer.id: officer for officer in case.officers or ()}
    if len(officers) < MIN_OFFICERS:
        return BadInput("two-officers", "At least two officers must act together.", "须由两名以上执法人员共同实施。")
    if case.who_id not in officers:
        return BadInput("you-are-not-among-them", "You must be one of the officers.", "您必须是执法人员之一。")
    if strangers := [str(o.id) for o in officers.values() if not o.member]:
        return BadInput(
            "not-an-officer-here",
            "A named officer does not act for this authority.",
            "所列人员不是本部门执法人员。",
            officers=strangers,
        )
    if expired := [str(o.id) for o in officers.values() if not o.certified]:
        return Forbidden(
            "certificate-expired",
            "A named officer has no valid enforcement certificate.",
            "所列人员没有有效的行政执法证件。",
            officers=expired,
        )
    return None


def requested_or_expired(case: Case) -> Problem | None:
    """A re-check is opened when it was asked for, or when the limit has passed."""
    if case.state == HazardState.RECHECK_REQUESTED or (case.limit is not None and case.limit < case.today):
        return None
    return Conflict("limit-not-passed", "The limit has not passed yet.", "整改期限尚未届满。", limit=case.limit)


def is_major(case: Case) -> Problem | None:
    if case.grade == Grade.MAJOR:
        return None
    return Conflict("major-only", "Work is stopped only for a major hazard.", "仅重大隐患可责令停产停业。")


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


def every_item_passed(case: Case) -> Problem | None:
    if case.open_items == 0:
        return None
    return Conflict("items-open", "Not every item has passed the re-check.", "仍有整改项目未通过复查。")
