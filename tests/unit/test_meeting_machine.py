"""The tables of meetings and of their tasks: every state × verb × role, against promises written out again."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.inspection.meetings.domain.meeting import (
    MEETING,
    Case,
    Verb,
    everybody_is_accounted_for,
    everybody_is_known,
)
from services.inspection.meetings.domain.task import (
    TASK,
    TaskCase,
    TaskVerb,
    limit_is_fair,
    owners_are_apart,
    verdict_is_whole,
)
from shared.contracts.inspection.meetings import MeetingState, TaskState
from shared.contracts.values import Role
from shared.errors import Conflict, Forbidden, Problem
from shared.machine import Machine
from shared.testing import START

OURS, THEIRS, OTHERS = UUID(int=1), UUID(int=2), UUID(int=3)
TODAY = date(2026, 9, 30)
COMMITTEE = {"committee"}
DOING = {"authority.desk", "authority.head", "township", "enterprise.principal", "enterprise.manager"}
MEETINGS: dict[Verb, tuple[set[str | None], set[str], set[str]]] = {
    Verb.CONVENE: ({None}, {"convened"}, COMMITTEE),
    Verb.MOVE: ({"convened"}, set(), COMMITTEE),
    Verb.CANCEL: ({"convened"}, {"cancelled"}, COMMITTEE),
    Verb.HOLD: ({"convened"}, {"held"}, COMMITTEE),
    Verb.MINUTE: ({"held"}, {"minuted"}, COMMITTEE),
}
TASKS: dict[TaskVerb, tuple[set[str | None], set[str], set[str]]] = {
    TaskVerb.ASSIGN: ({None}, {"open"}, COMMITTEE),
    TaskVerb.NOTE: ({"open", "insufficient"}, set(), DOING),
    TaskVerb.REPORT: ({"open", "insufficient"}, {"reported"}, DOING),
    TaskVerb.JUDGE: ({"reported"}, {"accepted", "insufficient"}, COMMITTEE),
    TaskVerb.CANCEL: ({"open", "reported", "insufficient"}, {"cancelled"}, COMMITTEE),
}
"""Sources, ends and roles, written out again: the tables are checked against this, not against themselves."""


def parts(role: str) -> set[str]:
    words = role.split(".")
    return {".".join(words[: n + 1]) for n in range(len(words))}


def meeting(**changes: Any) -> Case:
    """Give a case in which nothing but role and state can refuse; `changes` then make something refuse."""
    given: dict[str, Any] = {"party_id": OURS, "convener_id": OURS, "now": START, "starts_at": START, "asked": START}
    return Case(**{**given, "ahead_days": 180, **changes})


def task(**changes: Any) -> TaskCase:
    return TaskCase(**{"party_id": OURS, "convener_id": OURS, "owner_id": OURS, **changes})


def refusal(machine: Machine[Any, Any, Any], verb: Any, state: Any, role: str, case: Any, kind: type[Problem]) -> str:
    with pytest.raises(kind) as refused:
        machine.permit(verb, state, parts(role), case)
    return refused.value.slug


@pytest.mark.parametrize(
    ("machine", "promise", "states", "case"),
    [(MEETING, MEETINGS, MeetingState, meeting()), (TASK, TASKS, TaskState, task())],
    ids=["meeting", "task"],
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


def test_a_meeting_is_its_conveners_and_is_called_in_an_organisations_name() -> None:
    for verb, state in ((Verb.MOVE, "convened"), (Verb.CANCEL, "convened"), (Verb.HOLD, "convened")):
        given = meeting(convener_id=THEIRS)
        assert refusal(MEETING, verb, MeetingState(state), "committee", given, Forbidden) == "not-your-meeting"
    assert refusal(MEETING, Verb.CONVENE, None, "committee", meeting(party_id=None), Forbidden) == "no-organisation"


@pytest.mark.parametrize(("hours", "fair"), [(-1, False), (0, True), (24 * 180, True), (24 * 180 + 1, False)])
def test_a_meeting_lies_ahead_and_not_too_far(hours: int, fair: bool) -> None:
    given = meeting(asked=START + timedelta(hours=hours))
    if fair:
        assert MEETING.permit(Verb.CONVENE, None, COMMITTEE, given)
    else:
        assert refusal(MEETING, Verb.CONVENE, None, "committee", given, Problem) == "meeting-time"


def test_nobody_came_to_a_meeting_that_has_not_begun() -> None:
    given = meeting(starts_at=START + timedelta(minutes=1))
    assert refusal(MEETING, Verb.HOLD, MeetingState.CONVENED, "committee", given, Conflict) == "meeting-not-begun"


def test_everybody_who_was_called_is_known_and_is_recorded_once() -> None:
    everybody_is_known([OURS, THEIRS], {OURS, THEIRS})
    everybody_is_accounted_for({OURS, THEIRS}, [THEIRS, OURS])
    with pytest.raises(Problem) as stranger:
        everybody_is_known([OURS, OTHERS], {OURS, THEIRS})
    assert (stranger.value.slug, stranger.value.facts["parties"]) == ("unknown-party", [str(OTHERS)])
    for recorded in ([OURS], [OURS, OURS, THEIRS], [OURS, THEIRS, OTHERS], []):
        with pytest.raises(Problem) as refused:
            everybody_is_accounted_for({OURS, THEIRS}, recorded)
        assert refused.value.slug == "attendance-incomplete"


def test_the_owner_reports_a_co_owner_notes_and_the_convener_judges() -> None:
    helping = task(owner_id=THEIRS, co_owner_ids=frozenset({OURS}))
    assert TASK.offers(TaskState.OPEN, parts("authority.desk"), helping) == [TaskVerb.NOTE]
    assert TASK.offers(TaskState.OPEN, parts("authority.desk"), task(owner_id=THEIRS)) == []
    assert TASK.offers(TaskState.OPEN, parts("authority.desk"), task(party_id=None, owner_id=None)) == []
    assert refusal(TASK, TaskVerb.REPORT, TaskState.OPEN, "township", helping, Forbidden) == "not-your-task"
    foreign = task(convener_id=THEIRS)
    assert refusal(TASK, TaskVerb.JUDGE, TaskState.REPORTED, "committee", foreign, Forbidden) == "not-your-meeting"


@pytest.mark.parametrize("state", [state for state in MeetingState if state is not MeetingState.MINUTED])
def test_a_task_rests_on_minutes(state: MeetingState) -> None:
    assert refusal(TASK, TaskVerb.ASSIGN, None, "committee", task(meeting=state), Conflict) == "not-minuted"


@pytest.mark.parametrize(("away", "fair"), [(-1, False), (0, True), (365, True), (366, False)])
def test_a_limit_lies_between_today_and_the_furthest(away: int, fair: bool) -> None:
    if fair:
        limit_is_fair(TODAY + timedelta(days=away), TODAY, 365)
        return
    with pytest.raises(Problem) as refused:
        limit_is_fair(TODAY + timedelta(days=away), TODAY, 365)
    assert refused.value.slug == "task-limit"


def test_what_is_not_enough_gets_a_new_limit_and_what_is_accepted_none() -> None:
    verdict_is_whole(accepted=True, limit=None)
    verdict_is_whole(accepted=False, limit=TODAY)
    for accepted, limit, slug in ((True, TODAY, "no-next-limit"), (False, None, "limit-missing")):
        with pytest.raises(Problem) as refused:
            verdict_is_whole(accepted=accepted, limit=limit)
        assert refused.value.slug == slug


def test_an_owner_does_not_help_itself() -> None:
    owners_are_apart(OURS, frozenset({THEIRS}))
    with pytest.raises(Problem) as refused:
        owners_are_apart(OURS, frozenset({OURS, THEIRS}))
    assert refused.value.slug == "owner-twice"
