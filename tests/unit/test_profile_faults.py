"""A profile that contradicts itself is refused with a sentence, a file and a line."""

from pathlib import Path

import pytest

from shared.profile import BadProfile, check, load

BASE = """\
timezone: Asia/Shanghai
rules:
  hazard.assign:
    - { value: 3, unit: working_day, mark: D, valid_from: 2000-01-01, source: "our default" }
  hazard.close:
    - { value: 5, unit: working_day, mark: L, valid_from: 2000-01-01, source: "a law of the place" }
  may.act:
    - { value: false, unit: flag, mark: D, valid_from: 2000-01-01, source: "our default" }
clocks:
  hazard.assign: { starts: [hazard.confirm], stops: [hazard.assign], owed_by: committee }
  hazard.close: {}
"""


def found(tmp_path: Path, **files: str) -> list[str]:
    """Write the files, check the last, and give its faults as sentences."""
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [str(fault) for fault in check(name, tmp_path)]


def version(value: int, valid_from: str, **more: str) -> str:
    said = {"unit": "working_day", "mark": "S", "source": "a county's rule", "valid_from": valid_from, **more}
    return f"    - {{ value: {value}, {', '.join(f'{key}: {said}' for key, said in said.items())} }}\n"


def overlay(*versions: str, key: str = "hazard.assign") -> str:
    return f"extends: cn\nrules:\n  {key}:\n{''.join(versions)}"


def test_a_whole_profile_has_no_fault(tmp_path: Path) -> None:
    assert found(tmp_path, cn=BASE) == []
    assert found(tmp_path, cn=BASE, county=overlay(version(1, "2026-01-01"))) == []


def test_a_misspelt_key_is_told_with_those_that_come_close(tmp_path: Path) -> None:
    said = found(tmp_path, cn=BASE, county=overlay(version(1, "2026-01-01"), key="hazard.asign"))
    assert said == [
        "county.yaml:3: hazard.asign overrides nothing; an overlay only overrides; near: hazard.assign, hazard.close"
    ]


def test_a_misspelt_field_is_told_with_those_that_come_close(tmp_path: Path) -> None:
    text = BASE.replace('source: "a law', 'sourse: "a law')
    assert found(tmp_path, cn=text) == [
        "cn.yaml:6: rules.hazard.close.0.working_day: source is missing",
        "cn.yaml:6: rules.hazard.close.0.working_day.sourse: there is no such field; near: source",
    ]


def test_a_rule_that_ends_before_it_starts_is_refused_in_both_languages(tmp_path: Path) -> None:
    found(tmp_path, cn=BASE, county=overlay(version(1, "2026-01-01", valid_to="2025-12-31")))
    [fault] = check("county", tmp_path)
    assert (fault.place, fault.en) == (
        "county.yaml:4",
        "rules.hazard.assign.0.working_day: valid_to lies before valid_from",
    )
    assert fault.zh.endswith("valid_to 早于 valid_from")


def test_versions_that_overlap_are_refused_at_the_later_one(tmp_path: Path) -> None:
    both = overlay(version(1, "2026-01-01", valid_to="2026-06-30"), version(2, "2026-06-30"))
    assert found(tmp_path, cn=BASE, county=both) == [
        "county.yaml:5: hazard.assign overlaps: one version ends on 2026-06-30, the next begins on 2026-06-30"
    ]
    after = overlay(version(1, "2026-01-01", valid_to="2026-06-30"), version(2, "2026-07-01"))
    assert found(tmp_path, cn=BASE, county=after) == []


def test_days_on_which_nothing_is_in_force_are_told(tmp_path: Path) -> None:
    gap = BASE.replace(
        "    - { value: 3, unit: working_day, mark: D, valid_from: 2000-01-01,",
        "    - { value: 4, unit: working_day, mark: D, valid_from: 2020-01-01, source: x x }\n"
        "    - { value: 3, unit: working_day, mark: D, valid_from: 2000-01-01, valid_to: 2019-11-30,",
    )
    assert found(tmp_path, cn=gap) == [
        "cn.yaml:5: hazard.assign has a gap: nothing is in force after 2019-11-30 until 2020-01-01"
    ]


def test_a_rule_that_ends_with_nothing_after_it_is_told_unless_the_base_goes_on(tmp_path: Path) -> None:
    ended = BASE.replace(
        'valid_from: 2000-01-01, source: "a law', 'valid_from: 2000-01-01, valid_to: 2030-12-31, source: "a law'
    )
    assert found(tmp_path, cn=ended) == ["cn.yaml:6: hazard.close has a gap: nothing is in force after 2030-12-31"]
    for_a_year = overlay(version(1, "2026-01-01", valid_to="2026-12-31"))
    assert found(tmp_path, cn=BASE, county=for_a_year) == []


def test_an_overlay_that_says_what_its_base_says_overrides_nothing(tmp_path: Path) -> None:
    same = overlay(version(3, "2026-01-01", mark="D", source="our default"))
    assert found(tmp_path, cn=BASE, county=same) == [
        "county.yaml:4: hazard.assign overrides nothing: cn says the same from that day"
    ]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    two = overlay(version(1, "2026-01-01"), version(2, "2026-01-01")) + f"  no.such.key:\n{version(1, '2026-01-01')}"
    said = found(tmp_path, cn=BASE, county=two)
    assert [each.split(" ")[0] for each in said] == ["county.yaml:5:", "county.yaml:6:"]
    with pytest.raises(BadProfile) as refused:
        load("county", tmp_path)
    assert len(refused.value.faults) == 2


def test_a_period_is_a_clock_or_a_span_and_a_clock_has_a_rule(tmp_path: Path) -> None:
    forgotten = BASE.replace("  hazard.close: {}\n", "  hazard.clos: {}\n  may.act: {}\n")
    assert found(tmp_path, cn=forgotten) == [
        "cn.yaml:11: hazard.clos stands under clocks, but there is no such rule; near: hazard.close, hazard.assign",
        "cn.yaml:12: may.act stands under clocks, but is no period",
        "cn.yaml:5: hazard.close is a period, but neither under clocks nor under spans: what starts and stops it?",
    ]
    assert load("cn", tmp_path).number("hazard.close", load("cn", tmp_path).rules["hazard.close"][0].valid_from) == 5


def test_a_clock_knows_only_who_may_owe_something(tmp_path: Path) -> None:
    [said] = found(tmp_path, cn=BASE.replace("owed_by: committee", "owed_by: commitee"))
    assert said.startswith("cn.yaml:10: clocks.hazard.assign.owed_by: Input should be 'authority'")


ABROAD = """\
defaults: cn
timezone: America/New_York
holidays: US
rules:
  hazard.close:
    - { value: 7, unit: working_day, mark: D, valid_from: 2000-01-01, source: "ours" }
"""


def test_another_jurisdiction_takes_the_platforms_defaults_and_nobody_elses_law(tmp_path: Path) -> None:
    assert found(tmp_path, cn=BASE, abroad=ABROAD) == []
    abroad = load("abroad", tmp_path)
    day = abroad.rules["hazard.close"][0].valid_from
    assert (abroad.number("hazard.assign", day), abroad.number("hazard.close", day)) == (3, 7)
    assert abroad.timezone.key == "America/New_York"
    assert abroad.clocks["hazard.assign"].starts == ["hazard.confirm"]


def test_another_jurisdiction_says_anew_what_the_first_has_by_its_law(tmp_path: Path) -> None:
    silent = ABROAD.replace("hazard.close:", "hazard.assign:")
    assert found(tmp_path, cn=BASE, abroad=silent) == [
        "abroad.yaml:1: cn has hazard.close by its own law; say what holds here"
    ]
    other_kind = ABROAD.replace("value: 7, unit: working_day", "value: 7, unit: count")
    assert found(tmp_path, cn=BASE, abroad=other_kind) == [
        "abroad.yaml:5: hazard.close changes from one kind of value to another"
    ]


@pytest.mark.parametrize(
    ("country", "reason"),
    [
        ("Narnia", "'Narnia' is no country"),
        ("XX", "Country XX not available"),
        ("GB-XX", "does not have subdivision XX"),
    ],
)
def test_holidays_of_no_country_are_refused(tmp_path: Path, country: str, reason: str) -> None:
    [said] = found(tmp_path, cn=f"holidays: {country}\n{BASE}")
    assert said.startswith("cn.yaml:1: holidays: ")
    assert reason in said


def test_a_profile_extends_or_takes_defaults_but_not_both(tmp_path: Path) -> None:
    [said] = found(tmp_path, cn=BASE, county="extends: cn\ndefaults: cn\n")
    assert said == "county.yaml:2: a profile has either extends or defaults"
