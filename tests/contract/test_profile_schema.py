"""What editors are told of a profile file is what a profile file may say."""

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from shared.catalogue.profiles import PROFILE_SCHEMA, profile_schema
from shared.settings import ROOT

PROFILES = sorted((ROOT / "profiles").glob("*.yaml"), key=lambda file: file.name)
SCHEMA = Draft202012Validator(profile_schema())
RULE = {"value": 5, "unit": "working_day", "mark": "D", "valid_from": "2026-01-01", "source": "our default"}


def faults(**said: Any) -> list[str]:
    return [fault.message for fault in SCHEMA.iter_errors(said)]


def test_the_published_schema_is_fresh_and_is_one() -> None:
    assert json.loads((ROOT / PROFILE_SCHEMA).read_text("utf-8")) == profile_schema()
    Draft202012Validator.check_schema(profile_schema())


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.stem)
def test_every_shipped_profile_follows_it_and_names_it_for_editors(file: Any) -> None:
    text = file.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schemas/profile.json\n")
    assert faults(**json.loads(json.dumps(yaml.safe_load(text), default=str))) == []


@pytest.mark.parametrize(
    "said",
    [
        {"rule": {}},
        {"rules": {"a.b": []}},
        {"rules": {"a.b": [{**RULE, "unit": "fortnight"}]}},
        {"rules": {"a.b": [{**RULE, "mark": "X"}]}},
        {"rules": {"a.b": [{**RULE, "value": -1}]}},
        {"rules": {"a.b": [{key: value for key, value in RULE.items() if key != "source"}]}},
        {"rules": {"a.b": [{**RULE, "note": "more"}]}},
        {"clocks": {"a.b": {"begins": ["hazard.order"]}}},
        {"clocks": {"a.b": {"starts": ["Order!"]}}},
        {"clocks": {"a.b": {"owed_by": "nobody"}}},
        {"workdays": {"2026-01-01": "yes"}},
        {"spans": "all"},
    ],
)
def test_what_a_profile_may_not_say_is_seen_by_an_editor(said: dict[str, Any]) -> None:
    assert faults(rules={"a.b": [RULE]}, clocks={"a.b": {"starts": ["hazard.order"]}}) == []
    assert faults(**said) != []
