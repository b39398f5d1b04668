"""A jurisdiction's rules as they are asked; without it each service would read files and count days for itself."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.profile.due import Due
from shared.profile.rules import Brackets, Clock, Flag, HourOfDay, Listing, Number, Period, Ratio, Rule
from shared.profile.written import near
from shared.workdays import WorkingDays

_LAST_SECOND = time(23, 59, 59, fold=1)
"""Where a zone puts its clocks back at midnight, the last second comes twice, and the day ends with the second."""


class UnknownRule(KeyError):
    """No such rule, or none in force on that day; says which keys come close."""

    def __str__(self) -> str:
        return str(self.args[0])


class WrongUnit(TypeError):
    """The rule exists, but is not the kind of value that was asked for."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One jurisdiction's rules, overlays applied; `content_hash` tells two contents of one name apart."""

    name: str
    content_hash: str
    timezone: ZoneInfo
    working_days: WorkingDays
    rules: Mapping[str, tuple[Rule, ...]]
    """Every version of every key, the one that wins first."""
    clocks: Mapping[str, Clock] = field(default_factory=dict[str, Clock])
    spans: frozenset[str] = frozenset()
    _ends: dict[date, datetime] = field(default_factory=dict[date, datetime], init=False, repr=False, compare=False)
    """Days end again and again at the same instant, and going from one zone to another is half of a due date."""
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Where each version stands: file and line."""

    def local_day(self, now: datetime) -> date:
        """Return the date in the county: terms begin and end with local days."""
        return now.astimezone(self.timezone).date()

    def rule(self, key: str, on: date) -> Rule:
        """Return the version in force on a local day: an overlay's first, then the latest."""
        for version in self.rules.get(key, ()):
            if version.valid_from <= on and (version.valid_to is None or on <= version.valid_to):
                return version
        if key not in self.rules:
            raise UnknownRule(f"no rule {key!r} in profile {self.name}; near: {near(key, self.rules)}")
        raise UnknownRule(f"rule {key!r} of profile {self.name} has no version in force on {on}")

    def place(self, key: str, on: date) -> str:
        """Say where the version in force stands."""
        return self.places[key][self.rules[key].index(self.rule(key, on))]

    def number(self, key: str, on: date) -> float:
        """Return a number in the rule's own unit."""
        rule = self.rule(key, on)
        if isinstance(rule, Period | Number | HourOfDay | Ratio):
            return rule.value
        raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not a number")

    def flag(self, key: str, on: date) -> bool:
        rule = self.rule(key, on)
        if isinstance(rule, Flag):
            return rule.value
        raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not a flag")

    def listing(self, key: str, on: date) -> list[str]:
        rule = self.rule(key, on)
        if isinstance(rule, Listing):
            return rule.value
        raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not a list")

    def brackets(self, key: str, on: date) -> Brackets:
        rule = self.rule(key, on)
        if isinstance(rule, Brackets):
            return rule
        raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not brackets")

    def due(self, key: str, start: datetime) -> Due:
        """Return when a clock that begins at `start` runs out, in UTC, by the version in force on that local day.

        Hours are exact. Every longer period ends at 23:59:59 local time on its last day, and the day on which it
        begins does not count (D): whoever has five days has five whole ones.
        """
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware time")
        zone = self.timezone
        day = start.astimezone(zone).date()
        rule = self.rule(key, day)
        if not isinstance(rule, Period):
            raise WrongUnit(f"rule {key!r} is in the unit {rule.unit}, not a period")
        skipped, provisional, unit = 0, False, rule.unit
        if unit == "working_day":
            counted = self.working_days.add(day, rule.value)
            last, skipped, provisional = counted.date, counted.skipped, counted.provisional
        elif unit == "hour":
            return Due(start.astimezone(UTC) + timedelta(hours=rule.value), key, rule, False, start, zone)
        elif unit == "calendar_day":
            last = day + timedelta(days=rule.value)
        else:
            last = _months_after(day, rule.value * (12 if unit == "year" else 1))
        return Due(self.end_of(last), key, rule, provisional, start, zone, skipped)

    def end_of(self, day: date) -> datetime:
        """Return the last second of a local day, in UTC."""
        end = self._ends.get(day)
        if end is None:
            end = self._ends[day] = datetime.combine(day, _LAST_SECOND, self.timezone).astimezone(UTC)
        return end


def _months_after(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a month that is too short."""
    years, month0 = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month0 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
