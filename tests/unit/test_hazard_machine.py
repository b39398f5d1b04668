from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hazard_cases import (
    COLLEAGUE,
    HEAD,
    ME,
    MILL,
    OTHER,
    OWN,
    PROMISE,
    STILL_OPEN,
    TODAY,
    case,
    letter,
    parts,
    willing,
)

from services.inspection.copies.domain import Letter, Scope
from services.inspection.hazards.domain import (
    HAZARD,
    OPEN,
    OVERLAYS,
    POWER,
    SUSPENSION,
    Officer,
    Verb,
)
from services.inspection.hazards.domain.rules import each_exactly_once, grade_is_reasoned, limit_is_lawful, may_be_cited
from shared.contracts.inspection import (
    HazardState,
    PowerCut,
    Suspension,
)
from shared.contracts.registry import DelegationState, Power
from shared.contracts.values import Category, Grade, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem


def test_every_verb_has_one_row() -> None:
    beside = {verb for overlay in OVERLAYS for verb in overlay.machine.moves}
    assert set(HAZARD.moves) == set(PROMISE)
    assert set(Verb) == set(PROMISE) | beside | {Verb.REGISTER, Verb.JOIN}
    assert OPEN == STILL_OPEN


@pytest.mark.parametrize("verb", PROMISE)
def test_every_state_and_role_is_answered_as_promised(verb: Verb) -> None:
    sources, target, roles = PROMISE[verb]
    for state, role in product(HazardState, Role):
        held, before = parts(role), willing(state, role, verb)
        if not held & roles:
            with pytest.raises(Forbidden):
                HAZARD.permit(verb, state, held, before)
        elif state not in sources:
            with pytest.raises(Conflict):
                HAZARD.permit(verb, state, held, before)
        else:
            assert HAZARD.permit(verb, state, held, before).after(state) == (target or state)
            assert verb in HAZARD.offers(state, held, before)


@pytest.mark.parametrize("verb", sorted(set(PROMISE) - OWN))
def test_an_authoritys_moves_wait_until_it_has_taken_over_what_the_enterprise_governs(verb: Verb) -> None:
    """Voiding it and looking at it again are left, and what its states never reach."""
    left = {Verb.VOID, Verb.LOOK_BACK, Verb.REOPEN}
    unreachable = {Verb.ORDER, Verb.RETURN_ASSIGNMENT, Verb.START_RECTIFICATION, Verb.DELIVER, Verb.REPORT_MAJOR}
    unreachable |= {Verb.PASS_RECHECK, Verb.FAIL_RECHECK}
    [state, *_] = sorted(PROMISE[verb][0])
    governed = replace(willing(HazardState(state), min(PROMISE[verb][2])), self_governed=True)
    offered = verb in HAZARD.offers(HazardState(state), {*PROMISE[verb][2]}, governed)
    assert offered == (verb in left | unreachable)


REFUSALS: list[tuple[Verb, str, type[Problem], dict[str, Any]]] = [
    (Verb.CONFIRM, "not-your-hazard", Forbidden, {"handling_authority_id": OTHER}),
    (Verb.CONFIRM, "certificate-expired", Forbidden, {"certified": False}),
    (Verb.CONFIRM, "two-officers", BadInput, {"officers": (Officer(ME, True, True),)}),
    (Verb.DISMISS, "two-officers", BadInput, {"officers": ()}),
    *((verb, "county-decides", Conflict, {"county_decides": True}) for verb in (Verb.DISMISS, Verb.VOID, Verb.MERGE)),
    (Verb.ASSIGN, "not-your-hazard", Forbidden, {"lead_authority_id": OTHER}),
    (Verb.ASSIGN, "not-in-arbitration", Forbidden, {"committee": True}),
    (Verb.RETURN_ASSIGNMENT, "not-your-hazard", Forbidden, {"lead_authority_id": None}),
    (Verb.ORDER, "not-your-hazard", Forbidden, {"lead_authority_id": OTHER}),
    (Verb.ORDER, "certificate-expired", Forbidden, {"certified": False}),
    (Verb.ORDER, "two-officers", BadInput, {"officers": (Officer(ME, True, True), Officer(ME, True, True))}),
    (
        Verb.ORDER,
        "you-are-not-among-them",
        BadInput,
        {"officers": (Officer(COLLEAGUE, True, True), Officer(UUID(int=3), True, True))},
    ),
    (
        Verb.ORDER,
        "not-an-officer-here",
        BadInput,
        {"officers": (Officer(ME, True, True), Officer(COLLEAGUE, False, True))},
    ),
    (
        Verb.ORDER,
        "certificate-expired",
        Forbidden,
        {"officers": (Officer(ME, True, True), Officer(COLLEAGUE, True, False))},
    ),
    (Verb.START_RECTIFICATION, "not-your-hazard", Forbidden, {"party_id": OTHER}),
    (Verb.REQUEST_RECHECK, "not-your-hazard", Forbidden, {"party_id": OTHER}),
    (Verb.OPEN_RECHECK, "not-your-hazard", Forbidden, {"lead_authority_id": OTHER}),
    (Verb.PASS_RECHECK, "two-officers", BadInput, {"officers": (Officer(ME, True, True),)}),
    (Verb.FAIL_RECHECK, "certificate-expired", Forbidden, {"certified": False}),
    (Verb.CLOSE, "head-only", Forbidden, {"head": False}),
    (Verb.CLOSE, "closer-is-rechecker", Conflict, {"rechecked_by": frozenset({ME, COLLEAGUE})}),
    (Verb.CLOSE, "still-suspended", Conflict, {"suspension": Suspension.RESUME_REQUESTED}),
    (Verb.CLOSE, "items-open", Conflict, {"open_items": 1}),
    (Verb.CLOSE, "parts-open", Conflict, {"open_parts": 1}),
    (Verb.LOOK_BACK, "not-your-hazard", Forbidden, {"lead_authority_id": OTHER}),
    (Verb.REOPEN, "not-your-hazard", Forbidden, {"lead_authority_id": OTHER}),
    (Verb.VOID, "not-your-hazard", Forbidden, {"lead_authority_id": OTHER}),
    *((verb, "authority-governs", Forbidden, {"self_governed": False}) for verb in sorted(OWN)),
    *((verb, "not-your-hazard", Forbidden, {"party_id": OTHER}) for verb in sorted(OWN)),
    (Verb.CLOSE_OWN, "closer-is-rechecker", Conflict, {"rechecked_by": frozenset({ME})}),
    (Verb.CLOSE_OWN, "items-open", Conflict, {"open_items": 1}),
    (Verb.TAKE_OVER, "certificate-expired", Forbidden, {"certified": False}),
    (Verb.TAKE_OVER, "you-are-recused", Forbidden, {"recused": True}),
]


@pytest.mark.parametrize(("verb", "slug", "kind", "changes"), REFUSALS)
def test_each_condition_refuses_in_its_own_words(
    verb: Verb, slug: str, kind: type[Problem], changes: dict[str, Any]
) -> None:
    [state, *_] = sorted(PROMISE[verb][0])
    refused = replace(willing(HazardState(state), min(PROMISE[verb][2]), verb), **changes)
    with pytest.raises(kind) as told:
        HAZARD.permit(verb, HazardState(state), {*PROMISE[verb][2]}, refused)
    assert told.value.slug == slug
    assert told.value.en
    assert told.value.zh


DAY = timedelta(days=1)
LACKS: list[tuple[str, dict[str, Any]]] = [
    ("no-delegation", {"authority_id": OTHER}),
    ("delegation-not-in-force", {"valid_to": TODAY - DAY}),
    ("delegation-not-in-force", {"valid_from": TODAY + DAY}),
    *(("delegation-not-in-force", {"state": state}) for state in set(DelegationState) - {DelegationState.PUBLISHED}),
    ("delegation-out-of-scope", {"area_code": "990101002"}),
    ("delegation-out-of-scope", {"categories": frozenset({"fire"})}),
    ("delegation-out-of-scope", {"industries": ("C14", "B")}),
]


@pytest.mark.parametrize("power", Power)
def test_a_delegate_acts_only_as_far_as_a_letter_reaches(power: Power) -> None:
    verb = Verb(power)
    [state, *_] = sorted(PROMISE[verb][0])

    def permitted(*letters: Letter) -> bool:
        acting = case(HazardState(state), party_id=OTHER, letters=letters, delivered=True)
        HAZARD.permit(verb, HazardState(state), {"delegate"}, acting)
        return True

    for told, changes in LACKS:
        with pytest.raises(Forbidden) as refused:
            permitted(letter(**changes))
        assert (refused.value.slug, bool(refused.value.en), bool(refused.value.zh)) == (told, True, True), changes
        assert permitted(letter(**changes), letter())
    with pytest.raises(Forbidden, match="does not include"):
        permitted(letter(powers=frozenset(Power) - {power}))
    with pytest.raises(Forbidden, match="no letter"):
        permitted()
    assert permitted(letter(categories=frozenset({"fire", "dust"}), industries=("C13",), area_code="990101001"))


@pytest.mark.parametrize("power", sorted(set(Power) - {Power.OPEN_RECHECK}))
def test_a_delegates_officer_holds_a_certificate_as_an_authoritys_does(power: Power) -> None:
    [state, *_] = sorted(PROMISE[Verb(power)][0])
    without = case(HazardState(state), party_id=OTHER, letters=(letter(),), certified=False)
    with pytest.raises(Forbidden) as refused:
        HAZARD.permit(Verb(power), HazardState(state), {"delegate"}, without)
    assert refused.value.slug == "certificate-expired"


def test_an_unknown_industry_lies_in_no_letter_that_names_industries() -> None:
    narrow = letter(industries=("C",))
    for industries in (frozenset[str](), frozenset({""}), frozenset({"C1310", "P8210"})):
        scope = Scope(area_code="990101001", category=Category.DUST, industries=industries)
        with pytest.raises(Forbidden, match="outside"):
            case(party_id=OTHER, letters=(narrow,), scope=scope).letter_for(Power.ORDER)
    assert case(party_id=OTHER, letters=(narrow,)).letter_for(Power.ORDER) == narrow


def test_what_is_delegated_is_what_officers_do_on_site_and_never_a_decision_of_the_head() -> None:
    delegable = {verb for verb, move in HAZARD if "delegate" in move.roles}
    assert delegable == {verb for verb, move in HAZARD if "township" in move.roles}
    assert delegable == {*map(Verb, Power), Verb.DELIVER}
    assert not any("delegate" in move.roles for _, move in SUSPENSION)


def test_a_delegate_cites_the_legal_bases_that_its_letter_names_and_no_others() -> None:
    named, other = UUID(int=31), UUID(int=32)

    def acting(cited: set[UUID] | None) -> Letter | None:
        scope = Scope(area_code="990101001", category=Category.DUST, cited=None if cited is None else frozenset(cited))
        return case(party_id=OTHER, letters=(letter(basis_ids=frozenset({named})),), scope=scope).letter_for(
            Power.ORDER
        )

    assert acting(None) == acting({named})
    for cited in (set[UUID](), {other}, {named, other}):
        with pytest.raises(Forbidden, match="legal basis"):
            acting(cited)


def test_an_order_cites_what_holds_on_its_day() -> None:
    known, unknown = UUID(int=31), UUID(int=32)
    may_be_cited([], [])
    may_be_cited([known], [known])
    with pytest.raises(BadInput) as refused:
        may_be_cited([known, unknown], [known])
    assert (refused.value.slug, refused.value.facts) == ("basis-not-in-force", {"bases": [str(unknown)]})


def test_the_principal_closes_what_they_verified_themselves() -> None:
    alone = replace(willing(HazardState.VERIFIED, "enterprise.principal", Verb.CLOSE_OWN), rechecked_by=frozenset({ME}))
    assert Verb.CLOSE_OWN not in HAZARD.offers(HazardState.VERIFIED, parts("enterprise.principal"), alone)
    signing = replace(alone, principal=True)
    assert Verb.CLOSE_OWN in HAZARD.offers(HazardState.VERIFIED, parts("enterprise.principal"), signing)


def test_a_general_hazard_is_closed_by_the_desk() -> None:
    desk = case(HazardState.VERIFIED, head=False, grade=Grade.GENERAL)
    assert HAZARD.offers(HazardState.VERIFIED, parts("authority.desk"), desk) == [Verb.CLOSE]


@pytest.mark.parametrize("state", ["rectifying", "ordered"])
def test_an_unasked_recheck_waits_for_the_limit(state: str) -> None:
    early = case(HazardState(state), limit=TODAY)
    assert Verb.OPEN_RECHECK not in HAZARD.offers(HazardState(state), parts("authority.officer"), early)


def test_a_limit_lies_between_today_and_the_longest() -> None:
    limit_is_lawful(TODAY, TODAY, 30, at_once=True)
    limit_is_lawful(TODAY + timedelta(days=30), TODAY, 30)
    limit_is_lawful(TODAY + timedelta(days=21), TODAY, 30, min_days=21)
    limit_is_lawful(TODAY, TODAY, 30, min_days=21, at_once=True)
    with pytest.raises(BadInput) as early:
        limit_is_lawful(TODAY + timedelta(days=20), TODAY, 30, min_days=21)
    assert early.value.facts["earliest"] == TODAY + timedelta(days=21)
    for day, at_once in ((31, False), (-1, False), (1, True)):
        with pytest.raises(BadInput):
            limit_is_lawful(TODAY + timedelta(days=day), TODAY, 30, at_once=at_once)


def test_a_grade_has_its_reason() -> None:
    grade_is_reasoned(Grade.GENERAL, [], [], [])
    grade_is_reasoned(Grade.MAJOR, [ME], {ME}, [])
    grade_is_reasoned(Grade.MAJOR, [], [], ["Sun", "Qian"])
    for cited, valid, experts in (([], [], []), ([ME], [], []), ([], [], ["Sun"]), ([ME], [], ["Sun", "Qian"])):
        with pytest.raises(BadInput):
            grade_is_reasoned(Grade.MAJOR, cited, valid, experts)


def test_every_open_item_is_named_once() -> None:
    each_exactly_once({ME, COLLEAGUE}, [COLLEAGUE, ME])
    for given in ([ME], [ME, ME], [ME, COLLEAGUE, COLLEAGUE], [ME, MILL]):
        with pytest.raises(BadInput):
            each_exactly_once({ME, COLLEAGUE}, given)


ASIDE = [
    (overlay.machine, verb, move)
    for overlay in OVERLAYS
    for verb, move in overlay.machine
    if move.roles & {"authority", "authority.desk", "authority.head"}
]


def test_whoever_stepped_aside_does_nothing_more_in_the_matter() -> None:
    """Penalty Law art. 43: every move of an authority but to take or give back the lead, and to give power back."""
    rows = [(HAZARD, verb, move) for verb, move in HAZARD if "authority" in {role.split(".")[0] for role in move.roles}]
    allowed = {
        verb
        for _, verb, move in (*rows, *ASIDE)
        if all(guard.__name__ != "has_not_stepped_aside" for guard in move.guards)
    }
    assert allowed == {Verb.ASSIGN, Verb.RETURN_ASSIGNMENT, Verb.RESTORE_POWER}
    recused = replace(willing(HazardState.RECHECKING, "authority.officer", Verb.PASS_RECHECK), recused=True)
    with pytest.raises(Forbidden) as refused:
        HAZARD.permit(Verb.PASS_RECHECK, HazardState.RECHECKING, parts("authority.officer"), recused)
    assert refused.value.slug == "you-are-recused"


BLOCKS = [
    ("site-check-due", {"site_check_due": True}),
    ("power-still-cut", {"power": PowerCut.ANNOUNCED}),
]


@pytest.mark.parametrize(("slug", "changes"), BLOCKS)
def test_what_is_left_to_do_beside_keeps_a_hazard_open(slug: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Conflict) as refused:
        HAZARD.permit(Verb.CLOSE, HazardState.VERIFIED, parts("authority.head"), case(HazardState.VERIFIED, **changes))
    assert refused.value.slug == slug


def test_power_is_cut_only_where_a_major_hazard_stands_still() -> None:
    for slug, changes in (
        ("not-major", {"grade": Grade.GENERAL, "suspension": Suspension.FULL_STOP}),
        ("not-suspended", {"suspension": Suspension.RESUMED}),
    ):
        with pytest.raises(Conflict) as refused:
            POWER.permit(Verb.CUT_POWER, PowerCut.NONE, HEAD, case(HazardState.ORDERED, **changes))
        assert refused.value.slug == slug
