"""What is told alone, what is gathered, and until when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from told_facts import sample

from services.notify.gathering.domain import (
    FACTS,
    LANES,
    TEMPLATES,
    Fresh,
    Lane,
    Limits,
    Recent,
    limits,
    line,
    planned,
)
from services.notify.messages.domain import GATHERED, WHO_MUST_KNOW
from shared.contracts import inspection as facts
from shared.contracts.values import Grade
from shared.profile import load
from shared.settings import ROOT

NOW = datetime(2026, 10, 13, 16, tzinfo=UTC)
AGO = NOW - timedelta(minutes=2)
ALLOWED = Limits(timedelta(minutes=5), first=1, first_urgent=2)
SOON = NOW + timedelta(minutes=5)


def lines(ordinary: int, grave: int = 0) -> list[Fresh]:
    return [Fresh(UUID(int=n), n < grave) for n in range(grave + ordinary)]


CASES = [
    ("the first", lines(3), None, Recent(), 1, 2, SOON),
    ("a single one", lines(1), None, Recent(), 1, 0, SOON),
    ("after the first", lines(3), None, Recent(alone=1, last_at=AGO), 0, 3, AGO + ALLOWED.window),
    ("while others are gathered", lines(3), AGO, Recent(), 0, 3, AGO),
    ("after a gathered mail", lines(3), None, Recent(gathered=9, last_at=AGO), 0, 3, AGO + ALLOWED.window),
    ("grave ones", lines(0, 2), None, Recent(), 2, 0, SOON),
    ("a flood of grave ones", lines(1, 5), None, Recent(), 3, 3, SOON),
    ("more grave ones", lines(0, 5), None, Recent(urgent=1), 1, 4, SOON),
    ("grave ones while others are gathered", lines(2, 1), SOON, Recent(alone=1, last_at=AGO), 1, 2, SOON),
]


@pytest.mark.parametrize(("new", "held", "recent", "alone", "others", "until"), [each[1:] for each in CASES],
                         ids=[each[0] for each in CASES])  # fmt: skip
def test_the_first_is_told_alone_and_what_follows_is_gathered(
    new: list[Fresh], held: datetime | None, recent: Recent, alone: int, others: int, until: datetime
) -> None:
    plan = planned(new, held, recent, ALLOWED, NOW)
    assert (len(plan.alone), len(plan.others), plan.until) == (alone, others, until)
    assert sorted([*plan.alone, *plan.others]) == sorted(each.id for each in new), "none is lost, none is doubled"


@pytest.mark.parametrize(
    ("changes", "grave"),
    [
        ({"grade": Grade.MAJOR}, True),
        ({"grade": Grade.GENERAL}, False),
        ({"grade": None}, False),
        ({"grade": None, "key": "listing.acceptance"}, True),
        ({"grade": None, "key": "hazard.danger_call"}, True),
        ({"grade": None, "key": "report.fatality"}, True),
        ({"grade": Grade.GENERAL, "key": "hazard.limit"}, False),
    ],
)
def test_misses_of_major_hazards_danger_and_listed_supervision_are_grave(changes: dict[str, object], grave: bool):
    event = sample(facts.DeadlineMissed, **changes)
    assert isinstance(event, facts.DeadlineMissed)
    assert line("deadline_missed", event).urgent is grave
    assert line("deadline_missed_by_other", event).urgent is grave


@pytest.mark.parametrize("kind", facts.LetterKind)
def test_letters_that_call_somebody_or_demand_a_reply_from_above_are_grave(kind: facts.LetterKind):
    event = sample(facts.LetterSent).model_copy(update={"kind": kind})
    assert isinstance(event, facts.LetterSent)
    called = {facts.LetterKind.SUPERVISION, facts.LetterKind.INTERVIEW, facts.LetterKind.LISTING_NOTICE}
    assert line("letter_received", event).urgent is (kind in called)
    assert not line("letter_unaddressed", event).urgent


def test_what_is_gathered_is_not_told_twice_and_every_lane_has_its_fact_and_its_words():
    assert frozenset(FACTS.values()) == GATHERED
    assert set(FACTS) == set(TEMPLATES) == set(Lane)
    assert {tell.template for fact in GATHERED for tell in WHO_MUST_KNOW[fact]} == set(LANES)
    for fact in GATHERED:
        assert {FACTS[LANES[tell.template]] for tell in WHO_MUST_KNOW[fact]} == {fact}


def test_how_much_and_how_long_stands_in_the_profile():
    for name in ("cn", "us-osha"):
        assert limits(load(name, ROOT / "profiles"), NOW) == Limits(timedelta(minutes=5), 1, 5)
