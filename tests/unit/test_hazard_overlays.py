from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hazard_cases import ANY_AUTHORITY, DECIDERS, HEAD, MANAGEMENT, OTHER, TODAY, case, parts, willing

from services.inspection.hazards.domain import (
    ENFORCEMENT,
    EXTENSION,
    HAZARD,
    LISTING,
    OVERLAYS,
    POWER,
    STAY,
    SUSPENSION,
    Case,
    Verb,
)
from shared.contracts.inspection import (
    Enforcement,
    Extension,
    HazardState,
    Stay,
    Suspension,
)
from shared.contracts.values import Grade, Role
from shared.errors import Conflict, Forbidden, Problem
from shared.machine import Machine

TOLD = {"rights_told", "hearing_asked", "heard", "reviewed"}
BINDING = {"served", "demanded", "court"}
ASIDE_PROMISE: dict[str, dict[Verb, tuple[set[str], str | None, set[str]]]] = {
    "extension": {
        Verb.REQUEST_EXTENSION: ({"none", "granted", "refused"}, "requested", MANAGEMENT),
        Verb.DECIDE_EXTENSION: ({"requested"}, "granted", DECIDERS),
    },
    "enforcement": {
        Verb.OPEN_CASE: ({"none", "executed"}, "case_open", ANY_AUTHORITY),
        Verb.TELL_RIGHTS: ({"case_open", "rights_told", "heard", "reviewed"}, "rights_told", ANY_AUTHORITY),
        Verb.STATE_DEFENCE: (TOLD, None, MANAGEMENT | ANY_AUTHORITY),
        Verb.ASK_HEARING: ({"rights_told"}, "hearing_asked", MANAGEMENT | ANY_AUTHORITY),
        Verb.WAIVE_HEARING: ({"rights_told", "hearing_asked"}, "rights_told", MANAGEMENT | ANY_AUTHORITY),
        Verb.CALL_HEARING: ({"hearing_asked"}, None, DECIDERS),
        Verb.HOLD_HEARING: ({"hearing_asked"}, "heard", ANY_AUTHORITY),
        Verb.REVIEW_CASE: ({"rights_told", "heard"}, "reviewed", ANY_AUTHORITY),
        Verb.DECIDE_CASE: ({"reviewed"}, "penalty_decided", HEAD),
        Verb.DROP_CASE: ({"case_open"} | TOLD, "none", HEAD),
        Verb.SERVE_CASE: ({"penalty_decided"}, "served", ANY_AUTHORITY),
        Verb.RECORD_PAYMENT: (BINDING, None, ANY_AUTHORITY),
        Verb.GRANT_TERMS: ({"served", "demanded"}, "served", HEAD),
        Verb.SERVE_DEMAND: ({"served"}, "demanded", ANY_AUTHORITY),
        Verb.CONTEST_CASE: (BINDING, None, DECIDERS),
        Verb.END_CONTEST: (BINDING, None, DECIDERS),
        Verb.APPLY_TO_COURT: ({"demanded"}, "court", HEAD),
        Verb.EXECUTE_CASE: (BINDING, "executed", DECIDERS),
    },
    "listing": {
        Verb.PROPOSE_LISTING: ({"none", "delisted"}, "proposed", HEAD),
        Verb.LIST: ({"proposed"}, "listed", {"committee"}),
        Verb.REFUSE_LISTING: ({"proposed"}, "none", {"committee"}),
        Verb.REQUEST_DELISTING: ({"listed"}, "delist_requested", HEAD),
        Verb.DELIST: ({"delist_requested"}, "delisted", {"committee"}),
        Verb.REFUSE_DELISTING: ({"delist_requested"}, "listed", {"committee"}),
    },
    "power": {
        Verb.CUT_POWER: ({"none", "lifted"}, "announced", HEAD),
        Verb.RESTORE_POWER: ({"announced"}, "lifted", HEAD),
    },
    "stay": {
        Verb.STAY_ORDER: ({"none", "lifted"}, "stayed", HEAD),
        Verb.LIFT_STAY: ({"stayed"}, "lifted", HEAD),
    },
}
STANDS_AT = {Verb.REQUEST_DELISTING: HazardState.CLOSED, Verb.DELIST: HazardState.CLOSED}
"""Where the main line stands when these are possible; for all others an order is being carried out."""

STOPS = {"partial_stop", "full_stop", "equipment_stop", "evacuated"}
SUSPENSION_PROMISE: dict[Verb, tuple[set[str], str, set[str]]] = {
    Verb.ORDER_STOP: ({"none", "resumed"}, "full_stop", HEAD),
    Verb.REQUEST_RESUMPTION: (STOPS, "resume_requested", MANAGEMENT),
    Verb.DECIDE_RESUMPTION: ({"resume_requested"}, "resumed", HEAD),
}


@pytest.mark.parametrize("machine", [EXTENSION, ENFORCEMENT, LISTING, POWER, STAY], ids=lambda machine: machine.name)
def test_what_runs_beside_the_main_line_is_answered_as_promised(machine: Machine[Any, Verb, Case]) -> None:
    promise = ASIDE_PROMISE[machine.name]
    assert set(machine.moves) == set(promise)
    for verb, (sources, target, roles) in promise.items():
        for stands, role in product(machine.states(), Role):
            held, before = parts(role), willing(STANDS_AT.get(verb, HazardState.ORDERED), role, verb)
            if not held & roles:
                with pytest.raises(Forbidden):
                    machine.permit(verb, stands, held, before)
            elif stands not in sources:
                with pytest.raises(Conflict):
                    machine.permit(verb, stands, held, before)
            else:
                assert machine.permit(verb, stands, held, before).after(stands) == (target or stands)
                assert verb in machine.offers(stands, held, before)


@pytest.mark.parametrize(("machine", "verb"), [(ENFORCEMENT, Verb.OPEN_CASE), (LISTING, Verb.PROPOSE_LISTING)])
def test_what_the_enterprise_governs_opens_no_case_and_is_not_listed(
    machine: Machine[Any, Verb, Case], verb: Verb
) -> None:
    """Found by itself and put right in time: not penalised (Penalty Law art. 33 [L]); taken over first otherwise."""
    working = willing(HazardState.RECTIFYING, "authority.head")
    assert verb in machine.offers(machine.states()[0], parts("authority.head"), working)
    with pytest.raises(Conflict) as refused:
        machine.permit(verb, machine.states()[0], parts("authority.head"), replace(working, self_governed=True))
    assert refused.value.slug == "self-governed"


@pytest.mark.parametrize("verb", SUSPENSION_PROMISE)
def test_every_stop_and_role_is_answered_as_promised(verb: Verb) -> None:
    sources, target, roles = SUSPENSION_PROMISE[verb]
    for stop, role in product(Suspension, Role):
        held = parts(role)
        if not held & roles:
            with pytest.raises(Forbidden):
                SUSPENSION.permit(verb, stop, held, willing(HazardState.ORDERED, role))
        elif stop not in sources:
            with pytest.raises(Conflict):
                SUSPENSION.permit(verb, stop, held, willing(HazardState.ORDERED, role))
        else:
            assert SUSPENSION.permit(verb, stop, held, willing(HazardState.ORDERED, role)).after(stop) == target


@pytest.mark.parametrize("state", HazardState)
def test_work_is_stopped_only_while_somebody_answers_for_the_danger(state: HazardState) -> None:
    allowed = {"assigned", "ordered", "rectifying", "recheck_requested", "rechecking"}
    offered = SUSPENSION.offers(Suspension.NONE, parts("authority.head"), case(state))
    assert offered == ([Verb.ORDER_STOP] if state in allowed else [])


def test_only_a_major_hazard_is_stopped_and_only_by_its_lead() -> None:
    for changes in ({"grade": Grade.GENERAL}, {"lead_authority_id": OTHER}):
        offered = SUSPENSION.offers(Suspension.NONE, parts("authority.head"), case(HazardState.ORDERED, **changes))
        assert offered == []


FEW_DAYS = timedelta(days=3)
CASE_REFUSALS: list[tuple[Verb, str, str, str, dict[str, Any]]] = [
    (Verb.TELL_RIGHTS, "case_open", "authority.officer", "certificate-expired", {"certified": False}),
    (Verb.TELL_RIGHTS, "case_open", "authority.officer", "not-your-hazard", {"lead_authority_id": OTHER}),
    (Verb.STATE_DEFENCE, "rights_told", "enterprise.principal", "not-your-hazard", {"enterprise_id": OTHER}),
    (Verb.ASK_HEARING, "rights_told", "enterprise.principal", "no-hearing-right", {"hearing_right": False}),
    (Verb.ASK_HEARING, "rights_told", "enterprise.manager", "answer-too-late", {"answer_until": TODAY - FEW_DAYS}),
    (Verb.WAIVE_HEARING, "hearing_asked", "enterprise.principal", "no-hearing-right", {"hearing_right": False}),
    (Verb.HOLD_HEARING, "hearing_asked", "authority.officer", "hearing-to-come", {"hearing_on": None}),
    (Verb.HOLD_HEARING, "hearing_asked", "authority.desk", "hearing-to-come", {"hearing_on": TODAY + FEW_DAYS}),
    (Verb.REVIEW_CASE, "rights_told", "authority.desk", "answer-time-runs", {"answer_until": TODAY}),
    (Verb.REVIEW_CASE, "heard", "authority.desk", "you-are-recused", {"recused": True}),
    (Verb.GRANT_TERMS, "served", "authority.head", "no-fine", {"pay_until": None}),
    (Verb.SERVE_DEMAND, "served", "authority.officer", "pay-time-runs", {"pay_until": TODAY}),
    (Verb.SERVE_DEMAND, "served", "authority.officer", "contested", {"contested": True}),
    (Verb.CONTEST_CASE, "served", "authority.desk", "contested", {"contested": True}),
    (Verb.END_CONTEST, "served", "authority.desk", "not-contested", {"contested": False}),
    (Verb.APPLY_TO_COURT, "demanded", "authority.head", "contested", {"contested": True}),
    (Verb.EXECUTE_CASE, "court", "authority.head", "contested", {"contested": True}),
]


@pytest.mark.parametrize(("verb", "stands", "role", "told", "changes"), CASE_REFUSALS)
def test_a_case_goes_on_only_under_its_conditions(
    verb: Verb, stands: str, role: str, told: str, changes: dict[str, Any]
) -> None:
    fit = willing(HazardState.ORDERED, role, verb)
    assert verb in ENFORCEMENT.offers(Enforcement(stands), parts(role), fit)
    unfit = replace(fit, **changes)
    assert verb not in ENFORCEMENT.offers(Enforcement(stands), parts(role), unfit)
    with pytest.raises(Problem) as refused:
        ENFORCEMENT.permit(verb, Enforcement(stands), parts(role), unfit)
    assert refused.value.slug == told


def test_a_decision_that_falls_leaves_no_case_wherever_it_stood() -> None:
    ends = ENFORCEMENT.moves[Verb.END_CONTEST]
    for stands in BINDING:
        assert ends.after(Enforcement(stands)) == stands
        assert ends.after(Enforcement(stands), yes=False) is Enforcement.NONE


def test_an_authority_takes_down_a_paper_after_the_days_in_which_it_came() -> None:
    late = replace(willing(HazardState.ORDERED, "authority.desk", Verb.ASK_HEARING), answer_until=TODAY - FEW_DAYS)
    assert Verb.ASK_HEARING in ENFORCEMENT.offers(Enforcement.RIGHTS_TOLD, parts("authority.desk"), late)


STAY_REFUSALS: list[tuple[str, HazardState, dict[str, Any]]] = [
    ("not-your-hazard", HazardState.ORDERED, {"lead_authority_id": OTHER}),
    ("self-governed", HazardState.RECTIFYING, {"self_governed": True}),
    ("you-are-recused", HazardState.ORDERED, {"recused": True}),
    ("imminent-danger", HazardState.ORDERED, {"imminent_danger": True}),
    *(
        ("nothing-to-stay", state, {})
        for state in HazardState
        if state not in {HazardState.ORDERED, HazardState.RECTIFYING}
    ),
]


@pytest.mark.parametrize(("told", "state", "changes"), STAY_REFUSALS)
def test_only_an_order_that_waits_and_whose_danger_can_wait_is_stayed(
    told: str, state: HazardState, changes: dict[str, Any]
) -> None:
    assert STAY.offers(Stay.NONE, parts("authority.head"), case(HazardState.ORDERED)) == [Verb.STAY_ORDER]
    unfit = case(state, **changes)
    assert STAY.offers(Stay.NONE, parts("authority.head"), unfit) == []
    with pytest.raises(Problem) as refused:
        STAY.permit(Verb.STAY_ORDER, Stay.NONE, parts("authority.head"), unfit)
    assert refused.value.slug == told


def test_a_stayed_order_gets_no_more_time_and_its_limit_does_not_pass() -> None:
    asking = willing(HazardState.ORDERED, "enterprise.principal", Verb.REQUEST_EXTENSION)
    assert EXTENSION.offers(Extension.NONE, parts("enterprise.principal"), asking) == [Verb.REQUEST_EXTENSION]
    late = willing(HazardState.ORDERED, "authority.officer", Verb.OPEN_RECHECK)
    assert Verb.OPEN_RECHECK in HAZARD.offers(late.state, parts("authority.officer"), late)
    for machine, verb, stands, role, fit in (
        (EXTENSION, Verb.REQUEST_EXTENSION, Extension.NONE, "enterprise.principal", asking),
        (HAZARD, Verb.OPEN_RECHECK, late.state, "authority.officer", late),
    ):
        with pytest.raises(Conflict) as refused:
            machine.permit(verb, stands, parts(role), replace(fit, stay=Stay.STAYED))
        assert refused.value.slug == "order-stayed"
    asked = replace(late, state=HazardState.RECHECK_REQUESTED, stay=Stay.STAYED)
    assert Verb.OPEN_RECHECK in HAZARD.offers(asked.state, parts("authority.officer"), asked)


def test_every_overlay_has_its_promise() -> None:
    assert {overlay.field for overlay in OVERLAYS} == {"suspension", *ASIDE_PROMISE}
    assert set(SUSPENSION.moves) == set(SUSPENSION_PROMISE)
