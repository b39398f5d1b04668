"""What an authority holds, and for how long: without these rules seized goods would lie in its yard for ever.

Goods are seized for 30 days at most, once 30 more with the head's approval (Compulsion Law art. 25 [L]); on evidence
that was registered for preservation it is decided within seven working days (Penalty Law art. 56, 85 [L]).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.inspection.copies.domain import Officer, acting_together
from services.inspection.hazards.domain.verbs import AUTHORITY, DECIDERS, HEAD
from shared.contracts.inspection import (
    MeasureEnd,
    MeasureKind,
)
from shared.contracts.inspection import MeasureState as S
from shared.errors import Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class MeasureVerb(StrEnum):
    """What can be done with something that an authority holds."""

    TAKE = "take"
    EXTEND = "extend"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCase:
    """One measure before one person on one day; `kind` is None as long as nothing was taken."""

    who_id: UUID
    party_id: UUID | None
    authority_id: UUID
    """Who took it; before that, who leads the hazard, or verifies it where nobody leads yet."""
    certified: bool
    recused: bool
    in_hand: bool
    """The danger stands, it was verified, and the unit that answers for it is known."""
    today: date
    kind: MeasureKind | None = None
    until: date | None = None
    officers: tuple[Officer, ...] | None = None


def is_ones_own(case: MeasureCase) -> Problem | None:
    if case.party_id == case.authority_id:
        return None
    return Forbidden("not-your-hazard", "Another authority acts in this hazard.", "该隐患由其他部门办理。")


def is_certified(case: MeasureCase) -> Problem | None:
    if case.certified:
        return None
    return Forbidden(
        "certificate-expired",
        "Your enforcement certificate is missing or has expired.",
        "您没有有效的行政执法证件。",
    )


def has_not_stepped_aside(case: MeasureCase) -> Problem | None:
    if not case.recused:
        return None
    return Forbidden("you-are-recused", "You have stepped aside in this matter.", "您在本事项中已回避。")


def is_in_hand(case: MeasureCase) -> Problem | None:
    if case.in_hand:
        return None
    return Conflict(
        "nothing-to-hold",
        "Goods and evidence are held only while a verified hazard of a known unit is open.",
        "仅在已核实且责任单位明确、尚未整改完毕的隐患中，可以采取查封、扣押或者先行登记保存措施。",
    )


def two_officers(case: MeasureCase) -> Problem | None:
    """Two certified officers, the acting one among them (Penalty Law art. 42; F07)."""
    return acting_together(case.who_id, case.officers or ())


def is_a_seizure(case: MeasureCase) -> Problem | None:
    """Only a seizure is prolonged: on preserved evidence it is decided."""
    if case.kind is MeasureKind.SEIZURE:
        return None
    return Conflict("not-a-seizure", "Only a seizure can be prolonged.", "仅查封、扣押可以延长期限。")


def still_stands(case: MeasureCase) -> Problem | None:
    """What has run out is not prolonged afterwards."""
    if case.until is None or case.today <= case.until:
        return None
    return Conflict("limit-passed", "The limit has passed already.", "期限已届满。", until=case.until)


MEASURE: Machine[S, MeasureVerb, MeasureCase] = Machine(
    "measure",
    {
        MeasureVerb.TAKE: Move(
            sources=frozenset(),
            target=S.STANDING,
            roles=AUTHORITY,
            guards=(is_ones_own, is_certified, has_not_stepped_aside, is_in_hand),
            checks=(two_officers,),
            event="inspection.hazard.measure_taken",
            source="§4.3; Compulsion Law art. 25, Penalty Law art. 56 [L]",
        ),
        MeasureVerb.EXTEND: Move(
            sources=frozenset({S.STANDING}),
            target=S.EXTENDED,
            roles=HEAD,
            guards=(is_ones_own, has_not_stepped_aside, is_a_seizure, still_stands),
            clock="seizure.extension",
            event="inspection.hazard.measure_extended",
            source="§4.3; Compulsion Law art. 25: with approval [L]",
        ),
        MeasureVerb.END: Move(
            sources=frozenset({S.STANDING, S.EXTENDED}),
            target=S.ENDED,
            roles=DECIDERS,
            guards=(is_ones_own, has_not_stepped_aside),
            event="inspection.hazard.measure_ended",
            source="§4.3; Penalty Law art. 56 [L]; who decides is ours (D)",
        ),
    },
    final=frozenset({S.ENDED}),
)

CLOCKS: Mapping[MeasureKind, str] = {MeasureKind.SEIZURE: "seizure", MeasureKind.PRESERVATION: "evidence.preserve"}
ENDS: Mapping[MeasureVerb, tuple[str, ...]] = {
    MeasureVerb.EXTEND: ("seizure",),
    MeasureVerb.END: ("seizure", "seizure.extension", "evidence.preserve"),
}
"""Which clocks a move meets."""
TAKEN = f"measure_{MeasureVerb.TAKE}"
"""How history calls it; from it on the enterprise knows of the hazard."""


def askable(roles: Collection[str], case: MeasureCase) -> list[MeasureVerb]:
    """Give what draws the button that holds one more thing."""
    move = MEASURE.moves[MeasureVerb.TAKE]
    return [MeasureVerb.TAKE] if move.roles & set(roles) and all(guard(case) is None for guard in move.guards) else []


def ends_lawfully(outcome: MeasureEnd, kind: MeasureKind, until: date, today: date) -> None:
    """Refuse to keep what was held too long, and to seize what is seized."""
    if outcome is MeasureEnd.SEIZED and kind is MeasureKind.SEIZURE:
        raise Conflict("seized-already", "It is seized already.", "该物品已处于查封、扣押状态。")
    if today > until and outcome is not MeasureEnd.RETURNED:
        raise Conflict(
            "held-too-long",
            f"It could be held until {until}; after that it is given back.",
            f"期限已于 {until} 届满，应当予以退还。",
            until=until,
        )
