"""What may follow from penalties, each rule by itself: it says why, and reckons nothing."""

from datetime import date, timedelta

import pytest

from services.inspection.hazards.domain.proposals import (
    Disobeyed,
    Penalised,
    PileOf,
    ProposalKind,
    close_down,
    daily_fine,
)
from services.inspection.hazards.domain.quarters import quarter_of

TODAY = date(2027, 9, 30)
RULE = PileOf(window_days=180, in_window=3, in_a_year=4, a_year_ago=date(2026, 9, 30))
FOUND = Disobeyed(
    order_number="责改7",
    ordered_on=TODAY - timedelta(days=60),
    limit=TODAY - timedelta(days=1),
    case_number="立案7",
    served_on=TODAY - timedelta(days=20),
    fine_yuan=30_000,
)


def penalties(*days_ago: int) -> list[Penalised]:
    return [Penalised(case_number=f"C{n}", decided_on=TODAY - timedelta(days=n)) for n in days_ago]


@pytest.mark.parametrize(
    ("days_ago", "proposed"),
    [
        ((0, 90, 180), True),
        ((0, 90, 181), False),
        ((0, 90, 181, 365), True),
        ((0, 90, 181, 366), False),
        ((1, 2), False),
        ((), False),
    ],
)
def test_closure_is_proposed_for_three_in_a_half_year_or_four_in_a_year(
    days_ago: tuple[int, ...], proposed: bool
) -> None:
    found = close_down(penalties(*days_ago), RULE, TODAY, major_stands=True)
    assert (found is not None) is proposed
    if found is not None:
        assert found.kind is ProposalKind.CLOSE_DOWN
        assert found.cases == tuple(f"C{n}" for n in sorted(days_ago, reverse=True))
        assert found.fine_yuan is None


def test_without_a_major_hazard_nobody_proposes_closure() -> None:
    assert close_down(penalties(0, 1, 2, 3, 4), RULE, TODAY, major_stands=False) is None


def test_a_proposal_is_of_the_day_on_which_the_pile_was_high_enough() -> None:
    found = close_down(penalties(5, 10, 20, 30), RULE, TODAY, major_stands=True)
    assert found is not None
    assert found.since == TODAY - timedelta(days=10)
    assert found.why_en.startswith(
        "A major hazard stands, and 4 penalties were decided since 2027-04-03 (3 are enough)"
    )
    assert "2027-04-03" in found.why_zh


def test_a_daily_fine_is_thought_of_from_the_day_after_the_order() -> None:
    found = daily_fine(FOUND, 1, TODAY, stands=True)
    assert found is not None
    assert (found.since, found.fine_yuan) == (FOUND.ordered_on + timedelta(days=1), 30_000)
    assert "the original amount may be imposed for each day" in found.why_en
    numbers = {word.strip(".,") for word in found.why_en.split()}
    assert not {"1800000", "1_800_000", "60"} & numbers, "no sum is ever reckoned"


def test_no_daily_fine_is_thought_of_for_days_on_which_the_order_was_stayed() -> None:
    day = timedelta(days=1)
    stays = ((FOUND.ordered_on, FOUND.ordered_on + 9 * day), (FOUND.ordered_on + 20 * day, FOUND.ordered_on + 25 * day))
    given = {name: getattr(FOUND, name) for name in FOUND.__slots__} | {"stays": stays}
    found = daily_fine(Disobeyed(**given), 1, TODAY, stands=True)
    assert found is not None
    assert found.since == FOUND.ordered_on + 9 * day, "from when the order went on"
    first, last = FOUND.ordered_on + 20 * day, FOUND.ordered_on + 24 * day
    assert found.why_en.endswith(f"Not for {first} to {last}: the order was stayed.")
    assert f"{first} 至 {last} 中止执行" in found.why_zh


@pytest.mark.parametrize(
    ("changes", "stands"),
    [({}, False), ({"limit": TODAY}, True), ({"fine_yuan": 0}, True)],
)
def test_no_daily_fine_where_it_was_put_right_or_the_limit_stands_or_no_fine_was_served(
    changes: dict[str, object], stands: bool
) -> None:
    given = {name: getattr(FOUND, name) for name in FOUND.__slots__} | changes
    assert daily_fine(Disobeyed(**given), 1, TODAY, stands=stands) is None
    assert daily_fine(None, 1, TODAY, stands=True) is None


@pytest.mark.parametrize(
    ("day", "name", "first", "last"),
    [
        (date(2026, 1, 1), "2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), "2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 9, 30), "2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 12, 31), "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_lies_in_one_quarter(day: date, name: str, first: date, last: date) -> None:
    assert quarter_of(day) == (name, first, last)
