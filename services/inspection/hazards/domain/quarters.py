"""Which quarter a day lies in; without it a figure for a quarter would be of anybody's three months. Pure."""

from datetime import date, timedelta

_MONTHS = 3
_LAST = 3


def quarter_of(day: date) -> tuple[str, date, date]:
    """Give its name, its first and its last day."""
    number = (day.month - 1) // _MONTHS
    first = date(day.year, number * _MONTHS + 1, 1)
    after = date(day.year + (number == _LAST), (first.month + _MONTHS - 1) % 12 + 1, 1)
    return f"{day.year}Q{number + 1}", first, after - timedelta(days=1)
