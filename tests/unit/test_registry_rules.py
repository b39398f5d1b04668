"""Pure rules of the registry: nesting of codes, keys of competence, roles and parties, what an enterprise is told."""

from itertools import product
from types import SimpleNamespace
from uuid import uuid4

import pytest

from services.registry.areas.domain import Level, level_of, parent_of
from services.registry.competence.domain import key_fault
from services.registry.duties.domain import progress
from services.registry.people.domain import membership_faults
from shared.contracts.inspection import (
    HazardState,
    ReportState,
)
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import PartyKind, Role


def test_a_longer_code_lies_in_a_shorter() -> None:
    assert (level_of("150221"), parent_of("150221")) == (Level.COUNTY, None)
    assert (level_of("150221104"), parent_of("150221104")) == (Level.TOWNSHIP, "150221")
    assert (level_of("150221104201"), parent_of("150221104201")) == (Level.VILLAGE, "150221104")


@pytest.mark.parametrize(
    ("by", "good", "bad"),
    [
        (CompetenceBy.ENTERPRISE, str(uuid4()), [str(uuid4()).upper(), uuid4().hex, "fire", ""]),
        (CompetenceBy.CATEGORY, "fire", ["Fire", "water", ""]),
        (CompetenceBy.INDUSTRY, "C26", ["26", "Z1", "C26110", ""]),
        (CompetenceBy.TOWNSHIP, "150221104", ["150221", "150221104201", "town", ""]),
    ],
    ids=["enterprise", "category", "industry", "township"],
)
def test_a_rule_has_a_key_that_can_match(by: CompetenceBy, good: str, bad: list[str]) -> None:
    assert key_fault(by, good, 0) is None
    for key in bad:
        fault = key_fault(by, key, 5)
        assert fault is not None, key
        assert fault.facts["index"] == 5


def test_a_role_named_after_a_kind_of_party_is_held_in_one() -> None:
    kinds = [kind.value for kind in PartyKind]
    for role, kind in product(Role, [None, *PartyKind]):
        named = role.split(".")[0]
        fits = not list(membership_faults([(SimpleNamespace(role=role, valid_from=None, valid_to=None), kind)]))
        assert fits == (named == kind or named not in kinds), (role, kind)


def test_an_enterprise_never_reads_that_its_matter_was_merged() -> None:
    for docket, hazard in product([None, *ReportState], [None, *HazardState]):
        assert progress(docket, hazard) != ReportState.MERGED
    assert progress(None, None) == "submitted"
    assert progress(ReportState.MERGED, None) == progress(ReportState.ACCEPTED, None) == "accepted"
    assert progress(ReportState.REJECTED, None) == "rejected"
    assert progress(ReportState.SUBSTANTIATED, HazardState.ORDERED) == "ordered"
