"""The law of one party's part in a hazard (peers G01): without it several authorities would share one answer.

The lead answers for the hazard; each party that it asks answers for its own part, in its own state and time
(Work Safety Law art. 69 [L]). Delegates are asked through the authority in whose name they act (F09), and the committee
co-ordinates: neither is asked for a part.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.inspection.hazards.domain.verbs import AUTHORITY, COMMITTEE
from shared.contracts.inspection import HazardState
from shared.contracts.inspection import PartState as S
from shared.contracts.values import Role
from shared.errors import Conflict, Forbidden, Problem
from shared.machine import Machine, Move

ASSISTING = AUTHORITY | {Role.TOWNSHIP.value}
"""Who answers for a part: the people of the authority or of the township that was asked."""

IN_HAND = frozenset(
    {
        HazardState.ASSIGNED,
        HazardState.ORDERED,
        HazardState.RECTIFYING,
        HazardState.RECHECK_REQUESTED,
        HazardState.RECHECKING,
        HazardState.VERIFIED,
    }
)
"""States in which others can take part: from the lead's taking it until it is closed."""


class PartVerb(StrEnum):
    """What can be done with one party's part."""

    ASK = "ask"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    DECLINE = "decline"
    REASK = "reask"
    RELEASE = "release"
    INSIST = "insist"
    ARBITRATE = "arbitrate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCase:
    """One part before one person on one day; `asked_of` is None as long as nobody was asked."""

    party_id: UUID | None
    lead_authority_id: UUID | None
    in_hand: bool
    """The hazard is in the lead's hands, and the part is of the present cycle."""
    today: date
    asked_of: UUID | None = None
    on: date | None = None
    arbitrated: bool = False


def leads_the_hazard(case: PartCase) -> Problem | None:
    if case.lead_authority_id is not None and case.party_id == case.lead_authority_id:
        return None
    return Forbidden("not-your-hazard", "Another authority leads this hazard.", "该隐患由其他部门牵头。")


def was_asked(case: PartCase) -> Problem | None:
    if case.asked_of is not None and case.party_id == case.asked_of:
        return None
    return Forbidden("not-your-part", "This part was asked of another party.", "该协办事项由其他单位承担。")


def is_in_hand(case: PartCase) -> Problem | None:
    if case.in_hand:
        return None
    return Conflict(
        "not-in-hand",
        "Others take part only while a lead authority has the hazard in hand.",
        "仅在牵头部门办理隐患期间，其他单位方可协办。",
    )


def its_day_has_come(case: PartCase) -> Problem | None:
    """What an inspection finds is not known before its day."""
    if case.on is None or case.on <= case.today:
        return None
    return Conflict("day-not-come", "The joint inspection is still to come.", "联合检查日期未到。", on=case.on)


def committee_left_it_open(case: PartCase) -> Problem | None:
    """What the committee decided is not declined again."""
    if not case.arbitrated:
        return None
    return Conflict(
        "committee-decided",
        "The committee decided that this part is yours.",
        "安委会已裁定该协办事项由贵单位承担。",
    )


PART: Machine[S, PartVerb, PartCase] = Machine(
    "part",
    {
        PartVerb.ASK: Move(
            sources=frozenset(),
            target=S.ASKED,
            roles=AUTHORITY,
            guards=(leads_the_hazard, is_in_hand),
            clock="part.acknowledge",
            event="inspection.hazard.part_asked",
            source="WSL art. 69: joint inspection, information of each other [L]; the answer's clock begins too (D)",
        ),
        PartVerb.ACKNOWLEDGE: Move(
            sources=frozenset({S.ASKED}),
            target=S.ACKNOWLEDGED,
            roles=ASSISTING,
            guards=(was_asked, is_in_hand),
            event="inspection.hazard.part_acknowledged",
            source="WSL art. 69 [L]; what is not acknowledged is not handed over (D)",
        ),
        PartVerb.ANSWER: Move(
            sources=frozenset({S.ACKNOWLEDGED}),
            target=S.ANSWERED,
            roles=ASSISTING,
            guards=(was_asked, is_in_hand, its_day_has_come),
            event="inspection.hazard.part_answered",
            source="WSL art. 69: whoever receives it handles it in time [L]",
        ),
        PartVerb.DECLINE: Move(
            sources=frozenset({S.ASKED, S.ACKNOWLEDGED}),
            target=S.DECLINED,
            roles=ASSISTING,
            guards=(was_asked, is_in_hand, committee_left_it_open),
            clock="part.settle",
            event="inspection.hazard.part_declined",
            source="as T05: a coded reason and another owner (D)",
        ),
        PartVerb.REASK: Move(
            sources=frozenset({S.DECLINED}),
            target=S.RELEASED,
            roles=AUTHORITY,
            guards=(leads_the_hazard, is_in_hand),
            event="inspection.hazard.part_released",
            source="the lead asks another party instead (D)",
        ),
        PartVerb.RELEASE: Move(
            sources=frozenset({S.ASKED, S.ACKNOWLEDGED, S.DECLINED}),
            target=S.RELEASED,
            roles=AUTHORITY,
            guards=(leads_the_hazard, is_in_hand),
            event="inspection.hazard.part_released",
            source="the lead does without (D)",
        ),
        PartVerb.INSIST: Move(
            sources=frozenset({S.DECLINED}),
            target=S.INSISTED,
            roles=AUTHORITY,
            guards=(leads_the_hazard, is_in_hand),
            clock="competence.arbitrate",
            event="inspection.hazard.part_insisted",
            source="WSL art. 10: the county decides whose it is [L]; its days are ours (D)",
        ),
        PartVerb.ARBITRATE: Move(
            sources=frozenset({S.INSISTED}),
            target=S.ASKED,
            otherwise=S.RELEASED,
            roles=COMMITTEE,
            guards=(is_in_hand,),
            clock="part.acknowledge",
            event="inspection.hazard.part_arbitrated",
            source="WSL art. 10 [L]; otherwise: another party answers, or nobody (D)",
        ),
    },
    final=frozenset({S.ANSWERED, S.RELEASED}),
)

LIVE = frozenset(S) - PART.final
"""States in which somebody still has to do something; a required part in one of them keeps the hazard open."""

ENDS: Mapping[PartVerb, tuple[str, ...]] = {
    PartVerb.ACKNOWLEDGE: ("part.acknowledge",),
    PartVerb.ANSWER: ("part.answer",),
    PartVerb.DECLINE: ("part.acknowledge",),
    PartVerb.REASK: ("part.settle",),
    PartVerb.RELEASE: ("part.settle",),
    PartVerb.INSIST: ("part.settle",),
    PartVerb.ARBITRATE: ("competence.arbitrate",),
}
"""Which clocks a move meets; all others of the part are cancelled when its party need not answer any more."""

HISTORY = frozenset(f"part_{verb}" for verb in PartVerb)
"""How history calls these moves. They are the authorities' own; the enterprise is told none of them."""


def askable(roles: Collection[str], case: PartCase) -> list[PartVerb]:
    """Give what draws the button that asks for one more part."""
    move = PART.moves[PartVerb.ASK]
    return [PartVerb.ASK] if move.roles & set(roles) and all(guard(case) is None for guard in move.guards) else []
