"""What was ever published stays readable, and what is published now is readable by yesterday's readers."""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Literal

import golden
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError, create_model
from schema_changes import breaks
from schema_values import values

from shared.catalogue.schemas import schema_of, schema_path
from shared.contracts.base import Event, Shape, schema_id
from shared.contracts.inspection import (
    HazardConfirmed,
    HazardFact,
    OrderIssued,
)
from shared.contracts.values import Place
from shared.contracts.volunteer import ReportSubmitted
from shared.settings import ROOT

Json = dict[str, Any]

EVENTS = golden.EVENTS
SAMPLES = list(golden.samples())
RECORDED = dict(golden.recorded())
SEED = settings(
    max_examples=15,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # the golden samples are the small examples; shrinking 45 types would take many minutes
    suppress_health_check=list(HealthCheck),
)


def _named(pair: tuple[str, Path]) -> str:
    return f"{pair[0]}-{pair[1].stem}"


def lost(said: Any, understood: Any, where: str = "") -> list[str]:
    """Name every field of what was said that the reader has not kept, or kept as something else."""
    if isinstance(said, dict) and isinstance(understood, dict):
        return [gone for name in said for gone in lost(said[name], understood.get(name), f"{where}/{name}")]
    if isinstance(said, list) and isinstance(understood, list) and len(said) == len(understood):
        return [gone for n in range(len(said)) for gone in lost(said[n], understood[n], f"{where}/{n}")]
    return [] if said == understood and type(said) is type(understood) else [where]


def read_by(reader: type[BaseModel], said: Json) -> Json:
    understood: Json = reader.model_validate_json(json.dumps(said)).model_dump(mode="json", exclude_none=True)
    return understood


def validator(schema: Json) -> Draft202012Validator:
    return _checked(json.dumps(schema))


@cache
def _checked(text: str) -> Draft202012Validator:
    """Check each schema once: that takes longer than all that is then validated by it."""
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("sample", SAMPLES, ids=_named)
def test_every_golden_event_is_read_whole_by_the_current_class(sample: tuple[str, Path]) -> None:
    type_name, path = sample
    said = golden.read(path)
    assert lost(said, read_by(EVENTS[type_name], said)) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=_named)
def test_every_golden_event_fits_its_published_schema_and_a_stranger_field_does_not(sample: tuple[str, Path]) -> None:
    type_name, path = sample
    schema = golden.read(ROOT / schema_path(EVENTS[type_name]))
    assert schema["$id"] == schema_id(type_name)
    said = golden.read(path)
    validator(schema).validate(said)
    assert not validator(schema).is_valid(said | {"name_of_the_reporter": "nobody may write this"})


@pytest.mark.parametrize("sample", SAMPLES, ids=_named)
def test_a_reader_ignores_what_a_newer_owner_added_at_any_depth(sample: tuple[str, Path]) -> None:
    type_name, path = sample
    said = golden.read(path)
    assert read_by(EVENTS[type_name], _with_strangers(said)) == read_by(EVENTS[type_name], said)


def _with_strangers(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _with_strangers(inner) for name, inner in said.items()} | {"added_in_2031": {"新": [1, None]}}
    return [_with_strangers(inner) for inner in said] if isinstance(said, list) else said


@pytest.mark.parametrize("type_name", sorted(EVENTS))
def test_the_schema_changed_only_in_ways_that_break_nobody(type_name: str) -> None:
    assert breaks(golden.read(RECORDED[type_name]), schema_of(EVENTS[type_name])) == []


@pytest.mark.parametrize("type_name", sorted(RECORDED))
@SEED
@given(data=st.data())
def test_whatever_the_first_schema_allows_is_still_read_whole(type_name: str, data: st.DataObject) -> None:
    schema = golden.read(RECORDED[type_name])
    said = data.draw(_values_of(type_name))
    validator(schema).validate(said)
    assert lost(said, read_by(EVENTS[type_name], said)) == []


_STRATEGIES: dict[str, st.SearchStrategy[Any]] = {}


def _values_of(type_name: str) -> st.SearchStrategy[Any]:
    if type_name not in _STRATEGIES:
        schema = golden.read(RECORDED[type_name])
        _STRATEGIES[type_name] = values(schema, schema)
    return _STRATEGIES[type_name]


def test_every_event_has_a_full_and_a_minimal_sample_and_no_sample_lost_its_event() -> None:
    kept = {f"{type_name}-{path.stem.partition('-')[2]}" for type_name, path in SAMPLES}
    assert {f"{name}-{kind}" for name in EVENTS for kind in ("full", "minimal")} <= kept, "run `make golden`"
    assert {type_name for type_name, _ in SAMPLES} == set(EVENTS), "an event that was published stays readable for ever"
    assert RECORDED.keys() == EVENTS.keys()


@pytest.mark.parametrize("type_name", sorted(EVENTS))
def test_every_field_is_shown_by_a_sample_and_the_minimal_one_says_only_what_must_be_there(type_name: str) -> None:
    event, first = EVENTS[type_name], golden.read(RECORDED[type_name])
    schema = schema_of(event)
    assert list(golden.unshown(schema, schema, golden.samples_of(event))) == [], "run `make golden`"
    minimal = RECORDED[type_name].with_name(f"v{event.version}-minimal.json")
    assert golden.read(minimal).keys() == set(first["required"])


# What the tests above are worth: each breach, made on purpose, is seen.


def _without(reader: type[BaseModel], field: str, **instead: Any) -> type[BaseModel]:
    """Give the reader as it would be without a field, on no bus and in no registry."""
    kept = {name: (info.annotation, info) for name, info in reader.model_fields.items() if name != field}
    return create_model(reader.__name__, __base__=Shape, **kept, **instead)


def _golden_of(event: type[Event]) -> Json:
    return golden.read(RECORDED[event.type_name()].with_name(f"v{event.version}-full.json"))


def test_a_removed_field_is_seen_even_an_optional_one() -> None:
    for field in ("grade", "claims", "routing_rule"):
        assert lost(_golden_of(HazardConfirmed), read_by(_without(HazardConfirmed, field), _golden_of(HazardConfirmed)))


def test_a_removed_field_of_a_value_inside_is_seen() -> None:
    smaller = _without(ReportSubmitted, "place", place=(_without(Place, "lon"), ...))
    assert lost(_golden_of(ReportSubmitted), read_by(smaller, _golden_of(ReportSubmitted))) == ["/place/lon"]


def test_a_renamed_field_is_seen() -> None:
    renamed = _without(OrderIssued, "limit", due_on=(str, ...))
    with pytest.raises(ValidationError, match="due_on"):
        read_by(renamed, _golden_of(OrderIssued))
    renamed = _without(HazardFact, "by_id", actor_id=(str | None, None))
    assert lost(_golden_of(OrderIssued), read_by(renamed, _golden_of(OrderIssued)))


def test_a_field_that_became_another_type_is_seen() -> None:
    loose = _without(OrderIssued, "cycle", cycle=(str, ...))
    with pytest.raises(ValidationError, match="cycle"):
        read_by(loose, _golden_of(OrderIssued))


def test_a_deleted_event_class_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(EVENTS, ReportSubmitted.type_name())
    with pytest.raises(AssertionError, match="readable for ever"):
        test_every_event_has_a_full_and_a_minimal_sample_and_no_sample_lost_its_event()


def _changed(change: Callable[[Json], object]) -> list[str]:
    schema = deepcopy(golden.read(RECORDED[ReportSubmitted.type_name()]))
    change(schema)
    return breaks(golden.read(RECORDED[ReportSubmitted.type_name()]), schema)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: (s["properties"].pop("what"), s["required"].remove("what")), "/what: was always there, is gone"),
        (lambda s: s["required"].remove("what"), "/what: was always there, may be missing"),
        (lambda s: s["required"].append("enterprise_id"), "/enterprise_id: could be missing, is demanded"),
        (lambda s: (s["properties"].update(due={"type": "string"}), s["required"].append("due")), "/due: is new"),
        (lambda s: s["$defs"]["Channel"]["enum"].remove("letter"), "/channel: ['letter'] can no longer be said"),
        (lambda s: s["$defs"]["Place"]["required"].append("lon"), "/place/lon: could be missing, is demanded"),
        (lambda s: s["properties"]["what"].update(maxLength=200), "/what: maxLength was 4000, is 200"),
        (lambda s: s["$defs"]["Place"]["properties"]["lat"].update(minimum=0), "/place/lat: minimum was -90, is 0"),
        (lambda s: s["properties"]["what"].update(format="uri"), "/what: format was None, is uri"),
        (lambda s: s["properties"].update(what={"type": "integer"}), "/what: was string, is integer"),
        (lambda s: s["properties"].update(what={"type": "string", "enum": ["fire"]}), "/what: any value was allowed"),
        (lambda s: s["properties"]["evidence"].update(minItems=1), "/evidence: minItems was None, is 1"),
        (lambda s: s["$defs"]["EvidenceRef"]["required"].remove("sha256"), "/evidence[]/sha256: was always there"),
        (lambda s: s.update({"$id": "urn:commonwatch:schema:other.v1"}), "is called urn:commonwatch:schema:other.v1"),
        (lambda s: s["properties"]["what"].update(contains={}), "does not understand ['contains']"),
    ],
)
def test_a_change_that_needs_a_new_version_is_named(change: Callable[[Json], object], told: str) -> None:
    [sentence] = _changed(change)
    assert told in sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["properties"].update(seen_at={"type": "string", "format": "date-time"}),
        lambda s: s["properties"].pop("suspected_grade"),
        lambda s: s["$defs"]["Category"]["enum"].append("lithium_batteries"),
        lambda s: s["properties"]["what"].update(maxLength=8000),
        lambda s: s["properties"].update(what={"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        lambda s: s["$defs"]["Place"].update(description="Where it is."),
    ],
)
def test_a_change_that_breaks_nobody_is_free(change: Callable[[Json], object]) -> None:
    assert _changed(change) == []


def test_the_generated_values_reach_a_reader_that_grew_narrower() -> None:
    narrow = _without(ReportSubmitted, "category", category=(Literal["dust", "fire"], ...))

    @SEED
    @given(_values_of(ReportSubmitted.type_name()))
    def reads(said: Json) -> None:
        read_by(narrow, said)

    with pytest.raises(ValidationError, match="category"):
        reads()
