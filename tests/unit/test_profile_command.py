"""What an operator reads of a rule: its value, who says so and where, and each day that a clock does not count."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.doctor import readiness
from services.cli.profiles import app


def said(*arguments: str, code: int = 0) -> list[str]:
    """Run `commonwatch profile …` and give the lines that it prints."""
    ran = CliRunner().invoke(app, arguments, env={"COMMONWATCH_PROFILE": None, "COMMONWATCH_PROFILES_DIR": None})
    assert ran.exit_code == code, ran.output
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran.output.splitlines()


def test_a_clock_is_explained_in_both_languages_with_every_day_that_is_not_counted() -> None:
    lines = said("explain", "report.decide_acceptance", "--on", "2026-09-30", "--from", "2026-09-30T09:00")
    english, chinese = lines[: lines.index("")], lines[lines.index("") + 1 :]
    assert english[0] == "report.decide_acceptance on 2026-09-30: 5 working days"
    assert english[1].startswith("Seen in a secondary text, to be checked: summary of a provincial rule")
    assert english[2].startswith("In force from 2015-12-19; cn.yaml:")
    assert english[3] == "Started by: inspection.report.received, docket.acknowledge, docket.arbitrate"
    assert english[4] == "Met by: docket.accept, docket.reject, docket.transfer, docket.merge"
    assert english[5] == "Owed by the authority that handles it"
    assert english[6].startswith("5 working days from 2026-09-30 09:00, 8 days off not counted: by 2026-10-13 23:59:59")
    assert english[7] == "not counted: 2026-10-01 Thursday, National Day"
    assert english[-1] == "not counted: 2026-10-11 Sunday"
    assert len(english) == 7 + 8
    assert chinese[0] == "report.decide_acceptance（2026-09-30）：5 个工作日"
    assert chinese[5] == "义务方：受理部门"
    assert chinese[7] == "不计：2026-10-01 星期四，国庆节"
    assert len(chinese) == len(english)


def test_the_file_that_wins_is_named_and_the_day_decides_which_version() -> None:
    assert "cn-shandong.yaml:" in said("explain", "township.may_order_immediate_removal", "--profile", "cn-shandong")[2]
    old = said("explain", "hazard.recheck", "--on", "2026-01-31")
    assert old[2].startswith("In force from 2000-01-01 to 2026-01-31; cn.yaml:")
    new = said("explain", "hazard.recheck", "--on", "2026-02-01")
    assert new[2].startswith("In force from 2026-02-01; cn.yaml:")


@pytest.mark.parametrize(
    ("key", "profile", "line"),
    [
        ("township.may_order_immediate_removal", "cn", "township.may_order_immediate_removal on 2026-11-30: no"),
        ("report.emergency_numbers", "us-osha", "report.emergency_numbers on 2026-11-30: 911"),
        ("insurance.obligatory_sectors", "us-osha", "insurance.obligatory_sectors on 2026-11-30: an empty list"),
        ("thirdparty.finding_below_score", "cn", "thirdparty.finding_below_score on 2026-11-30: 80 points"),
        ("hazard.remote.sample", "cn", "hazard.remote.sample on 2026-11-30: 0.1 as a share"),
        (
            "fund.rate.freight",
            "cn",
            "fund.rate.freight on 2026-11-30: 1 % of the rest",
        ),
    ],
)
def test_a_value_of_each_kind_is_said_in_words(key: str, profile: str, line: str) -> None:
    assert said("explain", key, "--on", "2026-11-30", "--profile", profile)[0] == line


def test_a_clock_that_only_the_law_runs_and_a_span_say_so() -> None:
    assert "The platform does not run this clock yet; it is for reading" in said("explain", "agency.ban")
    assert "It measures a span and is no clock" in said("explain", "visit.overlap_window")
    assert "Asked by: extension.request_extension" in said("explain", "hazard.extension.ask_before")


def test_an_hour_of_the_day_is_no_period_and_is_counted_from_nothing() -> None:
    told = said("explain", "notify.digest.hour", "--on", "2026-12-01")
    assert "notify.digest.hour on 2026-12-01: 9 o'clock" in told
    assert not [line for line in told if "clock yet" in line or "span" in line]


def test_hours_are_explained_in_the_countys_own_time() -> None:
    lines = said("explain", "accident.report.principal", "--profile", "us-osha", "--from", "2026-03-07T23:00")
    assert any("by 2026-03-08 08:00:00 (America/New_York)" in line for line in lines)


def test_a_key_that_is_not_there_names_those_that_come_close() -> None:
    assert said("explain", "hazard.rechek", code=1)[0].startswith(
        "no rule 'hazard.rechek' in profile cn; near: hazard.recheck"
    )
    assert "not a period" in said("explain", "reward.requires_contact", "--from", "2026-01-01", code=1)[0]
    assert "no version in force on 1999-12-31" in said("explain", "seizure", "--on", "1999-12-31", code=1)[0]
    assert said("explain", "seizure", "--from", "tomorrow", code=2)


def test_every_shipped_profile_is_checked_when_none_is_named() -> None:
    lines = said("check")
    names = {"cn", "cn-hubei", "cn-shandong", "eu-whistleblower", "international", "uk-hse", "us-osha"}
    assert {line.partition(":")[0] for line in lines} == names
    assert all("nothing is wrong" in line and "无误" in line for line in lines)


def test_each_fault_is_a_sentence_in_both_languages_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text("timezone: UTC\nrules:\n  a.b:\n    - { value: 1, unit: hours }\n", "utf-8")
    lines = said("check", "county", "--folder", str(tmp_path), code=1)
    assert lines[0].startswith("county.yaml:4: rules.a.b.0: Input tag 'hours' found using 'unit' does not match any")
    assert lines[1].strip().startswith("rules.a.b.0：不合要求")
    assert said("check", "nowhere", "--folder", str(tmp_path), code=1)[0].startswith(
        "nowhere.yaml:1: there is no nowhere.yaml"
    )
    assert said("check", "--folder", str(tmp_path / "empty"), code=1) == []


def test_the_doctor_tells_a_service_that_keeps_old_rules_from_one_that_is_away() -> None:
    well = {"database": True, "broker": True, "rules": True}
    assert list(readiness("notify", well, "county")) == [("notify: ready", None)]
    [ready, (kept, remedy)] = readiness("notify", {**well, "rules": False}, "county")
    assert ready == ("notify: ready", None)
    assert "keeps the rules it had" in kept
    assert remedy is not None
    assert "commonwatch profile check county" in remedy
    [(away, remedy)] = readiness("notify", {**well, "broker": False}, "county")
    assert (away, remedy) == ("notify: broker away", "See the server's log: var/nats/server.log.")
