"""Who may do what in a campaign, as three tables: the campaign, one drawn hazard, one measure of a policy.

The committee organises and never inspects (F01): the looks themselves are the lead authority's own verb `look_back` of
the hazard, and what is found there comes in as its fact. Whoever supplies photos decides nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.campaigns import (
    CampaignKind,
    LookState,
    PolicyMeasureState,
)
from shared.contracts.inspection.campaigns import (
    CampaignState as S,
)
from shared.contracts.values import Role
from shared.errors import Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with a campaign."""

    OPEN = "open"
    DRAW = "draw"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class LookVerb(StrEnum):
    """What can be done with a drawn hazard here; that it was looked at comes from the hazard."""

    REPORT_UNDONE = "report_undone"


class MeasureVerb(StrEnum):
    """What can be done with a measure of a policy."""

    REPORT = "report"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One campaign before one person on one day."""

    party_id: UUID | None
    in_our_area: bool
    kind: CampaignKind
    open_items: int
    """Drawn hazards and measures for which nothing has come in."""
    time_is_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCase:
    """One drawn hazard, or one measure, before one person."""

    party_id: UUID | None
    owed_by: UUID
    under_way: bool


def has_an_organisation(case: Case) -> Problem | None:
    if case.party_id is not None:
        return None
    return Forbidden(
        "no-organisation",
        "A campaign is opened in the name of an organisation, and your account belongs to none.",
        "回头看以单位名义组织，您的账号未关联单位。",
    )


def lies_in_our_area(case: Case) -> Problem | None:
    if case.in_our_area:
        return None
    return Forbidden("not-your-area", "That area is not yours.", "该区域不在您的辖区内。")


def looks_at_hazards(case: Case) -> Problem | None:
    if case.kind is not CampaignKind.POLICY:
        return None
    return Conflict(
        "nothing-to-draw",
        "A policy look-back names its measures; nothing is drawn.",
        "政策落实回头看逐项列明措施，无需抽取。",
    )


def nothing_is_waited_for(case: Case) -> Problem | None:
    if case.open_items == 0 or case.time_is_up:
        return None
    return Conflict(
        "looks-still-due",
        f"{case.open_items} results are still due, and the time for them is not over.",
        f"尚有 {case.open_items} 项结果未反馈，且期限未到。",
        waiting=case.open_items,
    )


def is_ours_to_answer(case: ItemCase) -> Problem | None:
    if case.party_id is not None and case.party_id == case.owed_by:
        return None
    return Forbidden("not-your-item", "This was asked of another body.", "该事项由其他单位负责。")


def is_under_way(case: ItemCase) -> Problem | None:
    if case.under_way:
        return None
    return Conflict("campaign-over", "The campaign is not under way.", "该回头看未在进行中。")


_COMMITTEE = frozenset({Role.COMMITTEE.value})
_OFFICES = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value, Role.TOWNSHIP.value})

CAMPAIGN: Machine[S, Verb, Case] = Machine(
    "campaign",
    {
        Verb.OPEN: Move(
            sources=frozenset(),
            target=S.OPENED,
            otherwise=S.UNDER_WAY,
            roles=_COMMITTEE,
            guards=(has_an_organisation,),
            checks=(lies_in_our_area,),
            event="inspection.campaign.opened",
            source="T16, D06: the committee office organises, the authority executes (D); otherwise: a policy",
        ),
        Verb.DRAW: Move(
            sources=frozenset({S.OPENED}),
            target=S.UNDER_WAY,
            roles=_COMMITTEE,
            guards=(lies_in_our_area, looks_at_hazards),
            clock="campaign.look",
            event="inspection.campaign.drawn",
            source="§7.2: a draw that anybody can repeat; T16: general at least one in ten, major all (D)",
        ),
        Verb.CLOSE: Move(
            sources=frozenset({S.UNDER_WAY}),
            target=S.CLOSED,
            roles=_COMMITTEE,
            guards=(lies_in_our_area, nothing_is_waited_for),
            event="inspection.campaign.closed",
            source="D06 (D)",
        ),
        Verb.WITHDRAW: Move(
            sources=frozenset({S.OPENED, S.UNDER_WAY}),
            target=S.WITHDRAWN,
            roles=_COMMITTEE,
            guards=(lies_in_our_area,),
            event="inspection.campaign.withdrawn",
            source="D06 (D)",
        ),
    },
    final=frozenset({S.CLOSED, S.WITHDRAWN}),
)

LOOK: Machine[LookState, LookVerb, ItemCase] = Machine(
    "campaign_item",
    {
        LookVerb.REPORT_UNDONE: Move(
            sources=frozenset({LookState.WAITING}),
            target=LookState.UNDONE,
            roles=frozenset({Role.AUTHORITY.value}),
            guards=(is_ours_to_answer, is_under_way),
            event="inspection.campaign.looked",
            source="T16: the authority executes, and says why it cannot (D)",
        ),
    },
    final=frozenset({LookState.PASSED, LookState.FAILED, LookState.MISSED}),
)

MEASURE: Machine[PolicyMeasureState, MeasureVerb, ItemCase] = Machine(
    "policy_measure",
    {
        MeasureVerb.REPORT: Move(
            sources=frozenset({PolicyMeasureState.ASKED}),
            target=PolicyMeasureState.REPORTED,
            roles=_OFFICES,
            guards=(is_ours_to_answer, is_under_way),
            event="inspection.campaign.measure_reported",
            source="D06: did the department execute the policy? (D)",
        ),
        MeasureVerb.JUDGE: Move(
            sources=frozenset({PolicyMeasureState.REPORTED}),
            target=PolicyMeasureState.JUDGED,
            otherwise=PolicyMeasureState.ASKED,
            roles=_COMMITTEE,
            guards=(is_under_way,),
            clock="campaign.measure",
            event="inspection.campaign.measure_judged",
            source="D06; otherwise: what was said does not suffice, and the clock starts anew (D)",
        ),
    },
    final=frozenset({PolicyMeasureState.JUDGED, PolicyMeasureState.MISSED}),
)
