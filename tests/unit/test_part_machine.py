from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hazard_cases import parts as held_by

from services.inspection.hazards.actions.parts import put_in_step
from services.inspection.hazards.domain import HAZARD, Officer
from services.inspection.hazards.domain import Verb as HazardVerb
from services.inspection.hazards.domain import assisting as rules
from services.inspection.hazards.domain.parts import ENDS, IN_HAND, LIVE, PART, PartCase, PartVerb, askable
from services.inspection.hazards.models import Hazard, HazardPart
from shared.contracts.inspection import (
    HazardState,
    PartState,
    PartTask,
    ReturnReason,
)
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.testing import START

LEAD, PARTY, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
TODAY = date(2026, 9, 30)
TOWN = "990101001"
ANY_AUTHORITY, ASSISTING, COMMITTEE = {"authority"}, {"authority", "township"}, {"committee"}
PROMISE: dict[PartVerb, tuple[set[str], str, set[str]]] = {
    PartVerb.ASK: (set(), "asked", ANY_AUTHORITY),
    PartVerb.ACKNOWLEDGE: ({"asked"}, "acknowledged", ASSISTING),
    PartVerb.ANSWER: ({"acknowledged"}, "answered", ASSISTING),
    PartVerb.DECLINE: ({"asked", "acknowledged"}, "declined", ASSISTING),
    PartVerb.REASK: ({"declined"}, "released", ANY_AUTHORITY),
    PartVerb.RELEASE: ({"asked", "acknowledged", "declined"}, "released", ANY_AUTHORITY),
    PartVerb.INSIST: ({"declined"}, "insisted", ANY_AUTHORITY),
    PartVerb.ARBITRATE: ({"insisted"}, "asked", COMMITTEE),
}
"""G01, written out again: the table is checked against it, not against itself."""

OF_THE_PARTY = {PartVerb.ACKNOWLEDGE, PartVerb.ANSWER, PartVerb.DECLINE}
OF_THE_LEAD = {PartVerb.ASK, PartVerb.REASK, PartVerb.RELEASE, PartVerb.INSIST}


def willing(verb: PartVerb, **changes: Any) -> PartCase:
    """Give the case in which only state and role can refuse."""
    acting = PARTY if verb in OF_THE_PARTY else LEAD if verb in OF_THE_LEAD else OTHER
    case = PartCase(party_id=acting, lead_authority_id=LEAD, in_hand=True, today=TODAY, asked_of=PARTY)
    return replace(case, **changes)


def test_every_verb_has_its_row_and_whoever_waits_is_told_by_its_clock() -> None:
    assert set(PART.moves) == set(PartVerb) == set(PROMISE)
    assert set(ENDS) == set(PartVerb) - {PartVerb.ASK}
    assert {verb: move.clock for verb, move in PART if move.clock} == {
        PartVerb.ASK: "part.acknowledge",
        PartVerb.DECLINE: "part.settle",
        PartVerb.INSIST: "competence.arbitrate",
        PartVerb.ARBITRATE: "part.acknowledge",
    }


@pytest.mark.parametrize("verb", PartVerb)
def test_every_state_and_role_is_answered_as_promised(verb: PartVerb) -> None:
    sources, target, roles = PROMISE[verb]
    for state, role in product([None, *PartState], Role):
        held = held_by(role)
        starts = state in sources if sources else state is None
        if not held & roles:
            with pytest.raises(Forbidden, match="Your role may not"):
                PART.permit(verb, state, held, willing(verb))
        elif not starts:
            with pytest.raises(Conflict):
                PART.permit(verb, state, held, willing(verb))
        else:
            assert PART.permit(verb, state, held, willing(verb)).after(state) == target
            ends = {PART.moves[verb].after(state), PART.moves[verb].otherwise} - {None, PartState(target)}
            assert ends == ({PartState.RELEASED} if verb is PartVerb.ARBITRATE else set())
            offers = askable(held, willing(verb)) if state is None else PART.offers(state, held, willing(verb))
            assert verb in offers


@pytest.mark.parametrize(
    ("verbs", "changes", "refusal", "kind"),
    [
        (OF_THE_PARTY, {"party_id": LEAD}, "not-your-part", Forbidden),
        (OF_THE_PARTY, {"party_id": None}, "not-your-part", Forbidden),
        (OF_THE_LEAD, {"party_id": PARTY}, "not-your-hazard", Forbidden),
        (OF_THE_LEAD, {"lead_authority_id": None}, "not-your-hazard", Forbidden),
        (OF_THE_LEAD, {"lead_authority_id": None, "party_id": None}, "not-your-hazard", Forbidden),
        (set(PartVerb), {"in_hand": False}, "not-in-hand", Conflict),
        ({PartVerb.ANSWER}, {"on": TODAY + timedelta(days=1)}, "day-not-come", Conflict),
        ({PartVerb.DECLINE}, {"arbitrated": True}, "committee-decided", Conflict),
    ],
)
def test_each_condition_refuses_in_its_own_words(
    verbs: set[PartVerb], changes: dict[str, Any], refusal: str, kind: type[Problem]
) -> None:
    for verb in verbs:
        state = PartState(min(PROMISE[verb][0])) if PROMISE[verb][0] else None
        role = held_by("committee") if verb is PartVerb.ARBITRATE else held_by("authority.desk")
        with pytest.raises(kind) as told:
            PART.permit(verb, state, role, willing(verb, **changes))
        assert (told.value.slug, bool(told.value.en), bool(told.value.zh)) == (refusal, True, True), verb
        if state is not None:
            assert verb not in PART.offers(state, role, willing(verb, **changes))
    assert askable(held_by("authority.desk"), willing(PartVerb.ASK, in_hand=False)) == []


def test_on_its_day_a_joint_inspection_is_answered_and_not_before() -> None:
    assert PART.permit(PartVerb.ANSWER, PartState.ACKNOWLEDGED, {"authority"}, willing(PartVerb.ANSWER, on=TODAY))


def test_parts_are_asked_from_the_leads_taking_it_until_it_is_closed() -> None:
    assert {HazardState.ASSIGNED, *HAZARD.moves[HazardVerb.CLOSE].sources} <= IN_HAND
    assert not IN_HAND & {HazardState.SUSPECTED, HazardState.CONFIRMED, HazardState.CLOSED, HazardState.REOPENED}


def may_assist(kind: PartyKind | None, task: PartTask, area: str = "990101") -> str | None:
    return refusal(lambda: rules.can_assist(kind, area, TOWN, task))


def refusal(rule: Callable[[], None]) -> str | None:
    """Give the slug by which the rule refuses; None: it does not."""
    try:
        rule()
    except Problem as refused:
        return refused.slug if refused.en and refused.zh else "wordless"
    return None


def test_authorities_assist_in_everything_townships_in_what_is_their_own_and_nobody_else() -> None:
    for kind, task in product([None, *PartyKind], PartTask):
        told = may_assist(kind, task)
        if kind == PartyKind.AUTHORITY:
            assert told is None
        elif kind == PartyKind.TOWNSHIP:
            own = task in {PartTask.MEASURE, PartTask.INFORMATION}
            assert told == (None if own else "not-for-a-township")
        else:
            assert told == "cannot-assist", kind
    assert may_assist(PartyKind.AUTHORITY, PartTask.OPINION, "990102") == "outside-its-area"
    assert may_assist(PartyKind.TOWNSHIP, PartTask.MEASURE, "990101002") == "outside-its-area"
    assert may_assist(PartyKind.TOWNSHIP, PartTask.MEASURE, TOWN) is None


def test_a_joint_inspection_has_a_day_that_can_be_and_nothing_else_has_one() -> None:
    def told(task: PartTask, days: int | None) -> str | None:
        on = None if days is None else TODAY + timedelta(days=days)
        return refusal(lambda: rules.day_is_possible(task, on, TODAY, 60))

    assert {told(PartTask.JOINT_INSPECTION, days) for days in (0, 60)} == {None}
    assert {told(PartTask.JOINT_INSPECTION, days) for days in (-1, 61)} == {"joint-day-not-possible"}
    assert told(PartTask.JOINT_INSPECTION, None) == "joint-inspection-has-a-day"
    for task in set(PartTask) - {PartTask.JOINT_INSPECTION}:
        assert (told(task, None), told(task, 1)) == (None, "joint-inspection-has-a-day")
    assert refusal(lambda: rules.day_is_possible(PartTask.JOINT_INSPECTION, date.max, TODAY, 60)) is not None


@pytest.mark.parametrize("code", ReturnReason)
def test_not_ours_says_whose_unless_no_law_names_anybody(code: ReturnReason) -> None:
    assert refusal(lambda: rules.names_an_owner(code, OTHER)) is None
    told = refusal(lambda: rules.names_an_owner(code, None))
    assert told == (None if code is ReturnReason.NO_POWER else "suggest-an-owner")
    assert refusal(lambda: rules.names_another(PARTY, PARTY)) == "suggest-another"
    assert refusal(lambda: rules.names_another(None, None)) is None


def test_a_joint_inspection_is_answered_with_two_certified_officers_of_its_own() -> None:
    one, two = Officer(UUID(int=11), True, True), Officer(UUID(int=12), True, True)
    joint = PartTask.JOINT_INSPECTION
    rules.officers_took_part(joint, [one, two])
    rules.officers_took_part(PartTask.OPINION, [])
    for officers, told in (
        ([one, one], "two-officers"),
        ([one, replace(two, member=False)], "not-an-officer-here"),
        ([one, replace(two, certified=False)], "certificate-expired"),
        ([one, replace(two, recused=True)], "officer-recused"),
    ):
        with pytest.raises(Problem) as refused:
            rules.officers_took_part(joint, officers)
        assert refused.value.slug == told
    with pytest.raises(Forbidden):
        rules.officers_took_part(PartTask.MEASURE, [replace(one, certified=False)])


def test_joint_officers_are_of_others_and_each_body_is_named_once() -> None:
    rules.each_another_body([PARTY, OTHER], {LEAD, None})
    for named in ([PARTY, PARTY], [LEAD]):
        with pytest.raises(BadInput):
            rules.each_another_body(named, {LEAD, None})


def part(authority: UUID, state: PartState, *, required: bool = True, cycle: int = 2) -> HazardPart:
    given = {"id": UUID(int=authority.int + 90), "hazard_id": LEAD, "asked_by_id": LEAD, "task": PartTask.OPINION}
    return HazardPart(
        **given,
        cycle=cycle,
        authority_id=authority,
        what="x",
        required=required,
        state=state,
        asked_at=START,
        by_id=LEAD,
    )


@pytest.mark.parametrize("state", PartState)
def test_the_hazard_counts_what_is_required_and_owed_and_names_all_but_the_released(state: PartState) -> None:
    known = {"id": LEAD, "cycle": 2, "co_authority_ids": [str(OTHER)]}
    hazard = Hazard(**known)
    put_in_step(hazard, [part(PARTY, state), part(LEAD, PartState.ASKED, cycle=1)])
    assert hazard.open_parts == int(state in LIVE)
    assert hazard.co_authority_ids == [str(OTHER), *([] if state is PartState.RELEASED else [str(PARTY)])]
    put_in_step(hazard, [part(PARTY, state, required=False)])
    assert hazard.open_parts == 0
