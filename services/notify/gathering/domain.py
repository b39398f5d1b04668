"""What is told at once, what is gathered, and when that goes out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts import inspection as facts
from shared.contracts.values import Grade
from shared.profile import Profile

WINDOW, FIRST, FIRST_URGENT = "notify.gather.window", "notify.gather.first", "notify.gather.first.urgent"
NAMED = 10
"""So many are named one by one; of the others the mail says how many there are, and where they stand."""


class Lane(StrEnum):
    """What is gathered with its like."""

    MISSED = "missed"
    LETTERS = "letters"
    UNADDRESSED = "unaddressed"
    """Letters that perhaps nobody reads; whoever keeps the register must know of each party."""


Gathered = facts.DeadlineMissed | facts.LetterSent
LANES: Mapping[str, Lane] = {
    "deadline_missed": Lane.MISSED,
    "deadline_missed_by_other": Lane.MISSED,
    "letter_received": Lane.LETTERS,
    "letter_unaddressed": Lane.UNADDRESSED,
}
"""What is gathered, by the template that words it when it is told alone."""
FACTS: Mapping[Lane, type[Gathered]] = {
    Lane.MISSED: facts.DeadlineMissed,
    Lane.LETTERS: facts.LetterSent,
    Lane.UNADDRESSED: facts.LetterSent,
}
TEMPLATES: Mapping[Lane, str] = {
    Lane.MISSED: "deadlines_missed",
    Lane.LETTERS: "letters_received",
    Lane.UNADDRESSED: "letters_unaddressed",
}
"""By which the gathered mail is worded."""

_DANGEROUS = frozenset({"hazard.danger_call", "report.fatality"})
"""Clocks of immediate danger and of deaths: whoever is late with them hears of nothing else first."""
_SUPERVISED = "listing."
_URGENT_LETTERS = frozenset({facts.LetterKind.SUPERVISION, facts.LetterKind.INTERVIEW, facts.LetterKind.LISTING_NOTICE})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is told alone within which time."""

    window: timedelta
    first: int
    first_urgent: int


@dataclass(frozen=True, slots=True)
class Recent:
    """What one person was told in one lane within the window."""

    alone: int = 0
    urgent: int = 0
    """Told alone as well."""
    gathered: int = 0
    last_at: datetime | None = None
    """When the last of it was told, but for what was urgent."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line tells, so far as one need know it to gather it."""

    lane: Lane
    about_id: UUID
    """The clock or the letter."""
    what: str
    """By which lines are counted: the clock's key, the kind of the letter, the party that has no leader."""
    due_at: datetime
    """The date that was missed, or when the letter was sent."""
    urgent: bool


@dataclass(frozen=True, slots=True)
class Fresh:
    """One line of which nothing was decided yet."""

    id: UUID
    urgent: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Which lines are told alone now, and what becomes of all others."""

    alone: Sequence[UUID]
    others: Sequence[UUID]
    until: datetime
    """The others are gathered until then; they go out now when that has come."""


def line(template: str, event: Gathered) -> Line:
    """Give the line of a fact for those whom this template tells of it.

    What is urgent is told alone, unless many like it come; so is whatever is late at a listed hazard.
    """
    lane = LANES[template]
    if isinstance(event, facts.DeadlineMissed):
        grave = event.grade is Grade.MAJOR or event.key in _DANGEROUS or event.key.startswith(_SUPERVISED)
        return Line(lane, event.deadline_id, event.key, event.due_at, grave)
    if lane is Lane.UNADDRESSED:
        return Line(lane, event.letter_id, str(event.addressee_id), event.at, urgent=False)
    return Line(lane, event.letter_id, event.kind, event.at, event.kind in _URGENT_LETTERS)


def limits(rules: Profile, now: datetime) -> Limits:
    today = rules.local_day(now)
    window, first, first_urgent = (rules.number(key, today) for key in (WINDOW, FIRST, FIRST_URGENT))
    return Limits(timedelta(minutes=window), int(first), int(first_urgent))


def planned(
    fresh: Sequence[Fresh], held_until: datetime | None, recent: Recent, allowed: Limits, now: datetime
) -> Plan:
    """Decide about new lines, which come in the order in which they are to be told.

    `held_until`: until when earlier ones are gathered; None when there are none.
    """
    left = 0 if held_until or recent.gathered else max(0, allowed.first - recent.alone)
    left_urgent = max(0, allowed.first_urgent - recent.urgent)
    alone = [each.id for each in fresh if each.urgent][:left_urgent]
    alone += [each.id for each in fresh if not each.urgent][:left]
    others = [each.id for each in fresh if each.id not in set(alone)]
    return Plan(alone, others, held_until or (recent.last_at or now) + allowed.window)
