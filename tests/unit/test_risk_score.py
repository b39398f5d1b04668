"""The composite score: each factor counts what the profile says, each contribution is told, time alone moves it."""

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.risks.domain.scoring import DANGER_STANDS, Assessment, HazardSeen, Inputs, Paper, assess
from services.registry.risks.domain.words import FACTORS
from shared.contracts.dossiers import Accident, Features, MajorSource, Penalty, RecordKind, Standardisation
from shared.contracts.enterprises import Sector
from shared.contracts.inspection import HazardState
from shared.contracts.registry import Colour
from shared.contracts.values import Category, Grade
from shared.profile import load

CN = load("cn", Path(__file__).parents[2] / "profiles")
DAY = date(2026, 9, 30)
GRAVEST = [Colour.BLUE, Colour.YELLOW, Colour.ORANGE, Colour.RED]


def paper(detail: Any, *, verified: bool = True, valid_to: date | None = None, valid_from: date | None = None) -> Paper:
    return Paper(detail, verified, valid_from, valid_to)


def source(level: int, **term: Any) -> Paper:
    return paper(
        MajorSource(kind=RecordKind.MAJOR_SOURCE, level=level, substance="ammonia", quantity_t=20, location="store 2"),
        **term,
    )


def grade(number: int, **term: Any) -> Paper:
    return paper(Standardisation(kind=RecordKind.STANDARDISATION, grade=number, issued_on=date(2024, 1, 1)), **term)


def accident(on: date, deaths: int = 0) -> Paper:
    return paper(Accident(kind=RecordKind.ACCIDENT, happened_on=on, deaths=deaths, what="A fall"))


def hazard(state: HazardState = HazardState.CONFIRMED, grade: Grade = Grade.GENERAL, **more: Any) -> HazardSeen:
    return HazardSeen(state, more.pop("category", Category.DUST), grade, **more)


def mill(*papers: Paper, hazards: tuple[HazardSeen, ...] = (), **more: Any) -> Inputs:
    return Inputs(industry_code="C1310", people=120, papers=papers, hazards=hazards, **more)


def points(found: Assessment) -> dict[str, float]:
    return {each.factor: each.points for each in found.reasons if each.part != "override"}


def overrides(found: Assessment) -> set[str]:
    return {each.factor for each in found.reasons if each.part == "override"}


def test_a_mill_without_anything_special_is_blue_and_says_why():
    found = assess(mill(), CN, DAY)
    assert points(found) == {"sector": 15, "people": 8}
    assert (found.score, found.colour, found.again_on) == (23, Colour.BLUE, None)
    assert {each.mark for each in found.reasons} == {"D"}
    assert all(each.source for each in found.reasons)


# inherent x control, by hand: the weights stand in profiles/cn.yaml
@pytest.mark.parametrize(
    ("inputs", "score", "colour"),
    [
        (Inputs("S9000", 5), 8, Colour.BLUE),
        (Inputs("C2611", 300), 45, Colour.ORANGE),
        (Inputs("C1310", 300), 30, Colour.YELLOW),
        (Inputs("C1310", 120, high_hazard=True), 38, Colour.YELLOW),
        (Inputs("S9000", 5, sector=Sector.FIREWORKS), 33, Colour.YELLOW),
        (Inputs("S9000", 5, sector=Sector.GAS), 18, Colour.BLUE),
        (mill(source(4)), 33, Colour.YELLOW),
        (mill(source(3)), 43, Colour.YELLOW),
        (mill(source(2)), 53, Colour.ORANGE),
        (mill(source(1)), 63, Colour.ORANGE),
        (mill(source(4), source(1)), 63, Colour.ORANGE),
        (mill(paper(Features(kind=RecordKind.FEATURES, dust=True, ammonia=True))), 33, Colour.YELLOW),
        # 23 x 0.80, 0.85, 0.90
        (mill(grade(1)), 18, Colour.BLUE),
        (mill(grade(2)), 20, Colour.BLUE),
        (mill(grade(3)), 21, Colour.BLUE),
        (mill(grade(3), grade(1)), 18, Colour.BLUE),
        # 23 x 1.05, 1.50 (capped), 1.25
        (mill(hazards=(hazard(),)), 24, Colour.BLUE),
        (mill(hazards=(hazard(),) * 30), 35, Colour.YELLOW),
        (mill(hazards=(hazard(grade=Grade.MAJOR),)), 29, Colour.ORANGE),
        # 23 x (1 + 0.05 + 0.10)
        (mill(hazards=(hazard(HazardState.ORDERED, limit=date(2026, 9, 29)),)), 26, Colour.YELLOW),
        (mill(hazards=(hazard(HazardState.ORDERED, limit=DAY),)), 24, Colour.BLUE),
        # 63 x (1 + 0.25 + 0.10)
        (
            mill(source(1), hazards=(hazard(HazardState.RECTIFYING, Grade.MAJOR, limit=date(2026, 1, 1)),)),
            85,
            Colour.RED,
        ),
        # 23 x 1.1, 1.2, 1.4
        (
            mill(paper(Penalty(kind=RecordKind.PENALTY, decided_on=date(2026, 1, 5), reason="No guard"))),
            25,
            Colour.YELLOW,
        ),
        (mill(accident(date(2026, 1, 5))), 28, Colour.YELLOW),
        (mill(accident(date(2026, 1, 5), deaths=1)), 32, Colour.ORANGE),
    ],
)
def test_the_score_is_what_a_person_computes_by_hand(inputs: Inputs, score: int, colour: Colour):
    found = assess(inputs, CN, DAY)
    assert (found.score, found.colour) == (score, colour)


@pytest.mark.parametrize("state", HazardState)
def test_a_hazard_counts_from_its_confirmation_until_the_danger_is_gone(state: HazardState):
    found = assess(mill(hazards=(hazard(state, Grade.MAJOR),)), CN, DAY)
    gone = {"suspected", "verified", "closed", "dismissed", "void", "merged"}
    assert (state in DANGER_STANDS) == (state not in gone)
    assert ("hazard.major" in points(found)) == (state not in gone)
    assert overrides(found) == (set() if state in gone else {"hazard.major"})
    assert found.colour == (Colour.BLUE if state in gone else Colour.ORANGE)


@pytest.mark.parametrize("state", HazardState)
def test_only_who_must_act_is_late(state: HazardState):
    found = assess(mill(hazards=(hazard(state, limit=date(2026, 9, 1)),)), CN, DAY)
    assert ("hazard.overdue" in points(found)) == (state in {"ordered", "rectifying"})


@pytest.mark.parametrize(
    ("inputs", "overridden"),
    [
        (mill(source(3)), set[str]()),
        (mill(source(2)), {"major_source"}),
        (mill(source(1, verified=False)), {"major_source"}),
        (mill(source(1, valid_to=date(2026, 9, 29))), set[str]()),
        (mill(accident(date(2025, 9, 30), deaths=1)), {"accident.death"}),
        (mill(accident(date(2025, 9, 29), deaths=1)), set[str]()),
        (mill(accident(date(2026, 9, 30))), set[str]()),
        (mill(grade(1), hazards=(hazard(grade=Grade.MAJOR),)), {"hazard.major"}),
    ],
)
def test_one_grave_fact_alone_makes_at_least_orange(inputs: Inputs, overridden: set[str]):
    found = assess(inputs, CN, DAY)
    assert overrides(found) == overridden
    assert (GRAVEST.index(found.colour) >= GRAVEST.index(Colour.ORANGE)) == bool(overridden)


def test_what_speaks_for_an_enterprise_must_be_verified_and_valid():
    for held in (
        grade(1, verified=False),
        grade(1, valid_to=date(2026, 9, 29)),
        grade(1, valid_from=date(2026, 10, 1)),
    ):
        assert "standardisation" not in points(assess(mill(held), CN, DAY))
    assert points(assess(mill(grade(1, valid_to=DAY)), CN, DAY))["standardisation"] == -20


def test_the_same_category_within_a_year_and_a_reopened_hazard_came_back():
    first = hazard(HazardState.CLOSED, confirmed_on=date(2026, 1, 10))
    again = hazard(confirmed_on=date(2026, 9, 1))
    other = hazard(confirmed_on=date(2026, 9, 2), category=Category.FIRE)
    reopened = hazard(HazardState.REOPENED, confirmed_on=date(2026, 9, 3), category=Category.GAS, cycle=2)
    long_ago = hazard(HazardState.CLOSED, confirmed_on=date(2025, 9, 1))
    assert "recurrence" not in points(assess(mill(hazards=(first, other)), CN, DAY))
    assert "recurrence" not in points(assess(mill(hazards=(long_ago, again)), CN, DAY))
    assert points(assess(mill(hazards=(again, first)), CN, DAY))["recurrence"] == 15
    assert points(assess(mill(hazards=(first, again, reopened)), CN, DAY))["recurrence"] == 30
    twin = hazard(confirmed_on=date(2026, 9, 3), category=Category.GAS)
    for both in ((reopened, twin), (twin, reopened)):
        assert points(assess(mill(hazards=both), CN, DAY))["recurrence"] == 15


def test_what_inspection_calls_recurrent_came_back_and_what_ended_in_another_is_not_counted_beside_it():
    back = hazard(confirmed_on=DAY, recurrent=True)
    assert points(assess(mill(hazards=(back,)), CN, DAY))["recurrence"] == 15
    opened = hazard(HazardState.REOPENED, confirmed_on=DAY, cycle=2)
    ended = hazard(HazardState.MERGED, confirmed_on=DAY, recurrent=True)
    assert points(assess(mill(hazards=(opened, ended)), CN, DAY))["recurrence"] == 15
    first = hazard(HazardState.CLOSED, confirmed_on=date(2026, 9, 1))
    assert "recurrence" not in points(assess(mill(hazards=(first, ended)), CN, DAY))


def test_an_enterprise_that_looks_often_is_not_thought_to_have_hazards_that_come_back():
    found = [hazard(HazardState.CLOSED, confirmed_on=date(2026, 9, day), self_found=True) for day in (1, 2, 3)]
    assert "recurrence" not in points(assess(mill(hazards=tuple(found)), CN, DAY))
    officers = hazard(confirmed_on=date(2026, 9, 4))
    assert points(assess(mill(hazards=(*found, officers)), CN, DAY))["recurrence"] == 15
    again = hazard(confirmed_on=date(2026, 9, 4), self_found=True, recurrent=True)
    assert points(assess(mill(hazards=(*found, again)), CN, DAY))["recurrence"] == 15


def turns() -> Iterator[tuple[str, Inputs, date | None]]:
    yield "a grade ends", mill(grade(1, valid_to=date(2026, 12, 31))), date(2027, 1, 1)
    yield "a grade begins", mill(grade(1, valid_from=date(2026, 11, 1))), date(2026, 11, 1)
    yield "a limit passes", mill(hazards=(hazard(HazardState.ORDERED, limit=date(2026, 10, 20)),)), date(2026, 10, 21)
    yield "a limit has passed", mill(hazards=(hazard(HazardState.ORDERED, limit=date(2026, 9, 1)),)), None
    yield (
        "a penalty is forgotten",
        mill(paper(Penalty(kind=RecordKind.PENALTY, decided_on=date(2026, 1, 5), reason="-"))),
        date(2027, 1, 6),
    )
    yield "an accident is forgotten", mill(accident(date(2024, 2, 29))), None
    yield (
        "the first of several",
        mill(grade(1, valid_to=date(2026, 12, 31)), source(1, valid_to=DAY)),
        date(2026, 10, 1),
    )


@pytest.mark.parametrize(("inputs", "again_on"), [each[1:] for each in turns()], ids=[each[0] for each in turns()])
def test_it_says_from_when_on_time_alone_may_change_it(inputs: Inputs, again_on: date | None):
    assert assess(inputs, CN, DAY).again_on == again_on


def test_the_order_in_which_facts_came_does_not_matter():
    papers = (grade(1), source(2), accident(date(2026, 1, 5), deaths=1))
    hazards = (
        hazard(confirmed_on=date(2026, 9, 1)),
        hazard(HazardState.CLOSED, confirmed_on=date(2026, 1, 1)),
        hazard(grade=Grade.MAJOR, confirmed_on=date(2026, 8, 1), category=Category.FIRE),
    )
    scores = {
        (found.score, found.colour, frozenset(points(found).items()))
        for some in permutations(papers)
        for others in permutations(hazards)
        for found in [assess(mill(*some, hazards=others), CN, DAY)]
    }
    assert len(scores) == 1


seen = st.builds(
    HazardSeen,
    st.sampled_from(HazardState),
    st.sampled_from(Category),
    st.sampled_from([None, *Grade]),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    st.integers(1, 3),
    st.none() | st.dates(date(2025, 1, 1), date(2026, 9, 30)),
)


@settings(deadline=None)
@given(st.lists(seen, max_size=8), seen)
def test_one_hazard_more_never_makes_an_enterprise_safer(hazards: list[HazardSeen], more: HazardSeen):
    before = assess(mill(grade(1), hazards=tuple(hazards)), CN, DAY)
    after = assess(mill(grade(1), hazards=(*hazards, more)), CN, DAY)
    assert after.score >= before.score
    assert GRAVEST.index(after.colour) >= GRAVEST.index(before.colour)


def test_every_factor_has_a_name_in_both_languages():
    everything = mill(
        source(1),
        grade(1),
        paper(Features(kind=RecordKind.FEATURES, dust=True)),
        paper(Penalty(kind=RecordKind.PENALTY, decided_on=DAY, reason="-")),
        accident(DAY),
        accident(DAY, deaths=1),
        hazards=(
            hazard(grade=Grade.MAJOR),
            hazard(HazardState.ORDERED, limit=date(2026, 1, 1), cycle=2, confirmed_on=DAY),
        ),
    )
    assert {each.factor for each in assess(everything, CN, DAY).reasons} == set(FACTORS)
