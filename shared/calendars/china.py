"""China's working days with their make-up weekends (调休); without it "5 working days" over a holiday is wrong."""

from datetime import date
from typing import Any

import chinese_calendar

from shared.calendars import Day, Weekends

_WEEKENDS = Weekends()
_PUBLISHED: Any = chinese_calendar
"""The package has no types."""


class China:
    """What the State Council's office published for the year; a year not published yet falls back to weekends."""

    def judge(self, day: date) -> Day:
        try:
            worked: bool = _PUBLISHED.is_workday(day)
            name: str | None = _PUBLISHED.get_holiday_detail(day)[1]
        except NotImplementedError:
            return Day(_WEEKENDS.judge(day).worked, guessed=True)
        if name is None:
            return Day(worked)
        return Day(worked, name, _PUBLISHED.Holiday(name).chinese)
