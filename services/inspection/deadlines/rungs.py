"""When each rung of a clock falls due; pure, so that a year of them can be looked at without a database.

Domain reference §10.3. The first counts back from the end of the clock, the others on from it; longer periods than
hours end with local days, as in `Profile.due`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from shared.profile import Period, Profile, UnknownRule, WrongUnit

_LAST_SECOND = time(23, 59, 59)


class Rung(StrEnum):
    """What happens to a clock that goes on, in this order."""

    APPROACHING = "approaching"
    """L0: the party is reminded before the end."""
    MISSED = "missed"
    """The end itself."""
    REMINDER = "reminder"
    """L1 提醒函. Not for a major hazard, which is warned at that time."""
    WARNING = "warning"
    """L2 警示函."""
    SUPERVISION = "supervision"
    """L3 督办函; the rungs above follow from its answer and not from this clock."""


_AFTER = (
    (Rung.REMINDER, "ladder.reminder"),
    (Rung.WARNING, "ladder.warning"),
    (Rung.SUPERVISION, "ladder.supervision"),
)
_AFTER_MAJOR = ((Rung.WARNING, "ladder.warning.major"), (Rung.SUPERVISION, "ladder.supervision"))
_ORDER = {rung: place for place, rung in enumerate(Rung)}


@dataclass(frozen=True, slots=True)
class Step:
    """A rung and when it falls due."""

    rung: Rung
    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """What the rungs of a deadline depend on."""

    starts_at: datetime
    due_at: datetime
    fired: Rung | None = None
    """The last that was fired."""
    major: bool = False
    """Whether it is about a major hazard."""


def steps(rules: Profile, clock: Clock) -> Iterator[Step]:
    """Give every rung of a clock, in order; what would lie before its first day is left out.

    A jurisdiction without a ladder has no rules for it: its clocks are only missed.
    """
    before = _before(rules, clock.due_at) if _has(rules, "ladder.approaching", clock.due_at) else None
    # The day on which a clock begins does not count: whoever got three days today need not hear that three are left.
    if before is not None and rules.local_day(before) > rules.local_day(clock.starts_at):
        yield Step(Rung.APPROACHING, before)
    yield Step(Rung.MISSED, _ran_out(rules, clock))
    for rung, key in _AFTER_MAJOR if clock.major else _AFTER:
        if _has(rules, key, clock.due_at):
            yield Step(rung, rules.due(key, clock.due_at).at)


def left(rules: Profile, clock: Clock) -> Iterator[Step]:
    """Give the rungs that were not fired yet, in order."""
    for step in steps(rules, clock):
        if clock.fired is None or _ORDER[step.rung] > _ORDER[clock.fired]:
            yield step


def passed(rules: Profile, clock: Clock, now: datetime) -> tuple[list[Step], datetime | None]:
    """Give the rungs that have fallen due and were not fired, in order, and when the next one falls due."""
    due: list[Step] = []
    for step in left(rules, clock):
        if step.at > now:
            return due, step.at
        due.append(step)
    return due, None


def next_at(rules: Profile, clock: Clock) -> datetime | None:
    """Give when the next rung falls due, also where that has passed already; None: none is left."""
    return next((step.at for step in left(rules, clock)), None)


def _has(rules: Profile, key: str, at: datetime) -> bool:
    """Tell whether a rung is known on that day: a ladder may begin with a year, or be none."""
    try:
        rules.rule(key, rules.local_day(at))
    except UnknownRule:
        return False
    return True


def _ran_out(rules: Profile, clock: Clock) -> datetime:
    """Say when a clock is missed: at its end, but what is to be done at once needs a moment to be done in."""
    if clock.due_at > clock.starts_at or not _has(rules, "ladder.at_once", clock.due_at):
        return clock.due_at
    return rules.due("ladder.at_once", clock.due_at).at


def _before(rules: Profile, due_at: datetime) -> datetime:
    """Go back from the end of a clock so far that the whole period of `ladder.approaching` is left."""
    local = due_at.astimezone(rules.timezone)
    rule = rules.rule("ladder.approaching", local.date())
    if not isinstance(rule, Period):
        raise WrongUnit(f"rule 'ladder.approaching' is in the unit {rule.unit}, not a period")
    if rule.unit == "hour":
        return due_at - timedelta(hours=rule.value)
    day, left = local.date(), rule.value
    while left:
        if rule.unit != "working_day" or rules.working_days.is_working(day):
            left -= 1
        day -= timedelta(days=1)
    return datetime.combine(day, _LAST_SECOND, rules.timezone).astimezone(due_at.tzinfo)
