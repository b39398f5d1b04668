"""Every number has a source and an honest mark, and every deadline can say how it was reached."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shared.profile import BadProfile, Period, UnknownRule, WrongUnit, load

PROFILES = Path(__file__).parents[2] / "profiles"
CN = load("cn", PROFILES)
MORNING = datetime(2026, 9, 30, 1, tzinfo=UTC)  # 09:00 in the county

ROOT = """
timezone: Asia/Shanghai
holidays: CN
rules:
  hazard.assign:
    - { value: 3, unit: working_day, mark: D, valid_from: 2000-01-01, source: "our default" }
  may.act:
    - { value: false, unit: flag, mark: D, valid_from: 2000-01-01, source: "our default" }
"""
HOUR = "{ value: 1, unit: hour, mark: D, valid_from: 2000-01-01, source: a reason }"


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def rule_line(**fields: object) -> str:
    whole = {"value": 1, "unit": "hour", "mark": "D", "valid_from": "2000-01-01", "source": "a reason"} | fields
    inside = ", ".join(f"{key}: {value}" for key, value in whole.items() if value is not None)
    return f"timezone: Asia/Shanghai\nrules: {{a.clock: [{{{inside}}}]}}"


@pytest.mark.parametrize("key", CN.rules)
def test_every_rule_of_the_default_profile_has_a_source_and_an_honest_mark(key: str):
    for version in CN.rules[key]:
        assert version.source.strip()
        names_a_law = any(law in version.source for law in ("WSL", "Law art", "Petition Reg.", "Decree"))
        assert version.mark != "L" or names_a_law
        if any(order in version.source for order in ("Order 15", "Qingdao", "鄂安", "安监总财", "MEM Order")):
            assert version.mark in {"K", "S"}


@pytest.mark.parametrize(
    ("key", "value", "unit", "mark"),
    [
        ("report.decide_acceptance", 5, "working_day", "S"),
        ("report.decide_acceptance.petition", 15, "calendar_day", "L"),
        ("report.verify", 60, "calendar_day", "S"),
        ("report.feedback", 10, "calendar_day", "S"),
        ("report.transfer_ack", 3, "working_day", "D"),
        ("hazard.assign", 3, "working_day", "D"),
        ("hazard.return_assignment", 2, "working_day", "D"),
        ("hazard.plan", 5, "working_day", "D"),
        ("hazard.recheck", 10, "calendar_day", "K"),
        ("hazard.close", 5, "working_day", "D"),
        ("hazard.lookback.first", 30, "calendar_day", "D"),
        ("hazard.lookback.second", 90, "calendar_day", "D"),
        ("case.publicity", 7, "working_day", "L"),
        ("thirdparty.finding_below_score", 80, "score", "D"),
    ],
)
def test_the_default_profile_says_what_the_domain_reference_says(key: str, value: int, unit: str, mark: str):
    rule = CN.rule(key, date(2026, 11, 1))
    assert (rule.value, rule.unit, rule.mark) == (value, unit, mark)


def test_the_recheck_clock_says_that_its_order_was_superseded_from_the_day_it_was():
    assert "superseded" not in CN.rule("hazard.recheck", date(2026, 1, 31)).source
    assert "superseded), verify" in CN.rule("hazard.recheck", date(2026, 2, 1)).source


def test_a_clock_of_working_days_ends_with_the_last_local_second_and_explains_itself():
    due = CN.due("report.decide_acceptance", MORNING)
    assert due.at == datetime(2026, 10, 13, 15, 59, 59, tzinfo=UTC)
    assert due.at.tzinfo is UTC
    assert not due.provisional
    assert due.explanation_en.startswith(
        "5 working days from 2026-09-30 09:00, 8 days off not counted: by 2026-10-13 23:59:59 (Asia/Shanghai). "
        "Seen in a secondary text, to be checked: summary of a provincial rule"
    )
    assert due.explanation_zh.startswith("自 2026-09-30 09:00 起 5 个工作日，扣除休息日 8 天，截止 2026-10-13 23:59:59")


def test_only_a_rule_read_in_the_law_is_called_statutory():
    for key, versions in CN.rules.items():
        for version in versions:
            if isinstance(version, Period):
                due = CN.due(key, datetime.combine(version.valid_from, MORNING.timetz()))
                assert ("Statutory" in due.explanation_en) == (due.rule.mark == "L")
                assert ("。法定" in due.explanation_zh) == (due.rule.mark == "L")


def test_hours_are_exact():
    assert CN.due("hazard.danger_call", MORNING).at == MORNING + timedelta(hours=1)


def test_at_once_is_now_and_the_same_day_lasts_until_its_end():
    assert CN.due("report.ack", MORNING).at == MORNING
    assert CN.due("report.ack", MORNING).explanation_en.startswith("At once, begun 2026-09-30 09:00")
    assert CN.due("hazard.register_major", MORNING).at == datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)


def test_the_day_is_the_countys_not_that_of_utc():
    late = datetime(2026, 9, 30, 17, tzinfo=UTC)  # already 1 October in the county
    assert CN.due("hazard.lookback.first", late).at == datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC)


def test_months_and_years_end_on_the_same_day_or_the_last_of_a_shorter_month():
    leap_day = datetime(2028, 2, 29, 1, tzinfo=UTC)
    assert CN.due("limitation.life_or_health", leap_day).at.date() == date(2033, 2, 28)
    assert CN.due("court.apply", datetime(2026, 11, 30, 1, tzinfo=UTC)).at.date() == date(2027, 2, 28)


def test_a_deadline_in_a_year_without_published_holidays_says_that_it_may_move():
    due = CN.due("hazard.assign", datetime(2035, 6, 1, 1, tzinfo=UTC))
    assert due.provisional
    assert "Provisional" in due.explanation_en
    assert "暂定" in due.explanation_zh


def test_a_clock_that_starts_at_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"):
        CN.due("hazard.assign", MORNING.replace(tzinfo=None))


def test_an_unknown_key_names_those_that_come_close():
    with pytest.raises(UnknownRule, match=r"'report\.verfy' in profile cn; near: report\.verify"):
        CN.rule("report.verfy", MORNING.date())


def test_a_rule_not_in_force_yet_is_unknown_on_that_day():
    with pytest.raises(UnknownRule, match="no version in force on 2010-01-01"):
        CN.rule("case.publicity", date(2010, 1, 1))


def test_a_flag_is_not_a_number_nor_a_period_and_a_number_is_no_flag():
    day = MORNING.date()
    assert CN.flag("township.may_order_immediate_removal", day) is False
    assert CN.number("thirdparty.finding_below_score", day) == 80
    assert CN.number("report.duplicate.similarity", day) == 0.3
    with pytest.raises(WrongUnit):
        CN.number("township.may_order_immediate_removal", day)
    with pytest.raises(WrongUnit):
        CN.flag("hazard.assign", day)
    with pytest.raises(WrongUnit):
        CN.due("thirdparty.finding_below_score", MORNING)


def test_an_overlay_overrides_from_its_own_date_and_leaves_the_rest(tmp_path: Path):
    overlay = """
extends: cn
workdays: { 2026-10-09: false }
rules:
  hazard.assign:
    - { value: 1, unit: working_day, mark: S, valid_from: 2026-01-01, valid_to: 2026-12-31, source: "county rule" }
"""
    county = load("county", folder(tmp_path, cn=ROOT, county=overlay))
    assert county.name == "county"
    assert county.number("hazard.assign", date(2025, 12, 31)) == 3
    assert county.number("hazard.assign", date(2026, 12, 31)) == 1
    assert county.number("hazard.assign", date(2027, 1, 1)) == 3
    assert county.flag("may.act", date(2026, 6, 1)) is False
    assert county.timezone.key == "Asia/Shanghai"
    assert not county.working_days.is_working(date(2026, 10, 9))


@pytest.mark.parametrize(
    ("overlay", "reason"),
    [
        (
            "extends: cn\nrules: {hazard.new: [" + HOUR + "]}",
            "county.yaml:2: hazard.new overrides nothing",
        ),
        (
            "extends: cn\nrules: {may.act: [" + HOUR + "]}",
            "from one kind of value to another",
        ),
        ("extends: cn\nrules: {hazard.assign: [" + HOUR + "," + HOUR + "]}", "two versions from one day"),
        ("extends: county", "extends itself"),
        ("extends: ../../cn", "cannot be the name"),
        ("extends: elsewhere", r"no elsewhere\.yaml"),
        ("extends: cn\nnotes: here", "county.yaml:2: notes: there is no such field"),
        ("extends: cn\nrules: {}\nrules: {}", "rules is given twice"),
        ("extends: [", r"county\.yaml:2: did not find expected node content"),
        ("", r"county\.yaml:1: "),
        ("rules: {}", "no timezone"),
        ("timezone: Mars/Olympus", "timezone: "),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(tmp_path: Path, overlay: str, reason: str):
    with pytest.raises(BadProfile, match=reason):
        load("county", folder(tmp_path, cn=ROOT, county=overlay))


@pytest.mark.parametrize(
    "fields",
    [
        {"value": '"5"'},
        {"value": "true"},
        {"value": 1.5},
        {"value": -1},
        {"unit": "fortnight"},
        {"unit": "flag"},
        {"unit": "ratio", "value": 2},
        {"unit": "score", "value": ".inf"},
        {"mark": "X"},
        {"mark": None},
        {"source": None},
        {"source": '""'},
        {"valid_from": None},
        {"valid_to": "1999-01-01"},
        {"note": "more"},
    ],
)
def test_a_rule_that_is_not_whole_is_refused(tmp_path: Path, fields: dict[str, object]):
    with pytest.raises(BadProfile, match=r"cn\.yaml:2: rules\.a\.clock"):
        load("cn", folder(tmp_path, cn=rule_line(**fields)))


def test_the_content_hash_tells_contents_apart_and_not_their_comments(tmp_path: Path):
    first = load("cn", folder(tmp_path, cn=ROOT)).content_hash
    assert load("cn", folder(tmp_path, cn="# said again\n" + ROOT)).content_hash == first
    assert load("cn", folder(tmp_path, cn=ROOT.replace("value: 3", "value: 4"))).content_hash != first
