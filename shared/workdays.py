"""China's working days with make-up weekends (调休); without it "5 working days" over a holiday is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """A day reached by counting; `provisional` when a year on the way is not published yet."""

    date: date
    skipped: int
    provisional: bool


class WorkingDays:
    """The published calendar behind a table of our own: a county need not wait for a package to follow it."""

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._judged: dict[date, tuple[bool, bool]] = {}
        """Each day is judged once: clocks count the same weeks again and again."""

    def is_working(self, day: date) -> bool:
        return self._judge(day)[0]

    def add(self, day: date, n: int) -> Counted:
        """Return the n-th working day after `day`, which itself never counts (D)."""
        if n < 0:
            raise ValueError(f"working days are counted forward, not {n}")
        skipped, provisional = 0, False
        while n:
            day += timedelta(days=1)
            working, guessed = self._judge(day)
            provisional |= guessed
            if working:
                n -= 1
            else:
                skipped += 1
        return Counted(day, skipped, provisional)

    def _judge(self, day: date) -> tuple[bool, bool]:
        """Say whether the day is worked, and whether that is only a guess from the day of the week."""
        known = self._judged.get(day)
        if known is None:
            known = self._judged[day] = self._looked_up(day)
        return known

    def _looked_up(self, day: date) -> tuple[bool, bool]:
        if day in self._overrides:
            return self._overrides[day], False
        try:
            return chinese_calendar.is_workday(day), False  # pyright: ignore[reportUnknownMemberType] untyped package
        except NotImplementedError:
            return day.weekday() < _SATURDAY, True
