"""The supervision ladder as a table, written out again: every rung, grade, kind of party, listing, earlier letter."""

import re
from datetime import UTC, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.inspection.deadlines.rungs import Rung
from services.inspection.ladder.domain import wording
from services.inspection.ladder.domain.proposals import PROPOSAL, Verb, measure_is_possible
from services.inspection.ladder.domain.steps import AFTER, LETTERS, LEVELS, Missed, Step, Whom, steps
from shared.contracts.inspection import (
    Instrument,
    LetterKind,
    Measure,
    ProposalState,
)
from shared.contracts.inspection.deadlines import CLOCKS
from shared.contracts.values import Grade, PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden
from shared.profile import load
from shared.settings import ROOT

R, W, S, TALK, P = Instrument
MOST = 3.0
PARTIES: tuple[PartyKind | None, ...] = (None, *PartyKind)
REACHED = [frozenset(some) for some in ((), (R,), (W,), (R, W), (S,), (TALK,), tuple(Instrument))]
CN = load("cn", ROOT / "profiles")
CALLS: dict[tuple[Rung, Grade], Instrument] = {
    (Rung.REMINDER, Grade.GENERAL): R,
    (Rung.WARNING, Grade.GENERAL): W,
    (Rung.WARNING, Grade.MAJOR): W,
    (Rung.SUPERVISION, Grade.GENERAL): S,
    (Rung.SUPERVISION, Grade.MAJOR): S,
}
"""What a rung of a clock calls for by itself: nothing that is not here, but an interview at a listed hazard's end."""
NEXT = {
    LetterKind.NOTICE: R,
    LetterKind.REMINDER: W,
    LetterKind.WARNING: S,
    LetterKind.SUPERVISION: TALK,
    LetterKind.LISTING_NOTICE: TALK,
    LetterKind.INTERVIEW: P,
    LetterKind.CIRCULAR: P,
}
BETWEEN: dict[tuple[str, Instrument], tuple[Whom, Whom]] = {
    ("by hand", R): (Whom.OVERSEER, Whom.PARTY),
    ("by hand", W): (Whom.OVERSEER, Whom.PARTY),
    ("by hand", S): (Whom.OVERSEER, Whom.PARTY),
    ("by hand", TALK): (Whom.OVERSEER, Whom.PARTY),
    ("by hand", P): (Whom.COMMITTEE, Whom.COMMITTEE),
    ("overseen", R): (Whom.OVERSEER, Whom.PARTY),
    ("overseen", W): (Whom.OVERSEER, Whom.PARTY),
    ("overseen", S): (Whom.COMMITTEE, Whom.OVERSEER),
    ("overseen", TALK): (Whom.COMMITTEE, Whom.PARTY),
    ("overseen", P): (Whom.COMMITTEE, Whom.COMMITTEE),
    ("alone", R): (Whom.COMMITTEE, Whom.PARTY),
    ("alone", W): (Whom.COMMITTEE, Whom.PARTY),
    ("alone", S): (Whom.COMMITTEE, Whom.PARTY),
    ("alone", TALK): (Whom.COMMITTEE, Whom.PARTY),
    ("alone", P): (Whom.COMMITTEE, Whom.COMMITTEE),
}
"""Who writes to whom: an enterprise is pressed by who leads its case, and from L3 on that authority is itself."""


def missed(**given: Any) -> Missed:
    whole: dict[str, Any] = {"key": "hazard.limit", "rung": Rung.REMINDER, "party": PartyKind.AUTHORITY, **given}
    return Missed(**whole)


def expected(case: Missed) -> list[tuple[Instrument, Whom, Whom]]:
    if case.party not in {PartyKind.AUTHORITY, PartyKind.TOWNSHIP, PartyKind.ENTERPRISE}:
        return []
    due = CALLS.get((case.rung, case.grade))
    if case.letter is not None:
        due = NEXT[case.letter] if case.rung is Rung.MISSED else None
    elif case.rung is Rung.MISSED and case.listed:
        due = TALK
    if due is None or any(LEVELS[each] >= LEVELS[due] for each in case.reached):
        return []
    whose = "alone"
    if case.by_hand:
        whose = "by hand"
    elif case.overseen and case.party is PartyKind.ENTERPRISE:
        whose = "overseen"
    by, to = BETWEEN[whose, due]
    also = [(TALK, Whom.COMMITTEE, to)] if due is S and by is Whom.COMMITTEE and case.supervisions >= 2 else []
    return [(due, by, to), *also]


@pytest.mark.parametrize("rung", Rung)
@pytest.mark.parametrize("grade", Grade)
def test_every_case_of_the_table_is_answered_as_promised(rung: Rung, grade: Grade) -> None:
    asked = 0
    for party, listed, overseen, by_hand, letter, supervisions, reached in product(
        PARTIES, (True, False), (True, False), (True, False), (None, *LetterKind), (1, 2), REACHED
    ):
        case = missed(
            rung=rung, grade=grade, party=party, listed=listed, overseen=overseen, by_hand=by_hand, letter=letter,
            supervisions=supervisions, reached=reached,
        )  # fmt: skip
        assert [(step.instrument, step.by, step.to) for step in steps(case, MOST)] == expected(case), case
        asked += 1
    assert asked == len(PARTIES) * 8 * 8 * 2 * len(REACHED)


def test_the_levels_are_those_of_the_law_and_only_a_proposal_is_no_letter() -> None:
    assert [LEVELS[each] for each in (R, W, S, TALK, P)] == [1, 2, 3, 4, 5]
    assert set(LETTERS) == {R, W, S, TALK}
    assert set(AFTER) == set(LetterKind)


def test_what_the_committee_itself_owes_is_pressed_for_by_nobody_here() -> None:
    for rung in Rung:
        assert steps(missed(party=None, rung=rung), MOST) == ()


def test_a_third_supervision_letter_in_a_quarter_calls_the_leader_and_a_second_does_not() -> None:
    second = steps(missed(rung=Rung.SUPERVISION, supervisions=1), MOST)
    third = steps(missed(rung=Rung.SUPERVISION, supervisions=2), MOST)
    assert [step.instrument for step in second] == [S]
    assert [(step.instrument, step.rule) for step in third] == [
        (S, "ladder.supervision"),
        (TALK, "ladder.interview.supervisions"),
    ]


RULES: list[tuple[dict[str, Any], str]] = [
    ({"rung": Rung.REMINDER}, "ladder.reminder"),
    ({"rung": Rung.WARNING}, "ladder.warning"),
    ({"rung": Rung.WARNING, "grade": Grade.MAJOR}, "ladder.warning.major"),
    ({"rung": Rung.SUPERVISION}, "ladder.supervision"),
    ({"rung": Rung.MISSED, "listed": True}, "ladder.interview.listed"),
    (
        {"rung": Rung.MISSED, "letter": LetterKind.SUPERVISION, "key": "letter.reply.supervision"},
        "letter.reply.supervision",
    ),
    ({"rung": Rung.MISSED, "letter": LetterKind.INTERVIEW, "key": "letter.reply.interview"}, "letter.reply.interview"),
]


@pytest.mark.parametrize(("given", "rule"), RULES, ids=[rule for _, rule in RULES])
def test_every_step_names_its_line_of_the_profile(given: dict[str, Any], rule: str) -> None:
    [step] = steps(missed(**given), MOST)
    assert step.rule == rule
    assert CN.rules[rule], "a rule that a letter names can be looked up"
    assert {version.mark for version in CN.rules[rule]} == {"D"}, "no law fixes these; only what is law is marked so"


def told(key: str = "hazard.limit") -> wording.Told:
    return wording.Told(
        key=key,
        due_at=datetime(2026, 10, 13, 15, 59, 59, tzinfo=UTC),
        subject_en="Hazard H-7 (dust on the motors)",
        subject_zh="隐患 H-7（电机积尘）",
        explanation_en="5 working days from 2026-09-30 09:00.",
        explanation_zh="自 2026-09-30 09:00 起 5 个工作日。",
        owes_en="Demo Mill",
        owes_zh="示范面粉厂",
    )


@pytest.mark.parametrize("instrument", LETTERS)
def test_a_letter_says_in_both_languages_what_was_missed_by_whom_since_when_and_on_what_basis(
    instrument: Instrument,
) -> None:
    given = told()
    facts, basis = wording.facts(given, ZoneInfo("Asia/Shanghai")), wording.basis(instrument, "ladder.warning")
    for each in ("2026-10-13 23:59", "H-7", "Demo Mill", "示范面粉厂", given.explanation_en, given.explanation_zh):
        assert each in facts
    assert ("[L]" in basis, "[D]" in basis, "〔L〕" in basis, "〔D〕" in basis) == (True,) * 4
    assert "ladder.warning" in basis
    chinese, english = wording.demand(instrument).split("\n")
    assert english.isascii()
    assert not chinese.isascii()


@pytest.mark.parametrize("key", [key for key in CLOCKS if not key.startswith("report.")])
def test_no_letter_about_a_clock_that_an_enterprise_may_owe_hints_at_a_report(key: str) -> None:
    hints = re.compile(r"whistle|complain|tip-?off|举报|投诉|反映|线索|群众|志愿者|网格", re.IGNORECASE)
    for instrument in LETTERS:
        basis, demand = wording.basis(instrument, "ladder.warning"), wording.demand(instrument)
        said = wording.facts(told(key), ZoneInfo("UTC")) + basis + demand
        assert not hints.search(said)


def test_only_the_committee_decides_on_a_proposal_and_nobody_makes_one_by_hand() -> None:
    for role in Role:
        roles = {role.value, role.value.partition(".")[0]}
        for verb in Verb:
            if verb is Verb.DECIDE and role is Role.COMMITTEE:
                assert PROPOSAL.permit(verb, ProposalState.OPEN, roles, None).target is ProposalState.DECIDED
                continue
            with pytest.raises(Forbidden) as refused:
                PROPOSAL.permit(verb, ProposalState.OPEN, roles, None)
            assert refused.value.slug == "role-may-not"
    for state in (ProposalState.DECIDED, ProposalState.DISMISSED):
        with pytest.raises(Conflict):
            PROPOSAL.permit(Verb.DECIDE, state, {"committee"}, None)


@pytest.mark.parametrize(("measure", "hazards"), list(product((None, *Measure), (0, 1))))
def test_only_a_hazard_can_be_listed(measure: Measure | None, hazards: int) -> None:
    if measure is Measure.LISTING and not hazards:
        with pytest.raises(BadInput) as refused:
            measure_is_possible(measure, hazards)
        assert refused.value.slug == "nothing-to-list"
    else:
        measure_is_possible(measure, hazards)


def test_a_step_knows_its_level() -> None:
    assert Step(S, Whom.COMMITTEE, Whom.PARTY, "ladder.supervision").level == 3
