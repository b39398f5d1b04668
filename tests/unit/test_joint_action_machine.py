"""The tables of joint actions and their parts: every state × verb × role, and that the committee has no visit."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.inspection.joint_actions.domain.action import (
    JOINT_ACTION,
    Case,
    Verb,
    VisitMade,
    all_are_known,
    drops_no_visited,
    lies_within,
    not_too_many,
    period_is_fair,
    visit_counts,
)
from services.inspection.joint_actions.domain.part import (
    JOINT_PART,
    LIVE,
    STANDING,
    PartCase,
    PartVerb,
    report_day_is_fair,
)
from shared.contracts.inspection import VisitKind
from shared.contracts.inspection.joint_actions import JointActionState, JointPartState
from shared.contracts.values import Role
from shared.errors import Conflict, Forbidden, Problem
from shared.machine import Machine

OURS, THEIRS = UUID(int=1), UUID(int=2)
TODAY = date(2026, 9, 30)
COMMITTEE, AUTHORITY = {"committee"}, {"authority"}
ANSWERING = {"authority.desk", "authority.head"}
ACTIONS: dict[Verb, tuple[set[str | None], set[str], set[str]]] = {
    Verb.OPEN: ({None}, {"open"}, COMMITTEE),
    Verb.CHOOSE: ({"open"}, set(), COMMITTEE | AUTHORITY),
    Verb.RECORD: ({"open"}, set(), AUTHORITY),
    Verb.CLOSE: ({"open"}, {"closed"}, COMMITTEE),
    Verb.CANCEL: ({"open"}, {"cancelled"}, COMMITTEE),
}
PARTS: dict[PartVerb, tuple[set[str | None], set[str], set[str]]] = {
    PartVerb.ASK: ({None}, {"asked"}, COMMITTEE),
    PartVerb.ACCEPT: ({"asked"}, {"accepted"}, ANSWERING),
    PartVerb.DECLINE: ({"asked"}, {"declined"}, ANSWERING),
    PartVerb.REPORT: ({"accepted"}, {"reported"}, ANSWERING),
    PartVerb.RELEASE: ({"asked", "accepted"}, {"released"}, COMMITTEE),
}
"""Sources, ends and roles, written out again: the tables are checked against this, not against themselves."""


def parts(role: str) -> set[str]:
    words = role.split(".")
    return {".".join(words[: n + 1]) for n in range(len(words))}


def action(**changes: Any) -> Case:
    """Give a case in which nothing but role and state can refuse; `changes` then make something refuse."""
    return Case(**{"party_id": OURS, "convener_id": OURS, "joined": frozenset({OURS}), **changes})


def part(**changes: Any) -> PartCase:
    return PartCase(**{"party_id": OURS, "convener_id": OURS, "asked_id": OURS, **changes})


def refusal(machine: Machine[Any, Any, Any], verb: Any, state: Any, role: str, case: Any, kind: type[Problem]) -> str:
    with pytest.raises(kind) as refused:
        machine.permit(verb, state, parts(role), case)
    return refused.value.slug


@pytest.mark.parametrize(
    ("machine", "promise", "states", "case"),
    [(JOINT_ACTION, ACTIONS, JointActionState, action()), (JOINT_PART, PARTS, JointPartState, part())],
    ids=["action", "part"],
)
def test_every_state_verb_and_role_is_answered_as_promised(
    machine: Machine[Any, Any, Any], promise: dict[Any, Any], states: Any, case: Any
) -> None:
    assert set(machine.moves) == set(promise)
    for (verb, (sources, targets, roles)), state, role in product(promise.items(), [None, *states], Role):
        if not parts(role) & roles:
            assert refusal(machine, verb, state, role, case, Forbidden) == "role-may-not"
        elif state not in sources:
            assert refusal(machine, verb, state, role, case, Conflict) == "illegal-transition"
        else:
            move = machine.permit(verb, state, parts(role), case)
            assert {move.target, move.otherwise} - {None} == targets
            assert state is None or verb in machine.offers(state, parts(role), case)
    ends = {state for state in states if not any(state in sources for sources, _, _ in promise.values())}
    assert ends == set(machine.final)


def test_the_committee_records_no_visit_and_the_row_says_by_which_rule() -> None:
    with pytest.raises(Forbidden) as refused:
        JOINT_ACTION.permit(Verb.RECORD, JointActionState.OPEN, COMMITTEE, action())
    assert (refused.value.slug, "国办发〔2024〕54号" in str(refused.value.facts["source"])) == ("role-may-not", True)


def test_only_who_accepted_a_part_acts_and_only_the_convener_closes() -> None:
    stranger = action(joined=frozenset({THEIRS}), convener_id=THEIRS)
    for verb in (Verb.CHOOSE, Verb.RECORD):
        assert refusal(JOINT_ACTION, verb, JointActionState.OPEN, "authority.desk", stranger, Forbidden) == (
            "not-taking-part"
        )
    for verb in (Verb.CLOSE, Verb.CANCEL):
        assert refusal(JOINT_ACTION, verb, JointActionState.OPEN, "committee", stranger, Forbidden) == "not-your-action"
    waiting = action(live=frozenset({THEIRS}))
    assert refusal(JOINT_ACTION, Verb.CLOSE, JointActionState.OPEN, "committee", waiting, Conflict) == "parts-open"
    assert Verb.CLOSE not in JOINT_ACTION.offers(JointActionState.OPEN, COMMITTEE, waiting)


def test_a_part_is_answered_by_whom_it_was_asked_of_while_the_action_goes_on() -> None:
    for verb, state, role in (
        (PartVerb.ACCEPT, "asked", "authority.desk"),
        (PartVerb.DECLINE, "asked", "authority.head"),
        (PartVerb.REPORT, "accepted", "authority.desk"),
    ):
        at = JointPartState(state)
        assert refusal(JOINT_PART, verb, at, role, part(asked_id=THEIRS), Forbidden) == "not-your-part"
        over = part(action=JointActionState.CANCELLED)
        assert refusal(JOINT_PART, verb, at, role, over, Conflict) == "action-over"
    foreign = part(convener_id=THEIRS)
    assert refusal(JOINT_PART, PartVerb.ASK, None, "committee", foreign, Forbidden) == "not-your-action"
    assert {JointPartState.REPORTED} == STANDING - LIVE


@pytest.mark.parametrize(
    ("since", "until", "fair"),
    [(0, 0, True), (-9, 0, True), (-9, -1, False), (2, 1, False), (0, 366, True), (0, 367, False), (10, 376, True)],
)
def test_a_period_ends_after_it_begins_is_not_over_and_not_endless(since: int, until: int, fair: bool) -> None:
    days = (TODAY + timedelta(days=since), TODAY + timedelta(days=until))
    if fair:
        period_is_fair(*days, TODAY, 366)
        return
    with pytest.raises(Problem) as refused:
        period_is_fair(*days, TODAY, 366)
    assert refused.value.slug == "action-period"


@pytest.mark.parametrize(("away", "fair"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_report_is_due_after_the_last_day_and_not_long_after(away: int, fair: bool) -> None:
    if fair:
        report_day_is_fair(TODAY + timedelta(days=away), TODAY, 60)
        return
    with pytest.raises(Problem) as refused:
        report_day_is_fair(TODAY + timedelta(days=away), TODAY, 60)
    assert refused.value.slug == "report-day"


GOOD: dict[str, Any] = {
    "ours": True, "kind": VisitKind.ADMIN_INSPECTION, "on": TODAY, "is_target": True, "counts_elsewhere": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"ours": False}, "not-your-inspection"),
        ({"kind": VisitKind.GRID_PATROL}, "not-your-inspection"),
        ({"counts_elsewhere": True}, "visit-counted"),
        ({"is_target": False}, "not-a-target"),
        ({"on": TODAY - timedelta(days=1)}, "outside-period"),
        ({"on": TODAY + timedelta(days=4)}, "outside-period"),
        ({"on": TODAY + timedelta(days=3)}, None),
    ],
)
def test_only_an_own_inspection_of_a_target_within_the_period_counts(changes: dict[str, Any], why: str | None) -> None:
    visit = VisitMade(**{**GOOD, **changes})
    if why is None:
        visit_counts(visit, TODAY, TODAY + timedelta(days=3))
        return
    with pytest.raises(Problem) as refused:
        visit_counts(visit, TODAY, TODAY + timedelta(days=3))
    assert refused.value.slug == why


def test_targets_are_known_not_too_many_and_what_was_visited_stays() -> None:
    all_are_known([OURS], {OURS})
    not_too_many(1000, 1000)
    drops_no_visited([OURS], {THEIRS})
    lies_within("990101001", "990101")
    for wrong, why in (
        (lambda: all_are_known([OURS, THEIRS], {OURS}), "unknown-enterprise"),
        (lambda: not_too_many(1001, 1000), "too-many-targets"),
        (lambda: drops_no_visited([THEIRS], {THEIRS}), "target-visited"),
        (lambda: lies_within("990102", "990101"), "action-area"),
    ):
        with pytest.raises(Problem) as refused:
            wrong()
        assert refused.value.slug == why
