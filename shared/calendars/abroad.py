"""Working days of countries whose holidays follow from their law; without it every profile would count China's days."""

from datetime import date

import holidays

from shared.calendars import Day, UnknownCalendar

_LANGUAGE = "en_US"
"""Names would otherwise follow the machine's language, and with them what is looked for below."""
_ESTIMATED = "(estimated"
"""How the package marks a day that depends on a sighted moon, in its name."""


class Abroad:
    """The public holidays of a country, or of one part of it. Years outside the package's table are guessed."""

    def __init__(self, country: str, part: str | None) -> None:
        try:
            self._days = holidays.country_holidays(country, subdiv=part, language=_LANGUAGE)
        except NotImplementedError as unknown:
            raise UnknownCalendar(str(unknown)) from None

    def judge(self, day: date) -> Day:
        name = self._days.get(day, "")
        known = self._days.start_year <= day.year <= self._days.end_year
        worked = self._days.is_working_day(day)
        return Day(worked, name, name, guessed=not known or _ESTIMATED in name)
