"""What each person would send for each of a hazard's verbs: the whole of a lawful command, made from how it stands."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hazard_stages import RESUMPTION, REVIEW, SIGNED
from hazard_walk import Person
from inspection_county import CRITERION, DESK, EMERGENCY, HEAD, LI, OFFICERS, OFFICERS_PICTURE, PICTURE, WANG

from services.inspection.hazards.domain import Verb
from shared.contracts.inspection import Suspension
from shared.contracts.values import Grade
from shared.testing import Platform

Seen = Mapping[str, Any]
"""The hazard as the desk sees it."""
Write = Callable[[Platform, Person, Seen], dict[str, Any]]
COMMITTEES_PICTURE = {**PICTURE, "id": str(UUID(int=303))}
BASIS = "Work Safety Law art. 65"


def _today(platform: Platform) -> date:
    return (platform.now + timedelta(hours=8)).date()


def _two(who: Person) -> list[str]:
    other = WANG if who.id != WANG else LI
    return [str(who.id), str(other)]


def _confirm(_: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    grade = seen["wanted"]
    cited = [str(CRITERION)] if grade is Grade.MAJOR else []
    told = {"grade": grade, "what": "Dust deposits", "officers": _two(who), "criterion_ids": cited}
    return {**told, "another_matter": True}  # each walk is of its own: it does not open an earlier one again


def _assign(_: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    return {"lead_authority_id": str(EMERGENCY)} if who.name == "secretary" else {}


def _order(platform: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    items = [{"text": text, "before": [OFFICERS_PICTURE]} for text in ("Clean the motors", "Fit an extractor")]
    limit = str(_today(platform) + timedelta(days=20))
    return {"kind": "rectify_by", "items": items, "limit": limit, "basis": BASIS, "officers": _two(who)}


def _deliver(_: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    order = {"order_id": seen["orders"][-1]["id"], "how": "in_person", "received_by": "Gatekeeper"}
    return {**order, "evidence": [OFFICERS_PICTURE]}


def _start(_: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    words = {"responsible_person": "Principal", "measures": "Extractor", "contingency_plan": "Stop and evacuate"}
    return {"certainties": {**words, "funds_yuan": 20000, "limit": seen["limit"]}}


def _open_items(seen: Seen) -> list[dict[str, Any]]:
    return [item for item in seen["items"] if not item["passed"]]


def _prove(_: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    return {"items": [{"item_id": item["id"], "after": [PICTURE]} for item in _open_items(seen)]}


def _judge(who: Person, seen: Seen, *, passed: bool) -> dict[str, Any]:
    items = _open_items(seen)
    verdicts = [{"item_id": item["id"], "passed": passed or nth > 0} for nth, item in enumerate(items)]
    shown = [{**verdict, "after": [OFFICERS_PICTURE]} for verdict in verdicts]
    return {"officers": _two(who), "verdicts": shown, "opinion": "Seen on site", **SIGNED}


def _fail(platform: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    limit = str(_today(platform) + timedelta(days=5))
    return {**_judge(who, seen, passed=False), "consequence": "new_order", "limit": limit, "basis": BASIS}


def _more_time(_: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    until = str(date.fromisoformat(seen["limit"]) + timedelta(days=10))
    return {"ground": "other", "reason": "The part comes late", "interim_measures": "Guarded", "until": until}


_HANDED_OVER = {"how": "in_person", "received_by": "The principal", "evidence": [OFFICERS_PICTURE]}
_FINE = {"penalty": "A fine", "kinds": ["fine"], "amount_yuan": 60000, "basis": "WSL art. 102"}
"""So much that the party may ask for a hearing."""
_RIGHTS = {**_FINE, "facts": "Dust", "reasons": "Not removed", "service": _HANDED_OVER}


def _say(_: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    return {"words": "It comes", "evidence": [PICTURE if who.role.startswith("enterprise") else OFFICERS_PICTURE]}


def _call(platform: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    return {"at": str(platform.now + timedelta(days=20)), "place": "Room 3", "presider": str(DESK)}


def _decide_case(platform: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    members = [str(HEAD), str(DESK)]
    return {**_FINE, "discussion": {"on": str(_today(platform)), "members": members, "opinion": "Agreed"}}


def _list(platform: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    return {"level": 2, "limit": str(_today(platform) + timedelta(days=60)), "reason": "It is grave"}


def _delist(platform: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    day = str(_today(platform))
    return {"acceptors": OFFICERS, "accepted_on": day, "acceptance": "Gone", "evidence": [COMMITTEES_PICTURE]}


def _cut(platform: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    return {"cut_at": str(platform.now + timedelta(hours=30)), "reason": "Still working", "basis": "WSL art. 70"}


def _major(_: Platform, who: Person, seen: Seen) -> dict[str, Any]:
    return {"state_and_cause": "Dust", "harm_and_difficulty": "It may explode", "plan": "Extractor"}


def _says(**words: Any) -> Write:
    return lambda *_: words


COMMANDS: Mapping[Verb, Write] = {
    Verb.CONFIRM: _confirm,
    Verb.DISMISS: lambda _, who, seen: {"reason": "Nothing there", "officers": _two(who)},
    Verb.ASSIGN: _assign,
    Verb.ORDER: _order,
    Verb.DELIVER: _deliver,
    Verb.START_RECTIFICATION: _start,
    Verb.REPORT_MAJOR: _major,
    Verb.REQUEST_RECHECK: _prove,
    Verb.OPEN_RECHECK: _says(),
    Verb.PASS_RECHECK: lambda _, who, seen: _judge(who, seen, passed=True),
    Verb.FAIL_RECHECK: _fail,
    Verb.CLOSE: _says(workers_told=True),
    Verb.LOOK_BACK: lambda _, who, seen: {"ordinal": min(seen["looked_back"] + 1, 2), "passed": True, "remark": "Good"},
    Verb.REOPEN: _says(reason="It is back"),
    Verb.VOID: _says(reason="Pulled down", proof=[OFFICERS_PICTURE]),
    Verb.ORDER_STOP: _says(kind=Suspension.FULL_STOP, reason="It may explode", basis=BASIS),
    Verb.REQUEST_RESUMPTION: _says(**RESUMPTION),
    Verb.DECIDE_RESUMPTION: _says(granted=True, reason="Seen", review=REVIEW),
    Verb.REQUEST_EXTENSION: _more_time,
    Verb.DECIDE_EXTENSION: _says(granted=True, reason="Force of things"),
    Verb.OPEN_CASE: lambda _, who, seen: {"ground": "Not removed", "basis": "WSL art. 102", "officers": _two(who)},
    Verb.TELL_RIGHTS: _says(**_RIGHTS),
    Verb.STATE_DEFENCE: _say,
    Verb.ASK_HEARING: _say,
    Verb.WAIVE_HEARING: _say,
    Verb.CALL_HEARING: _call,
    Verb.HOLD_HEARING: _says(attended=True, record="Heard", evidence=[OFFICERS_PICTURE]),
    Verb.REVIEW_CASE: _says(agrees=True, opinion="Sound"),
    Verb.DECIDE_CASE: _decide_case,
    Verb.SERVE_CASE: _says(**_HANDED_OVER),
    Verb.DROP_CASE: _says(reason="Minor and mended"),
    Verb.PROPOSE_LISTING: _says(ground="public_impact", reason="A school is near", evidence=[OFFICERS_PICTURE]),
    Verb.LIST: _list,
    Verb.REFUSE_LISTING: _says(reason="Not grave enough"),
    Verb.REQUEST_DELISTING: _says(statement="All is done"),
    Verb.DELIST: _delist,
    Verb.REFUSE_DELISTING: _says(reason="Look again"),
    Verb.CUT_POWER: _cut,
    Verb.RESTORE_POWER: _says(reason="They stopped"),
}
"""Left out are those that lead to another hazard or lead, that follow a penalty, and the enterprise's own."""

MAY_REFUSE: Mapping[Verb, set[str]] = {
    Verb.ASK_HEARING: {"answer-too-late"},
    Verb.REVIEW_CASE: {"reviewer-is-officer"},
    Verb.DECIDE_CASE: {"reviewer-is-officer"},
    Verb.REQUEST_EXTENSION: {"asked-too-late", "extension-not-lawful"},
    Verb.DECIDE_EXTENSION: {"extension-not-lawful"},
    Verb.LOOK_BACK: {"look-back-order"},
}
"""Refusals that hang on what is asked, not on who and when: then nothing has changed."""
