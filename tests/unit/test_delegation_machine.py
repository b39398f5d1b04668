"""The law of the letter: every state x verb x role, who may be party to it, and what an authority has to give away."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.registry.delegations.domain import (
    DELEGATION,
    SYSTEM,
    Case,
    Verb,
    not_held,
    party_fault,
    term_fault,
)
from services.registry.delegations.shapes import KeepDelegation
from shared.contracts.registry import CompetenceBy, DelegationKind, DelegationState
from shared.contracts.routing import Competence
from shared.contracts.values import Category, PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem

OURS, OTHERS = UUID(int=1), UUID(int=2)
TODAY, DAY = date(2026, 9, 30), timedelta(days=1)
PROMISE: dict[Verb, tuple[set[str], str]] = {
    Verb.PUBLISH: ({"draft"}, "published"),
    Verb.SUSPEND: ({"published"}, "suspended"),
    Verb.RESUME: ({"suspended"}, "published"),
    Verb.REVOKE: ({"published", "suspended"}, "revoked"),
    Verb.EXPIRE: ({"published", "suspended"}, "expired"),
}
WILLING = Case(party_id=OURS, authority_id=OURS, valid_to=TODAY, today=TODAY, lawful_body=True)
OVER = replace(WILLING, valid_to=TODAY - DAY)


@pytest.mark.parametrize("verb", Verb)
def test_only_the_head_of_the_authority_moves_a_letter_and_only_the_platform_ends_its_term(verb: Verb) -> None:
    sources, target = PROMISE[verb]
    case = OVER if verb is Verb.EXPIRE else WILLING
    for state, role in product(DelegationState, [*Role, SYSTEM]):
        if role != (SYSTEM if verb is Verb.EXPIRE else "authority.head"):
            with pytest.raises(Forbidden):
                DELEGATION.permit(verb, state, {role}, case)
        elif state not in sources:
            with pytest.raises(Conflict):
                DELEGATION.permit(verb, state, {role}, case)
        else:
            assert DELEGATION.permit(verb, state, {role}, case).target == target


@pytest.mark.parametrize(
    ("verbs", "slug", "kind", "changes"),
    [
        (set(Verb) - {Verb.EXPIRE}, "not-your-delegation", Forbidden, {"party_id": OTHERS}),
        (
            {Verb.PUBLISH, Verb.SUSPEND, Verb.RESUME},
            "delegation-over",
            Conflict,
            {"valid_to": TODAY - DAY},
        ),
        ({Verb.PUBLISH, Verb.RESUME}, "delegate-not-lawful", BadInput, {"lawful_body": False}),
        ({Verb.PUBLISH, Verb.RESUME}, "power-not-held", BadInput, {"not_held": ("fire",)}),
        ({Verb.EXPIRE}, "delegation-not-over", Conflict, {}),
    ],
)
def test_each_condition_refuses_in_its_own_words(
    verbs: set[Verb], slug: str, kind: type[Problem], changes: dict[str, Any]
) -> None:
    for verb in verbs:
        role = SYSTEM if verb is Verb.EXPIRE else "authority.head"
        with pytest.raises(kind) as told:
            DELEGATION.permit(verb, DelegationState(min(PROMISE[verb][0])), {role}, replace(WILLING, **changes))
        assert (told.value.slug, bool(told.value.en), bool(told.value.zh)) == (slug, True, True)


def test_who_received_a_power_cannot_pass_it_on_and_only_authorities_have_one() -> None:
    takes = {"entrusted": {"township", "delegate"}, "assigned": {"township"}, "authorised": {"delegate"}}
    for kind, authority, delegate in product(DelegationKind, [None, *PartyKind], [None, *PartyKind]):
        fault = party_fault(kind, authority, delegate)
        told = fault.slug if fault else None
        if authority in {PartyKind.TOWNSHIP, PartyKind.DELEGATE}:
            assert told == "no-sub-delegation"
        elif authority is not PartyKind.AUTHORITY:
            assert told == "not-an-authority"
        else:
            assert (told is None) == (delegate in takes[kind]), (kind, delegate)


def test_a_letter_ends_by_the_longest_term() -> None:
    assert term_fault(TODAY, TODAY + DAY, TODAY + DAY) is None
    fault = term_fault(TODAY, TODAY + 2 * DAY, TODAY + DAY)
    assert fault is not None
    assert fault.slug == "term-too-long"


def rule(by: CompetenceBy, key: str, area: str = "990101", **term: date) -> Competence:
    return Competence(by=by, key=key, authority_id=OURS, area_code=area, **term)


@pytest.mark.parametrize(
    ("rules", "categories", "industries", "lacking"),
    [
        ([rule(CompetenceBy.INDUSTRY, "C")], ["dust"], ["C13", "C"], ()),
        ([rule(CompetenceBy.INDUSTRY, "C13")], [], ["C13", "C", "B"], ("C", "B")),
        ([rule(CompetenceBy.INDUSTRY, "C")], ["fire", "dust"], [], ("fire",)),
        ([rule(CompetenceBy.CATEGORY, "fire")], ["fire", "dust"], [], ("dust",)),
        ([rule(CompetenceBy.CATEGORY, "fire")], [], [], ()),
        ([], [], [], ("990101001",)),
        ([rule(CompetenceBy.INDUSTRY, "C", "990101002")], [], ["C"], ("C",)),
        ([rule(CompetenceBy.INDUSTRY, "C", "990101001005")], [], ["C"], ("C",)),
        ([rule(CompetenceBy.INDUSTRY, "C", valid_to=TODAY - DAY)], [], ["C"], ("C",)),
        ([rule(CompetenceBy.INDUSTRY, "C", valid_from=TODAY + DAY)], ["dust"], [], ("dust",)),
    ],
)
def test_an_authority_has_only_what_its_rules_of_competence_give_it(
    rules: list[Competence], categories: list[str], industries: list[str], lacking: tuple[str, ...]
) -> None:
    assert not_held(rules, "990101001", [Category(each) for each in categories], industries, TODAY) == lacking


@pytest.mark.parametrize(
    "changes",
    [
        {"powers": []},
        {"powers": ["close"]},
        {"powers": ["order_stop"]},
        {"categories": []},
        {"valid_to": "2026-09-29"},
        {"evaluations": ["2027-10-01"]},
        {"kind": "authorised"},
        {"letter_no": " "},
        {"valid_to": None},
    ],
)
def test_a_letter_that_lacks_what_the_law_asks_is_no_letter(changes: dict[str, Any]) -> None:
    whole = {
        "authority_id": str(OURS),
        "delegate_id": str(OTHERS),
        "kind": "entrusted",
        "powers": ["confirm"],
        "categories": ["dust"],
        "area_code": "990101",
        "valid_from": "2026-09-30",
        "valid_to": "2027-09-30",
        "letter_no": "1",
        "evaluations": ["2027-03-31"],
    }
    assert KeepDelegation.model_validate(whole)
    with pytest.raises(ValueError, match="validation error"):
        KeepDelegation.model_validate(whole | changes)
