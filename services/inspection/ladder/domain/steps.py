"""Which instrument answers which missed clock (domain reference §10.3); without it escalation would be a habit. Pure.

L0 is the engine's own reminder before the limit. L1 to L3 are letters, L4 is an interview that its sender calls, L5 a
proposal: a circular, listed supervision and a transfer want a decision of the committee.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.inspection.deadlines.rungs import Rung
from shared.contracts.inspection import (
    Instrument,
    LetterKind,
)
from shared.contracts.values import Grade, PartyKind

LEVELS: Mapping[Instrument, int] = {
    Instrument.REMINDER: 1,
    Instrument.WARNING: 2,
    Instrument.SUPERVISION: 3,
    Instrument.INTERVIEW: 4,
    Instrument.PROPOSAL: 5,
}
LETTERS: Mapping[Instrument, LetterKind] = {
    Instrument.REMINDER: LetterKind.REMINDER,
    Instrument.WARNING: LetterKind.WARNING,
    Instrument.SUPERVISION: LetterKind.SUPERVISION,
    Instrument.INTERVIEW: LetterKind.INTERVIEW,
}
"""What is written at each step; a proposal is no letter."""

AFTER: Mapping[LetterKind, Instrument] = {
    LetterKind.NOTICE: Instrument.REMINDER,
    LetterKind.REMINDER: Instrument.WARNING,
    LetterKind.WARNING: Instrument.SUPERVISION,
    LetterKind.SUPERVISION: Instrument.INTERVIEW,
    LetterKind.LISTING_NOTICE: Instrument.INTERVIEW,
    LetterKind.INTERVIEW: Instrument.PROPOSAL,
    LetterKind.CIRCULAR: Instrument.PROPOSAL,
}
"""What follows when a letter stays without the answer that it asked for."""

_BY_RUNG: Mapping[Rung, Instrument] = {
    Rung.REMINDER: Instrument.REMINDER,
    Rung.WARNING: Instrument.WARNING,
    Rung.SUPERVISION: Instrument.SUPERVISION,
}
WRITTEN_TO = frozenset({PartyKind.AUTHORITY, PartyKind.TOWNSHIP, PartyKind.ENTERPRISE})


class Whom(StrEnum):
    """A party of the matter: who is written to, or who writes."""

    PARTY = "party"
    """Who missed the clock."""
    OVERSEER = "overseer"
    """The authority that answers for the enterprise."""
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What is known of a clock that passed a rung."""

    key: str
    rung: Rung
    party: PartyKind | None
    """What kind of party owes it; None is the committee itself."""
    grade: Grade = Grade.GENERAL
    listed: bool = False
    """It measures a hazard under listed supervision, by a clock whose miss alone calls for an interview."""
    overseen: bool = False
    """Some authority answers for the enterprise that owes it."""
    letter: LetterKind | None = None
    """The letter to which the reply is missed; None: the clock is of the matter itself."""
    by_hand: bool = False
    """Somebody wrote that letter; it goes on between the same two."""
    reached: frozenset[Instrument] = frozenset()
    """What was climbed for the same thing already."""
    supervisions: int = 0
    """Supervision letters to this party in this quarter."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instrument, who uses it, towards whom, and the line of the profile that says so."""

    instrument: Instrument
    by: Whom
    to: Whom
    rule: str

    @property
    def level(self) -> int:
        return LEVELS[self.instrument]


def steps(missed: Missed, most_supervisions: float) -> tuple[Step, ...]:
    """List what is to be climbed now: nothing, one step, or a supervision letter that makes too many of them."""
    if missed.party not in WRITTEN_TO:
        return ()
    due = _due(missed)
    if due is None or LEVELS[due] <= max((LEVELS[each] for each in missed.reached), default=0):
        return ()
    first = _step(missed, due, _rule(missed))
    if (
        due is not Instrument.SUPERVISION
        or first.by is not Whom.COMMITTEE
        or missed.supervisions + 1 < most_supervisions
    ):
        return (first,)
    return (first, Step(Instrument.INTERVIEW, Whom.COMMITTEE, first.to, "ladder.interview.supervisions"))


def _due(missed: Missed) -> Instrument | None:
    """Give the instrument that the rung calls for, whatever was climbed before."""
    if missed.letter is not None:
        return AFTER[missed.letter] if missed.rung is Rung.MISSED else None
    if missed.rung is Rung.MISSED:
        return Instrument.INTERVIEW if missed.listed else None
    if missed.rung is Rung.REMINDER and missed.grade is Grade.MAJOR:
        return None  # a major one is warned at that time
    return _BY_RUNG.get(missed.rung)


def _step(missed: Missed, due: Instrument, rule: str) -> Step:
    if due is Instrument.PROPOSAL:
        return Step(due, Whom.COMMITTEE, Whom.COMMITTEE, rule)
    if missed.by_hand:
        return Step(due, Whom.OVERSEER, Whom.PARTY, rule)
    if missed.party is PartyKind.ENTERPRISE and missed.overseen:
        if LEVELS[due] < LEVELS[Instrument.SUPERVISION]:
            return Step(due, Whom.OVERSEER, Whom.PARTY, rule)
        if due is Instrument.SUPERVISION:
            return Step(due, Whom.COMMITTEE, Whom.OVERSEER, rule)
    return Step(due, Whom.COMMITTEE, Whom.PARTY, rule)


def _rule(missed: Missed) -> str:
    """Name the line of the profile by which the step is due."""
    if missed.letter is not None:
        return missed.key  # how long a reply may take is the rule that was not kept
    if missed.rung is Rung.MISSED:
        return "ladder.interview.listed"
    if missed.rung is Rung.WARNING and missed.grade is Grade.MAJOR:
        return "ladder.warning.major"
    return f"ladder.{missed.rung.value}"
