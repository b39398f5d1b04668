"""Working days are counted as China works them, and a guess says that it is one."""

from datetime import date

import pytest

from shared.calendars import calendar_named
from shared.workdays import Counted, WorkingDays

CHINA = calendar_named("CN")


def test_five_working_days_over_the_national_holiday_of_2026_end_on_13_october():
    counted = WorkingDays(CHINA).add(date(2026, 9, 30), 5)
    assert counted == Counted(date(2026, 10, 13), skipped=8, provisional=False)


@pytest.mark.parametrize("saturday", [date(2026, 2, 14), date(2026, 2, 28), date(2026, 10, 10)])
def test_a_make_up_saturday_is_worked(saturday: date):
    assert saturday.isoweekday() == 6
    assert WorkingDays(CHINA).is_working(saturday)


def test_a_holiday_on_a_weekday_is_not_worked():
    assert not WorkingDays(CHINA).is_working(date(2026, 10, 1))


def test_no_days_end_on_the_same_day_even_when_it_is_off():
    assert WorkingDays(CHINA).add(date(2026, 10, 1), 0) == Counted(date(2026, 10, 1), skipped=0, provisional=False)


def test_a_year_not_published_falls_back_to_weekends_and_says_so():
    friday = date(2035, 6, 1)
    assert WorkingDays(CHINA).add(friday, 1) == Counted(date(2035, 6, 4), skipped=2, provisional=True)


def test_a_count_that_ends_before_the_unpublished_year_is_not_provisional():
    assert not WorkingDays(CHINA).add(date(2026, 12, 28), 3).provisional
    assert WorkingDays(CHINA).add(date(2026, 12, 31), 1).provisional


def test_our_own_table_wins_over_the_published_calendar_in_both_directions():
    local = WorkingDays(CHINA, {date(2026, 10, 8): False, date(2026, 10, 11): True})
    assert not local.is_working(date(2026, 10, 8))
    assert local.is_working(date(2026, 10, 11))
    assert local.add(date(2026, 9, 30), 1).date == date(2026, 10, 9)


def test_a_day_of_our_own_table_is_certain_even_in_a_year_not_published():
    monday = date(2035, 6, 4)
    assert WorkingDays(CHINA, {monday: False}).add(date(2035, 6, 3), 1) == Counted(
        date(2035, 6, 5), 1, provisional=True
    )
    assert not WorkingDays(CHINA, {monday: True}).add(date(2035, 6, 3), 1).provisional


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forward"):
        WorkingDays(CHINA).add(date(2026, 9, 30), -1)
