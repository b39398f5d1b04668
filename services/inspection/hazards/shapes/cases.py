"""What is asked, said and decided in a penalty case; closed shapes, so that no right is lost by a misspelt word."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.inspection.hazards.shapes.orders import Delivery
from services.inspection.hazards.shapes.words import Bases, Evidence, Officers, Proof
from shared.contracts.base import Ask
from shared.contracts.inspection import (
    ContestKind,
    ContestOutcome,
    DropCause,
    PenaltyKind,
)
from shared.contracts.values import Day, Line, Prose

Kinds = Annotated[tuple[PenaltyKind, ...], Field(min_length=1, max_length=10)]
Yuan = Annotated[int, Field(ge=0, le=10**12)]
SomeYuan = Annotated[int, Field(ge=1, le=10**12)]


class Violation(Ask):
    """When it ended, and what it touched: from these its limitation period is counted (Penalty Law art. 36).

    Without a day it goes on, and no period runs. Profiles know the rules of the days from 2000 on.
    """

    ended_on: Annotated[Day, Field(ge=date(2000, 1, 1))] | None = None
    life_or_health: bool = False
    """Life or health was concerned, and harm was done."""


class OpenCase(Ask):
    """T20. Nobody has to say of a hazard that still stands that the violation goes on."""

    ground: Prose
    basis: Line
    basis_ids: Bases = ()
    officers: Officers
    violation: Violation = Violation()


class TellRights(Ask):
    """What is meant to be decided, and how the notice reached the party (Penalty Law art. 44).

    Words and amount are the authority's own; 0 yuan where no fine is meant. `grave` says that the party may ask for a
    hearing although neither kind nor amount says so; `complicated`, that several discuss it before it is decided.
    """

    facts: Prose
    reasons: Prose
    basis: Line
    basis_ids: Bases = ()
    penalty: Prose
    kinds: Kinds
    amount_yuan: Yuan
    grave: bool = False
    complicated: bool = False
    service: Delivery


class Said(Ask):
    """Words of the party. An authority that has them on paper says when they came (`on`) and shows the paper."""

    words: Prose
    on: Day | None = None
    evidence: Evidence = ()


class CallHearing(Ask):
    """`presider` is of the authority and does not investigate the case (Penalty Law art. 64)."""

    at: AwareDatetime
    place: Line
    presider: UUID


class HoldHearing(Ask):
    """`evidence` is the record, signed. A party that did not come has waived its hearing."""

    attended: bool
    record: Prose
    evidence: Proof


class ReviewCase(Ask):
    """The opinion of whoever reviews legality, given by that person."""

    agrees: bool
    opinion: Prose


class Discussion(Ask):
    """Who discussed it, and what they held (Penalty Law art. 57)."""

    on: Day
    members: Officers
    opinion: Prose


class DecideCase(Ask):
    """Words and amount are the authority's own; 0 yuan where the penalty is none of money."""

    penalty: Prose
    kinds: Kinds
    amount_yuan: Yuan
    basis: Line
    basis_ids: Bases = ()
    discussion: Discussion | None = None


class DropCase(Ask):
    reason: Prose
    cause: DropCause = DropCause.OTHER


class RecordPayment(Ask):
    amount_yuan: SomeYuan
    on: Day
    evidence: Proof


class Instalment(Ask):
    until: Day
    amount_yuan: SomeYuan


class GrantTerms(Ask):
    """Time to pay, on the party's written request, which `evidence` shows; one instalment is a deferral."""

    instalments: Annotated[tuple[Instalment, ...], Field(min_length=1, max_length=24)]
    reason: Prose
    evidence: Proof


class ServeDemand(Ask):
    """The demand notice 催告书: what is to be done, and how the notice reached the party."""

    demand: Prose
    service: Delivery


class ContestCase(Ask):
    """`why_suspended`: who suspended the decision and why; without it the time to pay runs on (Penalty Law art. 73)."""

    kind: ContestKind
    body: Line
    number: Line | None = None
    filed_on: Day
    why_suspended: Prose | None = None


class EndContest(Ask):
    """`final_on` is the day from which nobody can contest any more; `amount_yuan` only where the fine was changed."""

    outcome: ContestOutcome
    document: Line
    reason: Prose
    decided_on: Day
    final_on: Day
    amount_yuan: Yuan | None = None
    evidence: Proof


class ApplyToCourt(Ask):
    """The decision is not obeyed: after the demand notice 催告 had its days, and the period for appeals."""

    court: Line
    reason: Prose


class ExecuteCase(Ask):
    how: Prose
    evidence: Evidence = ()
