"""When each rung of a clock falls due: counted back and on from its end, in working days, each once and in order."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.inspection.deadlines.rungs import Clock, Rung, Step, next_at, passed, steps
from shared.contracts.inspection import CLOCKS
from shared.profile import Period, load

ROOT = Path(__file__).parents[2]
CN = load("cn", ROOT / "profiles")
MORNING = datetime(2026, 9, 30, 1, tzinfo=UTC)  # 09:00 in the county, the day before a long holiday
PERIODS = sorted(key for key, versions in CN.rules.items() if isinstance(versions[0], Period))


def end(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 15, 59, 59, tzinfo=UTC)


def rungs(clock: Clock) -> dict[Rung, datetime]:
    return {step.rung: step.at for step in steps(CN, clock)}


def test_a_clock_is_told_of_three_working_days_before_its_end_and_climbs_after_it():
    # National Day 2026 is 1 to 7 October; Saturday 10 October is worked.
    due = CN.due("report.decide_acceptance", MORNING).at
    assert due == end(2026, 10, 13)
    assert rungs(Clock(MORNING, due)) == {
        Rung.APPROACHING: end(2026, 10, 9),  # 10, 12 and 13 October are left, whole
        Rung.MISSED: due,
        Rung.REMINDER: end(2026, 10, 14),
        Rung.WARNING: end(2026, 10, 20),
        Rung.SUPERVISION: end(2026, 10, 27),
    }


def test_a_major_hazard_is_warned_at_the_time_of_the_reminder_and_never_both():
    found = rungs(Clock(MORNING, end(2026, 10, 13), major=True))
    assert Rung.REMINDER not in found
    assert found[Rung.WARNING] == end(2026, 10, 14)
    assert found[Rung.SUPERVISION] == end(2026, 10, 27)


def test_who_got_a_few_days_today_is_not_told_today_that_a_few_are_left():
    monday = datetime(2026, 10, 19, 1, tzinfo=UTC)
    three_days = CN.due("hazard.assign", monday)
    assert three_days.at == end(2026, 10, 22)
    assert Rung.APPROACHING not in rungs(Clock(monday, three_days.at))


def test_who_got_them_before_a_holiday_is_told_when_it_ends():
    over_the_holiday = CN.due("hazard.assign", MORNING).at
    assert rungs(Clock(MORNING, over_the_holiday))[Rung.APPROACHING] == end(2026, 10, 7)


def test_what_is_due_at_once_is_missed_after_an_hour_and_not_in_the_moment_of_its_start():
    assert rungs(Clock(MORNING, MORNING))[Rung.MISSED] == MORNING + timedelta(hours=1)
    assert rungs(Clock(MORNING, MORNING + timedelta(hours=1)))[Rung.MISSED] == MORNING + timedelta(hours=1)


def test_where_there_is_no_ladder_a_clock_is_only_missed():
    ladder = {key: versions for key, versions in CN.rules.items() if key.startswith("ladder.")}
    rules = {key: versions for key, versions in CN.rules.items() if key not in ladder}
    in_2030 = {"valid_from": date(2030, 1, 1)}
    later = {key: (versions[0].model_copy(update=in_2030),) for key, versions in ladder.items()}
    for bare in (replace(CN, rules=rules), replace(CN, rules=rules | later)):
        for due in (MORNING, end(2026, 10, 13)):
            assert list(steps(bare, Clock(MORNING, due))) == [Step(Rung.MISSED, due)]


@pytest.mark.parametrize("major", [False, True])
@pytest.mark.parametrize("key", PERIODS)
def test_the_rungs_of_every_period_of_the_profile_come_in_order_and_each_once(key: str, major: bool):
    due = CN.due(key, MORNING).at
    found = list(steps(CN, Clock(MORNING, due, major=major)))
    order = list(Rung)
    assert [step.rung for step in found] == sorted({step.rung for step in found}, key=order.index)
    assert [step.at for step in found] == sorted(step.at for step in found)
    assert all(step.at > MORNING for step in found)
    fired: Rung | None = None
    seen: list[Rung] = []
    while (at := next_at(CN, Clock(MORNING, due, fired, major))) is not None:
        assert passed(CN, Clock(MORNING, due, fired, major), at - timedelta(microseconds=1)) == ([], at)
        new, _ = passed(CN, Clock(MORNING, due, fired, major), at)
        seen += [step.rung for step in new]
        fired = new[-1].rung
    assert seen == [step.rung for step in found]
    assert passed(CN, Clock(MORNING, due, fired, major), due + timedelta(days=4000)) == ([], None)


def test_after_an_outage_all_that_was_passed_comes_at_once_in_order():
    due = end(2026, 10, 13)
    new, following = passed(CN, Clock(MORNING, due), end(2026, 10, 21))
    assert [step.rung for step in new] == [Rung.APPROACHING, Rung.MISSED, Rung.REMINDER, Rung.WARNING]
    assert following == end(2026, 10, 27)


def test_a_clock_that_jumps_backwards_fires_nothing_again():
    due = end(2026, 10, 13)
    assert passed(CN, Clock(MORNING, due, Rung.MISSED), MORNING) == ([], end(2026, 10, 14))


def _started() -> Iterator[str]:
    """Give the keys that code starts by name: of rows of machines, and of actions."""
    for path in (ROOT / "services" / "inspection").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.keyword(arg="clock", value=ast.Constant(value=str(key))):
                    yield key
                case ast.Call(
                    func=ast.Attribute(attr="start" | "start_until"), args=[_, _, ast.Constant(str(key)), *_]
                ):
                    yield key


def test_every_clock_that_code_starts_has_a_name_and_a_rule():
    started = set(_started())
    assert len(started) > 25
    assert started - set(CLOCKS) == set()
    assert started - set(CN.rules) == set()


def test_every_clock_that_a_profile_starts_has_a_name_and_no_other_is_named():
    """The profile's `starts` are held to what the code does by tests/contract/test_clocks.py."""
    started = {key for key, clock in CN.clocks.items() if clock.starts}
    assert started - set(CLOCKS) == set()
    assert set(CLOCKS) - started == {"letter.reply"}, "which is started by the day that its sender sets"


def test_every_name_of_a_clock_is_said_in_both_languages():
    for key, (english, chinese) in CLOCKS.items():
        assert english.isascii(), key
        assert not chinese.isascii(), key
