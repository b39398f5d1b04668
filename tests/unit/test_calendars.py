"""Each country counts its own days, hours stay hours when clocks are put forward, and counting has an inverse."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendars import Day, UnknownCalendar, calendar_named
from shared.profile import load
from shared.workdays import WorkingDays

PROFILES = Path(__file__).parents[2] / "profiles"
CN, US, UK = (load(name, PROFILES) for name in ("cn", "us-osha", "uk-hse"))
NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
KINDS = {
    "China": WorkingDays(calendar_named("CN")),
    "America": WorkingDays(calendar_named("US")),
    "England": WorkingDays(calendar_named("GB-ENG")),
    "weekends": WorkingDays(calendar_named(None)),
    "own table": WorkingDays(calendar_named("CN"), {date(2026, 10, 8): False, date(2026, 12, 31): False}),
}
days = st.dates(date(2003, 1, 1), date(2031, 12, 31))
counts = st.integers(0, 700)
kinds = st.sampled_from(sorted(KINDS))
unhurried = settings(deadline=None)
"""Whoever first asks for a year waits until its table is made."""


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("US", date(2026, 7, 3), "Independence Day (observed)"),
        ("US", date(2026, 11, 26), "Thanksgiving Day"),
        ("GB-ENG", date(2026, 12, 28), "Boxing Day (observed)"),
        ("GB-ENG", date(2026, 4, 6), "Easter Monday"),
        ("BE", date(2026, 7, 21), "National Day"),
        ("CN", date(2026, 10, 1), "National Day"),
    ],
)
def test_a_holiday_is_not_worked_in_its_country(country: str, day: date, name: str) -> None:
    known = calendar_named(country).judge(day)
    assert (known.worked, known.name_en, known.guessed) == (False, name, False)


def test_a_holiday_of_one_country_is_worked_in_another() -> None:
    assert calendar_named("US").judge(date(2026, 10, 1)) == Day(worked=True)
    assert calendar_named("CN").judge(date(2026, 7, 3)) == Day(worked=True)
    assert calendar_named(None).judge(date(2026, 1, 1)) == Day(worked=True)


def test_a_make_up_saturday_says_what_it_makes_up_for() -> None:
    assert calendar_named("CN").judge(date(2026, 10, 10)) == Day(worked=True, name_en="National Day", name_zh="国庆节")


def test_a_year_that_nobody_published_is_guessed() -> None:
    assert calendar_named("CN").judge(date(2035, 6, 1)) == Day(worked=True, guessed=True)
    assert calendar_named("US").judge(date(2101, 7, 4)).guessed


def test_a_day_that_follows_the_moon_is_guessed_until_it_is_seen() -> None:
    emirates = calendar_named("AE")
    year = [emirates.judge(date(2030, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert {day.guessed for day in year if "Eid" in day.name_en} == {True}
    assert {day.guessed for day in year if not day.name_en} == {False}


@pytest.mark.parametrize("name", ["Narnia", "cn", "XX", "US-ZZ", "../CN"])
def test_there_is_no_calendar_of_no_country(name: str) -> None:
    with pytest.raises(UnknownCalendar):
        calendar_named(name)


def test_fifteen_working_days_in_america_skip_its_holidays_and_not_chinas() -> None:
    due = US.due("order.contest", datetime(2026, 11, 16, 15, tzinfo=UTC))
    assert due.at.astimezone(NEW_YORK) == datetime(2026, 12, 8, 23, 59, 59, tzinfo=NEW_YORK)
    assert due.skipped == 7


def test_hours_go_on_through_the_night_on_which_clocks_are_put_forward() -> None:
    """8 March 2026, 02:00 in New York becomes 03:00: eight hours of real time are nine on the wall."""
    start = datetime(2026, 3, 7, 23, tzinfo=NEW_YORK)
    due = US.due("accident.report.principal", start)
    assert due.at - start.astimezone(UTC) == timedelta(hours=8)
    assert f"{due.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" == "2026-03-08 08:00"
    assert "by 2026-03-08 08:00:00 (America/New_York)" in due.explanation_en


def test_hours_go_on_through_the_night_on_which_clocks_are_put_back() -> None:
    start = datetime(2026, 10, 31, 23, tzinfo=NEW_YORK)
    due = US.due("accident.report.principal", start)
    assert due.at - start.astimezone(UTC) == timedelta(hours=8)
    assert f"{due.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" == "2026-11-01 06:00"


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_in_london_ends_with_its_last_second_however_long_it_is(day: date, hours: int) -> None:
    begins = datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
    assert UK.end_of(day) - begins == timedelta(hours=hours) - timedelta(seconds=1)


def test_a_clock_that_begins_in_the_hour_that_comes_twice_begins_on_its_own_day() -> None:
    for fold in (0, 1):
        start = datetime(2026, 10, 25, 1, 30, fold=fold, tzinfo=LONDON)
        assert UK.due("order.contest", start).days == (date(2026, 10, 25), date(2026, 11, 15))


def test_a_day_ends_the_second_time_where_its_last_hour_comes_twice() -> None:
    """Asunción put its clocks back from midnight to eleven: the second 23:59:59 ends the day."""
    asuncion = replace(CN, timezone=ZoneInfo("America/Asuncion"))
    begins = datetime(2024, 3, 23, tzinfo=asuncion.timezone).astimezone(UTC)
    assert asuncion.end_of(date(2024, 3, 23)) - begins == timedelta(hours=25) - timedelta(seconds=1)


def test_the_first_and_the_last_instant_of_a_day_have_the_same_days_and_the_next_has_one_more() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    first = datetime(2026, 9, 30, tzinfo=shanghai)
    last = datetime(2026, 9, 30, 23, 59, 59, 999999, tzinfo=shanghai)
    following = last + timedelta(microseconds=1)
    ends = [CN.due("hazard.lookback.first", start).days[1] for start in (first, last, following)]
    assert ends == [date(2026, 10, 30), date(2026, 10, 30), date(2026, 10, 31)]


def test_a_version_holds_on_its_first_and_its_last_day_and_not_beyond(tmp_path: Path) -> None:
    (tmp_path / "cn.yaml").write_text(
        "timezone: Asia/Shanghai\nrules:\n  a.clock:\n"
        "    - { value: 1, unit: hour, mark: D, valid_from: 2026-01-01, valid_to: 2026-06-30, source: the old }\n"
        "    - { value: 2, unit: hour, mark: D, valid_from: 2026-07-01, source: the new }\n"
    )
    rules = load("cn", tmp_path)
    last = datetime(2026, 6, 30, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [rules.due("a.clock", at).rule.value for at in (last, last + timedelta(seconds=1))] == [1, 2]


@unhurried
@given(kinds, days, counts)
def test_counting_back_gives_what_was_counted(kind: str, day: date, n: int) -> None:
    calendar = KINDS[kind]
    counted = calendar.add(day, n)
    assert calendar.between(day, counted.date) == n
    assert counted.skipped == (counted.date - day).days - n
    assert n == 0 or calendar.is_working(counted.date)


@unhurried
@given(kinds, days, counts, st.integers(0, 60), st.integers(0, 30))
def test_who_starts_later_or_has_more_days_never_ends_earlier(
    kind: str, day: date, n: int, later: int, more: int
) -> None:
    calendar = KINDS[kind]
    assert calendar.add(day, n).date <= calendar.add(day + timedelta(days=later), n).date
    assert calendar.add(day, n).date <= calendar.add(day, n + more).date


@unhurried
@given(kinds, days, counts)
def test_tables_of_years_count_as_walking_day_by_day_does(kind: str, day: date, n: int) -> None:
    calendar, left, at, guessed = KINDS[kind], n % 40, day, False
    while left:
        at += timedelta(days=1)
        known = calendar.judge(at)
        guessed = guessed or known.guessed
        left -= known.worked
    assert calendar.add(day, n % 40)[::2] == (at, guessed)
    assert len(list(calendar.off(day, at))) == calendar.add(day, n % 40).skipped


@unhurried
@given(days, st.integers(0, 400), st.integers(0, 400))
def test_spans_that_meet_add_up(day: date, one: int, other: int) -> None:
    calendar = KINDS["China"]
    middle, end = day + timedelta(days=one), day + timedelta(days=one + other)
    assert calendar.between(day, end) == calendar.between(day, middle) + calendar.between(middle, end)


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        KINDS["China"].between(date(2026, 1, 2), date(2026, 1, 1))
