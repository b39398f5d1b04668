"""What must have happened before a penalty is decided (D13); without it a fine could fall from the sky.

Amounts are never computed here (domain reference §4.8); they are only held against what the party was told. Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.inspection import (
    Hearing,
    PenaltyKind,
)
from shared.errors import BadInput, Conflict

GRAVE = frozenset(
    {
        PenaltyKind.QUALIFICATION_LOWERED,
        PenaltyKind.LICENCE_REVOKED,
        PenaltyKind.STOP_WORK,
        PenaltyKind.CLOSURE,
        PenaltyKind.BAN,
    }
)
"""Kinds that carry the right to a hearing whatever the amount (Penalty Law art. 63)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """What is meant, or decided."""

    kinds: frozenset[PenaltyKind]
    amount_yuan: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussed:
    """Who discussed a case before it was decided; `strangers` do not act for the authority."""

    on: date
    members: frozenset[UUID]
    strangers: frozenset[UUID]


def amount_fits_kind(penalty: Penalty) -> None:
    """A fine has an amount, and an amount is a fine."""
    if (PenaltyKind.FINE in penalty.kinds) is (penalty.amount_yuan > 0):
        return
    raise BadInput(
        "amount-without-fine",
        "A fine has an amount, and where none is meant the amount is 0.",
        "处以罚款的应注明金额；不处罚款的，金额应为 0。",
    )


def carries_a_hearing(meant: Penalty, large_from_yuan: float, *, grave: bool) -> bool:
    """Tell whether the party may ask for a hearing: by kind, by the amount of the fine, or as the authority says."""
    return grave or not meant.kinds.isdisjoint(GRAVE) or meant.amount_yuan >= large_from_yuan


def reviews_as_a_third(reviewer: UUID, officers: Collection[UUID]) -> None:
    """Whoever investigates does not review the legality of what comes of it (Penalty Law art. 58)."""
    if reviewer in officers:
        raise _is_one_of_them()


def decides_as_another(decider: UUID, reviewer: UUID | None) -> None:
    """Whoever reviewed the legality does not decide as well."""
    if decider == reviewer:
        raise _is_one_of_them()


def _is_one_of_them() -> Conflict:
    return Conflict(
        "reviewer-is-officer",
        "Who investigates or decides does not review the decision's legality.",
        "案件承办人员和决定人员不得担任本案法制审核人员。",
    )


def presides_as_a_third(presider: UUID, officers: Collection[UUID]) -> None:
    """A hearing is led by somebody who does not investigate the case (Penalty Law art. 64)."""
    if presider in officers:
        raise Conflict(
            "presider-is-officer",
            "Who investigates the case does not lead its hearing.",
            "听证由非本案调查人员主持。",
        )


def not_graver_than_told(decided: Penalty, told: Penalty) -> None:
    """Refuse what the party was not told of: it could not answer it, and an answer makes nothing graver (art. 45)."""
    if decided.kinds <= told.kinds and decided.amount_yuan <= told.amount_yuan:
        return
    raise Conflict(
        "graver-than-told",
        "This is graver than what the party was told. Tell it anew, with its rights, before it is decided.",
        "拟作出的处罚重于已告知的内容，应重新告知当事人并保障其陈述、申辩等权利。",
        kinds=sorted(told.kinds),
        amount_yuan=told.amount_yuan,
    )


def was_discussed(needed: bool, discussed: Discussed | None, min_members: int, opened: date, today: date) -> None:
    """Refuse to decide alone what several must discuss (Penalty Law art. 57)."""
    if discussed is None:
        if needed:
            raise BadInput(
                "collective-discussion-missing",
                "What is complicated or grave is discussed by those in charge before it is decided.",
                "情节复杂或者重大违法行为的处罚，应由行政机关负责人集体讨论决定。",
            )
        return
    if discussed.strangers:
        raise BadInput(
            "not-an-officer-here",
            "Somebody who is named does not act for this authority.",
            "所列人员不是本部门人员。",
            officers=sorted(map(str, discussed.strangers)),
        )
    if len(discussed.members) < min_members:
        raise BadInput(
            "discussed-by-too-few",
            f"At least {min_members} people discuss it.",
            f"集体讨论的人员不得少于 {min_members} 人。",
        )
    if not opened <= discussed.on <= today:
        raise BadInput(
            "discussion-time",
            "It is discussed after the case was filed, and not in the future.",
            "集体讨论应在立案之后进行，且不得晚于今日。",
        )


def what_became_of_the_hearing(*, right: bool, attended: bool | None) -> Hearing:
    """Say it as the decision does: a party that did not come has waived its hearing."""
    if not right:
        return Hearing.NOT_REQUIRED
    return Hearing.HELD if attended else Hearing.WAIVED
