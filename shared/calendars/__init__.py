"""Which days a country works; without it a clock would count one country's holidays in another."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Protocol

_SATURDAY = 5
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one day. `guessed`: its year is not published, so only the day of the week speaks."""

    worked: bool
    name_en: str = ""
    name_zh: str = ""
    """The holiday, or what a make-up day makes up for; empty for an ordinary day or weekend."""
    guessed: bool = False


class Calendar(Protocol):
    """One country's working days."""

    def judge(self, day: date) -> Day: ...


class UnknownCalendar(ValueError):
    """No calendar of this name is installed."""


class Weekends:
    """Monday to Friday and nothing else: where no country is named, holidays are the own table's."""

    def judge(self, day: date) -> Day:
        return Day(day.weekday() < _SATURDAY)


def calendar_named(name: str | None) -> Calendar:
    """Give the calendar of a country (`CN`, `US`, `GB-ENG`), or plain weekends for None.

    Each package is loaded only where it is asked for: six processes that count one country's days keep one.
    """
    if name is None:
        return Weekends()
    if not _COUNTRY.fullmatch(name):
        raise UnknownCalendar(f"{name!r} is no country; write CN, US or GB-ENG")
    if name == "CN":
        make: Callable[[], Calendar] = import_module("shared.calendars.china").China
        return make()
    country, _, part = name.partition("-")
    make_abroad: Callable[[str, str | None], Calendar] = import_module("shared.calendars.abroad").Abroad
    return make_abroad(country, part or None)
