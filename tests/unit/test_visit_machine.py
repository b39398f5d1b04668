from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.inspection.copies.domain import Officer
from services.inspection.visits.domain import (
    MADE,
    OUTSIDE_CAP,
    VISIT,
    Case,
    Verb,
    cap_holds,
    counts,
    result_is_whole,
)
from shared.catalogue.machines import machines_page
from shared.contracts.inspection import (
    Undone,
    VisitGround,
    VisitKind,
    VisitState,
)
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict, Forbidden, Problem

ME, COLLEAGUE, GUEST = UUID(int=1), UUID(int=2), UUID(int=3)
OURS, FIRE, TOWN_HALL = UUID(int=11), UUID(int=12), UUID(int=13)
TODAY = date(2026, 9, 30)
VISITORS = {"authority", "township", "grid_worker"}
PROMISE: dict[Verb, tuple[set[str | None], set[str], set[str]]] = {
    Verb.PLAN: ({None}, {"planned"}, VISITORS),
    Verb.START: ({"planned"}, {"under_way"}, VISITORS),
    Verb.FINISH: ({"under_way"}, {"finished", "not_done"}, VISITORS),
    Verb.CANCEL: ({"planned"}, {"cancelled"}, VISITORS),
}
"""The states of a visit, written out again: the table is checked against it, not against itself."""
INSPECTS = {"authority", "authority.desk", "authority.officer", "authority.head"}
PATROLS = {"township", "grid_worker"}


def parts(role: str) -> frozenset[str]:
    words = role.split(".")
    return frozenset(".".join(words[: n + 1]) for n in range(len(words)))


def case(role: str = "authority.officer", **changes: Any) -> Case:
    """Give a case in which nothing but role and state can refuse; `changes` then make something refuse."""
    given: dict[str, Any] = {
        "who_id": ME,
        "roles": parts(role),
        "party_id": OURS,
        "leader_id": OURS,
        "kind": VisitKind.GRID_PATROL if role in PATROLS else VisitKind.ADMIN_INSPECTION,
        "on": TODAY,
        "today": TODAY,
        "ahead_days": 400,
        "after_days": 30,
        "going": frozenset({ME, COLLEAGUE}),
        "certified": True,
        "officers": (Officer(ME, member=True, certified=True), Officer(COLLEAGUE, member=True, certified=True)),
        **changes,
    }
    return Case(**given)


def refusal(verb: Verb, state: VisitState | None, given: Case, kind: type[Problem]) -> str:
    with pytest.raises(kind) as refused:
        VISIT.permit(verb, state, given.roles, given)
    return refused.value.slug


def plan(**changes: Any) -> str:
    role = changes.pop("role", "authority.officer")
    kind = changes.pop("refused", BadInput)
    return refusal(Verb.PLAN, None, case(role, **changes), kind)


def test_every_verb_has_one_row() -> None:
    assert set(VISIT.moves) == set(Verb) == set(PROMISE)


@pytest.mark.parametrize("verb", Verb)
def test_every_state_and_role_is_answered_as_promised(verb: Verb) -> None:
    sources, targets, roles = PROMISE[verb]
    for state, role in product([None, *VisitState], Role):
        given = case(role)
        if not given.roles & roles:
            assert refusal(verb, state, given, Forbidden) == "role-may-not"
        elif state not in sources:
            assert refusal(verb, state, given, Conflict) == "illegal-transition"
        else:
            move = VISIT.permit(verb, state, given.roles, given)
            assert {move.target, move.otherwise} - {None} == targets
            assert state is None or verb in VISIT.offers(state, given.roles, given)


def test_a_visit_that_ended_offers_nothing_and_both_ends_are_drawn() -> None:
    assert {state for state in VisitState if not any(state in move.sources for move in VISIT.moves.values())} == (
        VISIT.final
    )
    assert "under_way --> finished: finish" in machines_page()
    assert "under_way --> not_done: finish" in machines_page()


def test_the_list_of_kinds_is_closed() -> None:
    assert set(VisitKind) == {"admin_inspection", "grid_patrol"}


@pytest.mark.parametrize(("role", "kind"), list(product(Role, VisitKind)))
def test_only_authorities_inspect_and_only_townships_and_grid_workers_patrol(role: str, kind: VisitKind) -> None:
    given = case(role, kind=kind)
    if role in (INSPECTS if kind is VisitKind.ADMIN_INSPECTION else PATROLS):
        assert VISIT.permit(Verb.PLAN, None, given.roles, given).target == "planned"
        return
    with pytest.raises(Forbidden) as refused:
        VISIT.permit(Verb.PLAN, None, given.roles, given)
    knows_visits = bool(given.roles & VISITORS)
    inspecting, patrolling = ("may-not-inspect", "not-a-patrol") if knows_visits else ("role-may-not",) * 2
    assert refused.value.slug == (inspecting if kind is VisitKind.ADMIN_INSPECTION else patrolling)
    if kind is VisitKind.ADMIN_INSPECTION:
        assert "国办发〔2024〕54号" in str(refused.value.facts["source"])


def test_a_visit_is_made_in_an_organisations_name() -> None:
    assert plan(party_id=None, leader_id=None, refused=Forbidden) == "no-organisation"


@pytest.mark.parametrize(("away", "allowed"), [(-31, False), (-30, True), (0, True), (400, True), (401, False)])
def test_the_day_lies_within_reach(away: int, allowed: bool) -> None:
    given = case(on=TODAY + timedelta(days=away))
    if allowed:
        assert VISIT.permit(Verb.PLAN, None, given.roles, given)
    else:
        assert refusal(Verb.PLAN, None, given, BadInput) == "visit-day"


@pytest.mark.parametrize("on", [date.min, date.max])
def test_the_ends_of_time_are_refused_and_not_counted_with(on: date) -> None:
    assert plan(on=on) == "visit-day"


def test_two_certified_officers_of_the_own_authority_inspect() -> None:
    mine = Officer(ME, member=True, certified=True)
    assert plan(officers=(mine,)) == "two-officers"
    assert plan(officers=(mine, mine)) == "two-officers"
    others = (Officer(COLLEAGUE, member=True, certified=True), Officer(GUEST, member=True, certified=True))
    assert plan(officers=others) == "you-are-not-among-them"
    assert plan(officers=(mine, Officer(GUEST, member=False, certified=True))) == "not-an-officer-here"
    expired = (mine, Officer(COLLEAGUE, member=True, certified=False))
    assert plan(officers=expired, refused=Forbidden) == "certificate-expired"


def test_a_patrol_needs_no_certificate_and_takes_colleagues_only() -> None:
    alone = case("grid_worker", officers=(Officer(ME, member=False, certified=False),))
    assert VISIT.permit(Verb.PLAN, None, alone.roles, alone)
    stranger = (Officer(ME, member=True, certified=False), Officer(GUEST, member=False, certified=False))
    assert plan(role="grid_worker", officers=stranger) == "not-a-colleague"
    assert plan(role="grid_worker", officers=stranger[1:]) == "you-are-not-among-them"


def test_other_authorities_take_part_by_their_own_certified_officers() -> None:
    joint = {"joint_ids": frozenset({FIRE}), "authorities": frozenset({FIRE})}
    guest = Officer(GUEST, member=True, certified=True)
    given = case(**joint, joint_officers=(guest,))
    assert VISIT.permit(Verb.PLAN, None, given.roles, given)
    assert plan(joint_ids=frozenset({TOWN_HALL})) == "not-another-authority"
    assert plan(joint_ids=frozenset({OURS}), authorities=frozenset({OURS})) == "not-another-authority"
    assert plan(**joint, joint_officers=(replace(guest, member=False),)) == "not-an-officer-here"
    assert plan(**joint, joint_officers=(replace(guest, certified=False),), refused=Forbidden) == "certificate-expired"
    assert plan(role="township", **joint) == "no-joint-patrol"


@pytest.mark.parametrize(
    ("away", "slug"), [(-31, "visit-lapsed"), (-30, None), (0, None), (1, "visit-not-today"), (400, "visit-not-today")]
)
def test_a_visit_begins_on_its_day_or_soon_after(away: int, slug: str | None) -> None:
    given = case(on=TODAY + timedelta(days=away))
    offered = Verb.START in VISIT.offers(VisitState.PLANNED, given.roles, given)
    assert offered is (slug is None)
    if slug is not None:
        assert refusal(Verb.START, VisitState.PLANNED, given, Conflict) == slug


def test_who_does_not_go_neither_begins_nor_ends_it() -> None:
    absent = case(going=frozenset({COLLEAGUE}))
    assert refusal(Verb.START, VisitState.PLANNED, absent, Forbidden) == "not-on-this-visit"
    assert refusal(Verb.FINISH, VisitState.UNDER_WAY, absent, Forbidden) == "not-on-this-visit"


def test_an_officer_whose_certificate_expired_begins_no_inspection_and_a_patrol_asks_for_none() -> None:
    assert refusal(Verb.START, VisitState.PLANNED, case(certified=False), Forbidden) == "certificate-expired"
    patrol = case("grid_worker", certified=False)
    assert VISIT.permit(Verb.START, VisitState.PLANNED, patrol.roles, patrol)


def test_who_joins_a_visit_does_not_call_it_off() -> None:
    assert refusal(Verb.CANCEL, VisitState.PLANNED, case(party_id=FIRE), Forbidden) == "not-your-visit"


@pytest.mark.parametrize(
    ("result", "slug"),
    [
        (("All in order.", 0, None, ""), None),
        ((None, None, Undone.CLOSED, ""), None),
        ((None, None, Undone.OTHER, "Flooded road"), None),
        ((None, None, Undone.OTHER, ""), "undone-needs-words"),
        ((None, None, None, ""), "visit-result"),
        (("All in order.", None, None, ""), "visit-result"),
        ((None, 2, None, ""), "visit-result"),
        (("All in order.", 0, Undone.CLOSED, ""), "visit-result"),
        ((None, 0, Undone.CLOSED, ""), "visit-result"),
    ],
)
def test_a_result_is_what_was_found_or_why_nothing_could_be(
    result: tuple[str | None, int | None, Undone | None, str], slug: str | None
) -> None:
    if slug is None:
        result_is_whole(*result)
        return
    with pytest.raises(BadInput) as refused:
        result_is_whole(*result)
    assert refused.value.slug == slug


def test_complaints_accidents_rechecks_and_assignments_are_outside_the_cap_and_patrols_too() -> None:
    assert set(OUTSIDE_CAP) == {"complaint", "accident", "recheck", "superior_assigned"}
    for ground in VisitGround:
        assert counts(VisitKind.ADMIN_INSPECTION, ground) is (ground in {"planned", "drawn", "special_campaign"})
        assert not counts(VisitKind.GRID_PATROL, ground)


def test_what_was_not_made_takes_no_place_in_the_year() -> None:
    assert set(MADE) == {"planned", "under_way", "finished"}


def test_the_cap_is_the_last_that_is_allowed() -> None:
    first, second = date(2026, 3, 1), date(2026, 6, 1)
    cap_holds(2, 2026, [first])
    with pytest.raises(Conflict) as refused:
        cap_holds(2, 2026, [first, second])
    assert refused.value.slug == "visit-beyond-cap"
    assert refused.value.facts == {"year": 2026, "cap": 2, "dates": [first, second]}
    with pytest.raises(Conflict):
        cap_holds(0, 2026, [])
