"""Cases in which no guard refuses, and the promise of domain reference §4.2 written out again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.inspection.copies.domain import Letter, Scope
from services.inspection.hazards.domain import Case, Officer, Verb
from shared.contracts.inspection import (
    HazardState,
    Suspension,
)
from shared.contracts.registry import DelegationState, Power
from shared.contracts.values import Category, Grade

ME, COLLEAGUE = UUID(int=1), UUID(int=2)
AUTHORITY, OTHER, MILL = UUID(int=11), UUID(int=12), UUID(int=13)
TODAY = date(2026, 9, 30)
ANY_AUTHORITY = {"authority"}
ON_SITE = {"authority", "delegate", "township"}
DECIDERS = {"authority.desk", "authority.head"}
HEAD = {"authority.head"}
MANAGEMENT = {"enterprise.principal", "enterprise.manager"}
STILL_OPEN = {
    "suspected",
    "confirmed",
    "assigned",
    "ordered",
    "rectifying",
    "recheck_requested",
    "rechecking",
    "reopened",
}
PROMISE: dict[Verb, tuple[set[str], str | None, set[str]]] = {
    Verb.CONFIRM: ({"suspected"}, "confirmed", ON_SITE),
    Verb.DISMISS: ({"suspected"}, "dismissed", ANY_AUTHORITY),
    Verb.ASSIGN: ({"confirmed", "assigned", "reopened"}, "assigned", DECIDERS | {"committee"}),
    Verb.RETURN_ASSIGNMENT: ({"assigned"}, "assigned", DECIDERS),
    Verb.ORDER: ({"assigned"}, "ordered", ON_SITE),
    Verb.START_RECTIFICATION: ({"ordered"}, "rectifying", MANAGEMENT),
    Verb.REQUEST_RECHECK: ({"rectifying"}, "recheck_requested", MANAGEMENT),
    Verb.OPEN_RECHECK: ({"recheck_requested", "rectifying", "ordered"}, "rechecking", ON_SITE),
    Verb.PASS_RECHECK: ({"rechecking"}, "verified", ON_SITE),
    Verb.FAIL_RECHECK: ({"rechecking"}, "rectifying", ON_SITE),
    Verb.SITE_CHECK: ({"verified"}, None, ANY_AUTHORITY),
    Verb.CLOSE: ({"verified"}, "closed", DECIDERS),
    Verb.LOOK_BACK: ({"closed"}, "closed", ANY_AUTHORITY),
    Verb.REOPEN: ({"closed"}, "reopened", HEAD),
    Verb.VOID: (STILL_OPEN, "void", HEAD),
    Verb.CONFIRM_OWN: ({"suspected"}, "confirmed", MANAGEMENT),
    Verb.START_OWN: ({"confirmed"}, "rectifying", MANAGEMENT),
    Verb.FINISH_OWN: ({"rectifying"}, "verified", MANAGEMENT),
    Verb.CLOSE_OWN: ({"verified"}, "closed", MANAGEMENT),
    Verb.TAKE_OVER: ({"suspected", "confirmed", "rectifying", "verified"}, "suspected", ANY_AUTHORITY),
    Verb.SPLIT: ({"suspected", "confirmed"}, None, ANY_AUTHORITY),
    Verb.MERGE: ({"suspected", "confirmed"}, "merged", ANY_AUTHORITY),
    Verb.DELIVER: ({"ordered", "rectifying", "recheck_requested", "rechecking"}, None, ON_SITE),
    Verb.REPORT_MAJOR: ({"ordered", "rectifying", "recheck_requested"}, None, MANAGEMENT),
}
"""Domain reference §4.2, written out again: the table is checked against it, not against itself."""

OWN = {Verb.CONFIRM_OWN, Verb.START_OWN, Verb.FINISH_OWN, Verb.CLOSE_OWN, Verb.TAKE_OVER}
"""Moves of what an enterprise found and removes itself (§4.6); all others are of what an authority governs."""


def parts(role: str) -> set[str]:
    words = role.split(".")
    return {".".join(words[: n + 1]) for n in range(len(words))}


def case(state: HazardState = HazardState.ASSIGNED, **changes: Any) -> Case:
    """Give a case in which no guard of an authority refuses; `changes` then make one refuse."""
    given: dict[str, Any] = {
        "who_id": ME,
        "party_id": AUTHORITY,
        "committee": False,
        "head": True,
        "certified": True,
        "today": TODAY,
        "state": state,
        "grade": Grade.MAJOR,
        "suspension": Suspension.NONE,
        "handling_authority_id": AUTHORITY,
        "lead_authority_id": AUTHORITY,
        "enterprise_id": MILL,
        "limit": TODAY - timedelta(days=1),
        "officers": (Officer(ME, True, True), Officer(COLLEAGUE, True, True)),
        "scope": Scope(area_code="990101001", category=Category.DUST, industries=frozenset({"C1310"})),
        **changes,
    }
    return Case(**given)


def letter(**changes: Any) -> Letter:
    """Give a letter that allows everything that may be delegated; `changes` then narrow it."""
    given: dict[str, Any] = {
        "id": UUID(int=21),
        "authority_id": AUTHORITY,
        "state": DelegationState.PUBLISHED,
        "letter_no": "1",
        "powers": frozenset(Power),
        "categories": frozenset[str](),
        "industries": (),
        "basis_ids": frozenset[UUID](),
        "area_code": "990101",
        "valid_from": TODAY - timedelta(days=30),
        "valid_to": TODAY,
        **changes,
    }
    return Letter(**given)


def willing(state: HazardState, role: str, verb: Verb | None = None) -> Case:
    """Give a case in which no guard of this verb refuses this role."""
    return replace(
        _willing(state, role),
        self_governed=verb in OWN,
        delivered=verb is Verb.OPEN_RECHECK,
        site_check_due=verb is Verb.SITE_CHECK,
        suspension=Suspension.FULL_STOP if verb is Verb.CUT_POWER else Suspension.NONE,
        hearing_right=verb in {Verb.ASK_HEARING, Verb.WAIVE_HEARING},
        answer_until=TODAY if verb is Verb.ASK_HEARING else None,
        hearing_on=TODAY if verb is Verb.HOLD_HEARING else None,
        pay_until=TODAY - timedelta(days=1) if verb in {Verb.GRANT_TERMS, Verb.SERVE_DEMAND} else None,
        contested=verb is Verb.END_CONTEST,
    )


def _willing(state: HazardState, role: str) -> Case:
    if role.startswith("enterprise"):
        return case(state, party_id=MILL, limit=TODAY)
    if role in {"delegate", "township"}:
        return case(state, party_id=OTHER, letters=(letter(),))
    if role == "committee":
        return case(state, party_id=OTHER, committee=True, lead_authority_id=None)
    return case(state)
