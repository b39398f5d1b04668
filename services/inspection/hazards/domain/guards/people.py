"""Who may act: the authority that handles or leads it, its certified officers, the enterprise that owns it."""

from collections.abc import Callable

from services.inspection.copies.domain import acting_together
from services.inspection.hazards.domain.case import Case
from shared.contracts.registry import Power
from shared.contracts.values import Grade
from shared.errors import Conflict, Forbidden, Problem
from shared.machine import Guard


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
    return acting_together(case.who_id, case.officers or ())


def authority_governs(case: Case) -> Problem | None:
    """What the enterprise found and removes itself is its own until an authority takes it over (§4.6)."""
    if not case.self_governed:
        return None
    return Conflict(
        "self-governed",
        "The enterprise found this itself and is removing it. Take it over first.",
        "该隐患由企业自查自改，请先转为监管部门督办。",
    )


def enterprise_governs(case: Case) -> Problem | None:
    """Hazards that an authority handles or ordered are never the enterprise's to close (§4.6)."""
    if case.self_governed:
        return None
    return Forbidden(
        "authority-governs",
        "An authority handles this hazard; it decides how it goes on.",
        "该隐患由监管部门督办，不能由企业自行处理。",
    )


def closes_for_the_enterprise(case: Case) -> Problem | None:
    """The principal signs, or a second person: who proved the fix does not alone strike it off (D)."""
    if case.principal or case.who_id not in case.rechecked_by:
        return None
    return Conflict(
        "closer-is-rechecker",
        "You verified the fix; the principal or another person closes it.",
        "整改由您验收，须由主要负责人或其他人员销号。",
    )


def has_not_stepped_aside(case: Case) -> Problem | None:
    """Nobody acts in a matter in which they are on recusal (Penalty Law art. 43)."""
    if not case.recused:
        return None
    return Forbidden("you-are-recused", "You have stepped aside in this matter.", "您在本事项中已回避。")
