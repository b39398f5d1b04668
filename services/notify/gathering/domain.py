"""What is told at once, what is gathered, and when that goes out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.values import Grade
from shared.profile import Profile

WINDOW, FIRST, FIRST_URGENT = "notify.gather.window", "notify.gather.first", "notify.gather.first.urgent"
NAMED = 10
"""So many are named one by one; of the others the mail says how many there are, and where they stand."""


class Lane(StrEnum):
    """What is gathered with its like."""

    MISSED = "missed"
    LETTERS = "letters"


FACTS: dict[Lane, type[facts.DeadlineMissed] | type[facts.LetterSent]] = {
    Lane.MISSED: facts.DeadlineMissed,
    Lane.LETTERS: facts.LetterSent,
}
TEMPLATES = {Lane.MISSED: "deadlines_missed", Lane.LETTERS: "letters_received"}
"""By which the gathered mail of a lane is worded; what is told alone has the template of its row in the table."""

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


def lane_of(event: Event) -> Lane | None:
    """Tell with what a fact is gathered; None: it is told by itself."""
    return next((lane for lane, fact in FACTS.items() if type(event) is fact), None)


def urgent(event: facts.DeadlineMissed | facts.LetterSent, *, listed: bool = False) -> bool:
    """Tell whether a fact is told alone unless many like it come: of a major hazard, danger, listed supervision.

    `listed`: the hazard that it is about is under listed supervision.
    """
    if isinstance(event, facts.LetterSent):
        return event.kind in _URGENT_LETTERS
    grave = event.grade is Grade.MAJOR or event.key in _DANGEROUS
    return grave or listed or event.key.startswith(_SUPERVISED)


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
