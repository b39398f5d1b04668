"""How a proposal of the ladder ends: only a decision of the committee makes a measure of it. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from shared.contracts.inspection import Measure
from shared.contracts.inspection import ProposalState as S
from shared.contracts.values import Role
from shared.errors import BadInput
from shared.machine import Machine, Move

DECIDE_BY = "ladder.decide"


class Verb(StrEnum):
    """What can be done with a proposal."""

    MAKE = "make"
    DECIDE = "decide"


PROPOSAL: Machine[S, Verb, None] = Machine(
    "proposal",
    {
        Verb.MAKE: Move(
            sources=frozenset(),
            target=S.OPEN,
            roles=frozenset(),
            clock=DECIDE_BY,
            event="inspection.proposal.made",
            source="§10.3 L5: an interview without result; the platform proposes, nobody else (D)",
        ),
        Verb.DECIDE: Move(
            sources=frozenset({S.OPEN}),
            target=S.DECIDED,
            otherwise=S.DISMISSED,
            roles=frozenset({Role.COMMITTEE.value}),
            event="inspection.proposal.decided",
            source="§10.3 L5; WSL art. 41 wants somebody to decide (D)",
        ),
    },
    final=frozenset({S.DECIDED, S.DISMISSED}),
)

NEEDS_A_HAZARD: Mapping[Measure, bool] = {Measure.CIRCULAR: False, Measure.LISTING: True, Measure.TRANSFER: False}


def measure_is_possible(measure: Measure | None, hazards: int) -> None:
    """Refuse to list where there is no hazard that could be."""
    if measure is not None and NEEDS_A_HAZARD[measure] and not hazards:
        raise BadInput(
            "nothing-to-list",
            "This proposal is about no hazard, so that nothing can be listed.",
            "该建议不涉及隐患，无法挂牌督办。",
        )
