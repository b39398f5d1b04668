"""Counts working days by tables of whole years; without it a clock would walk day by day, and a list of clocks wait."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from shared.calendars import Calendar, Day


class Counted(NamedTuple):
    """A day reached by counting; `provisional` when a day on the way is only guessed."""

    date: date
    skipped: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class _Year:
    """One year, ready for counting: which of its days are worked, and how many were, up to each day."""

    eve: int
    """The ordinal of the day before its first."""
    worked: list[int]
    """Ordinals of its working days, in order."""
    until: list[int]
    """How many of its days were worked from its first to its n-th; nothing before it begins."""
    guessed: list[int]
    """Ordinals of its days that nobody has published yet."""

    def guesses(self, after: int, last: int) -> bool:
        """Tell whether any day after the one and up to the other is a guess."""
        return bisect_right(self.guessed, after) < bisect_right(self.guessed, last)


class WorkingDays:
    """A country's calendar behind a table of our own: a county need not wait for a package to follow the circular."""

    def __init__(self, calendar: Calendar, overrides: Mapping[date, bool] | None = None) -> None:
        self._calendar = calendar
        self._overrides = dict(overrides or {})
        self._years: dict[int, _Year] = {}
        """Made when first counted through, and kept: clocks count the same years again and again."""

    def is_working(self, day: date) -> bool:
        year, ordinal = self._year(day.year), day.toordinal()
        return year.until[ordinal - year.eve] > year.until[ordinal - year.eve - 1]

    def judge(self, day: date) -> Day:
        """Say whether the day is worked, and what for; our own table is never a guess."""
        published = self._calendar.judge(day)
        own = self._overrides.get(day)
        if own is None:
            return published
        if own == published.worked:
            return Day(own, published.name_en, published.name_zh)
        return Day(own, "the county's own table", "本地调整")

    def add(self, day: date, n: int) -> Counted:
        """Return the n-th working day after `day`, which itself never counts (D)."""
        if n < 0:
            raise ValueError(f"working days are counted forward, not {n}")
        start = day.toordinal()
        if n == 0:
            return Counted(day, 0, provisional=False)
        number, left, at = day.year, n, start
        guessed = False
        year = self._years.get(number) or self._made(number)
        while True:
            done = year.until[at - year.eve]
            if done + left <= len(year.worked):
                last = year.worked[done + left - 1]
                guessed = guessed or bool(year.guessed and year.guesses(at, last))
                return Counted(date.fromordinal(last), last - start - n, guessed)
            left -= len(year.worked) - done
            at = year.eve + len(year.until) - 1
            guessed = guessed or bool(year.guessed and year.guesses(start, at))
            number += 1
            year = self._years.get(number) or self._made(number)

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`: what `add` needs to come from one to the other.

        Raises ValueError when the end lies before the start.
        """
        if end < start:
            raise ValueError(f"working days are counted forward, not from {start} to {end}")
        whole = sum(len(self._year(number).worked) for number in range(start.year, end.year))
        return whole + self._until(end) - self._until(start)

    def off(self, start: date, end: date) -> Iterator[tuple[date, Day]]:
        """Give each day after `start` and before `end` that is not worked, and why."""
        day = start + timedelta(days=1)
        while day < end:
            if not (known := self.judge(day)).worked:
                yield day, known
            day += timedelta(days=1)

    def _until(self, day: date) -> int:
        year = self._year(day.year)
        return year.until[day.toordinal() - year.eve]

    def _year(self, number: int) -> _Year:
        return self._years.get(number) or self._made(number)

    def _made(self, number: int) -> _Year:
        first = date(number, 1, 1)
        eve = first.toordinal() - 1
        length = date(number, 12, 31).toordinal() - eve
        year = _Year(eve, [], [0], [])
        for ordinal in range(eve + 1, eve + 1 + length):
            known = self.judge(date.fromordinal(ordinal))
            if known.worked:
                year.worked.append(ordinal)
            if known.guessed:
                year.guessed.append(ordinal)
            year.until.append(len(year.worked))
        self._years[number] = year
        return year
