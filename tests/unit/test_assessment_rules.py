"""The table of assessments and the arithmetic of points: null where nothing was due, no rank from few cases."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.inspection.assessments.domain.machine import (
    ASSESSED,
    ASSESSMENT,
    Case,
    Verb,
    period_is_over,
    scores_fit_the_answer,
)
from services.inspection.assessments.domain.points import (
    Indicator,
    Line,
    Total,
    Unranked,
    lines_are_fair,
    ranks,
    share_of,
    total_of,
    unranked,
)
from shared.contracts.inspection.assessments import AssessmentState
from shared.contracts.values import PartyKind, Role
from shared.errors import Conflict, Forbidden, Problem
from shared.testing import START

OURS, THEIRS = UUID(int=1), UUID(int=2)
COMMITTEE = {"committee"}
SPEAKING = {"authority.desk", "authority.head", "township"}
PROMISE: dict[Verb, tuple[set[str | None], set[str], set[str]]] = {
    Verb.OPEN: ({None}, {"draft"}, COMMITTEE),
    Verb.SCORE: ({"draft", "stated"}, set(), COMMITTEE),
    Verb.PROPOSE: ({"draft"}, {"proposed"}, COMMITTEE),
    Verb.STATE: ({"proposed"}, {"stated"}, SPEAKING),
    Verb.DECIDE: ({"proposed", "stated"}, {"decided"}, COMMITTEE),
    Verb.OBJECT: ({"decided"}, {"objected"}, SPEAKING),
    Verb.ANSWER: ({"objected"}, {"answered"}, COMMITTEE),
    Verb.PUBLISH: ({"decided", "answered"}, {"published"}, COMMITTEE),
    Verb.WITHDRAW: ({"draft", "proposed", "stated"}, {"withdrawn"}, COMMITTEE),
}
"""Sources, ends and roles, written out again: the table is checked against this, not against itself."""
LATER, BEFORE = START + timedelta(days=1), START - timedelta(days=1)


def parts(role: str) -> set[str]:
    words = role.split(".")
    return {".".join(words[: n + 1]) for n in range(len(words))}


def case(verb: Verb, **changes: Any) -> Case:
    """Give a case in which nothing but role and state can refuse; `changes` then make something refuse."""
    until = {"object_until": LATER if verb is Verb.OBJECT else BEFORE}
    return Case(**{"party_id": OURS, "convener_id": OURS, "assessed_id": OURS, "now": START, **until, **changes})


def refusal(verb: Verb, state: str | None, role: str, given: Case, kind: type[Problem]) -> str:
    with pytest.raises(kind) as refused:
        ASSESSMENT.permit(verb, None if state is None else AssessmentState(state), parts(role), given)
    return refused.value.slug


@pytest.mark.parametrize("verb", Verb)
def test_every_state_and_role_is_answered_as_promised(verb: Verb) -> None:
    assert set(ASSESSMENT.moves) == set(PROMISE)
    sources, targets, roles = PROMISE[verb]
    for state, role in product([None, *AssessmentState], Role):
        if not parts(role) & roles:
            assert refusal(verb, state, role, case(verb), Forbidden) == "role-may-not"
        elif state not in sources:
            assert refusal(verb, state, role, case(verb), Conflict) == "illegal-transition"
        else:
            move = ASSESSMENT.permit(verb, state, parts(role), case(verb))
            assert {move.target, move.otherwise} - {None} == targets
            assert state is None or verb in ASSESSMENT.offers(state, parts(role), case(verb))


def test_only_what_is_published_or_withdrawn_is_at_its_end() -> None:
    ends = {state for state in AssessmentState if not any(state in sources for sources, _, _ in PROMISE.values())}
    assert ends == ASSESSMENT.final == {"published", "withdrawn"}


def test_nobody_is_judged_unheard_and_nothing_is_published_while_it_may_be_contested() -> None:
    waiting = case(Verb.DECIDE, state_until=LATER)
    assert refusal(Verb.DECIDE, "proposed", "committee", waiting, Conflict) == "statement-awaited"
    assert ASSESSMENT.permit(Verb.DECIDE, AssessmentState.PROPOSED, COMMITTEE, case(Verb.DECIDE, state_until=BEFORE))
    contestable = case(Verb.PUBLISH, object_until=LATER)
    assert refusal(Verb.PUBLISH, "decided", "committee", contestable, Conflict) == "objection-awaited"
    answered = case(Verb.PUBLISH, object_until=LATER, answered=True)
    assert ASSESSMENT.permit(Verb.PUBLISH, AssessmentState.ANSWERED, COMMITTEE, answered)
    late = case(Verb.OBJECT, object_until=BEFORE)
    assert refusal(Verb.OBJECT, "decided", "township", late, Conflict) == "objection-too-late"
    assert refusal(Verb.PROPOSE, "draft", "committee", case(Verb.PROPOSE, scored=False), Conflict) == "nothing-scored"


def test_a_party_speaks_of_itself_only_and_another_body_assesses_nothing_here() -> None:
    for verb, state in ((Verb.STATE, "proposed"), (Verb.OBJECT, "decided")):
        given = case(verb, assessed_id=THEIRS)
        assert refusal(verb, state, "authority.head", given, Forbidden) == "not-about-you"
    foreign = case(Verb.SCORE, convener_id=THEIRS)
    assert refusal(Verb.SCORE, "draft", "committee", foreign, Forbidden) == "not-your-assessment"
    assert refusal(Verb.OPEN, None, "committee", case(Verb.OPEN, party_id=None), Forbidden) == "no-organisation"


def test_departments_and_townships_are_assessed_and_no_enterprise() -> None:
    assert set(ASSESSED) == {PartyKind.AUTHORITY, PartyKind.TOWNSHIP}


@pytest.mark.parametrize(
    ("quarter", "last"),
    [
        (0, date(2026, 12, 31)),
        (1, date(2026, 3, 31)),
        (2, date(2026, 6, 30)),
        (3, date(2026, 9, 30)),
        (4, date(2026, 12, 31)),
    ],
)
def test_only_a_period_that_is_over_is_assessed(quarter: int, last: date) -> None:
    period_is_over(2026, quarter, last + timedelta(days=1))
    with pytest.raises(Problem) as refused:
        period_is_over(2026, quarter, last)
    assert refused.value.slug == "period-not-over"


def test_an_upheld_objection_comes_with_new_scores_and_a_dismissed_one_without() -> None:
    scores_fit_the_answer(upheld=True, rescored=True)
    scores_fit_the_answer(upheld=False, rescored=False)
    for upheld in (True, False):
        with pytest.raises(Problem) as refused:
            scores_fit_the_answer(upheld=upheld, rescored=not upheld)
        assert refused.value.slug == "scores-and-answer"


def line(indicator: Indicator = Indicator.H4_ON_TIME, **changes: Any) -> Line:
    return Line(**{"indicator": indicator, "most": 20, "part": 8, "whole": 10, "points": 16, **changes})


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([line()], None),
        ([line(points=20)], None),
        ([line(points=0)], None),
        ([line(points=None)], None),
        ([line(part=0, whole=0, points=None)], None),
        ([line(part=3, whole=None)], None),
        ([line(part=0, whole=0, points=0)], "empty-denominator"),
        ([line(part=0, whole=0, points=20)], "empty-denominator"),
        ([line(part=11)], "part-above-whole"),
        ([line(points=20.01)], "points-out-of-bounds"),
        ([line(), line()], "indicator-twice"),
        ([line(most=60), line(Indicator.TASKS, most=40)], None),
        ([line(most=60), line(Indicator.TASKS, most=40.01)], "too-many-points"),
    ],
)
def test_points_are_bounded_and_nothing_is_scored_where_nothing_was_due(lines: list[Line], why: str | None) -> None:
    if why is None:
        lines_are_fair(lines, 100)
        return
    with pytest.raises(Problem) as refused:
        lines_are_fair(lines, 100)
    assert refused.value.slug == why


def test_a_share_of_nothing_is_no_share() -> None:
    assert line().value == 0.8
    assert line(part=0, whole=0, points=None).value is None
    assert line(whole=None).value is None


def test_what_could_not_be_scored_counts_on_neither_side() -> None:
    nothing = line(Indicator.H9_LOOK_BACK, part=0, whole=0, points=None)
    assert total_of([line(), nothing]) == Total(16, 20, 10)
    assert total_of([nothing]) == Total(None, None, None)
    assert total_of([]) == Total(None, None, None)
    assert total_of([line(), line(Indicator.TASKS, part=4, whole=4, points=20)]) == Total(36, 40, 4)
    assert total_of([line(Indicator.H1_FOUND, part=7, whole=None)]) == Total(16, 20, None)
    assert share_of(Total(36, 40, 4)) == 0.9
    assert share_of(Total(None, None, None)) is None


@pytest.mark.parametrize(
    ("total", "why"),
    [
        (Total(16, 20, 10), None),
        (Total(16, 20, 9), Unranked.TOO_FEW),
        (Total(16, 20, None), Unranked.TOO_FEW),
        (Total(None, None, None), Unranked.NOTHING_SCORED),
    ],
)
def test_there_is_no_rank_below_ten_cases(total: Total, why: Unranked | None) -> None:
    assert unranked(total, 10) is why


def test_equal_shares_share_a_rank_and_the_next_is_skipped() -> None:
    assert ranks({"a": 0.5, "b": 0.9, "c": 0.9, "d": 0.1}) == {"b": 1, "c": 1, "a": 3, "d": 4}
    assert ranks({}) == {}
