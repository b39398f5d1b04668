"""When a hazard is one that came back, and where its looks back stand: golden vectors (domain reference §4.5, D23)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.inspection.domain import distance_m
from services.inspection.hazards.domain.lookback import Looks, lookback
from services.inspection.hazards.domain.recurrence import cell_of, one_higher, recurrence_key, within
from shared.contracts.inspection import (
    HazardState,
    LookBackState,
)
from shared.contracts.values import Category

MILL, BAKERY = UUID(int=1), UUID(int=2)
CLOSED = date(2026, 9, 30)
HERE = (117.0, 36.0)

CELLS = [
    ((117.0, 36.0), "50@280526.534954"),
    ((165.042, 30.051), "50@267281.664940"),
    ((0, 0), "50@200376.400751"),
    ((-180, -90), "50@0.0"),
    ((180, 90), "50@400752.0"),
    ((180, 0), "50@200376.0"),
    ((-180, 0), "50@200376.0"),
]


@pytest.mark.parametrize(("point", "cell"), CELLS)
def test_a_point_lies_in_one_cell_the_same_on_every_computer(point: tuple[float, float], cell: str) -> None:
    assert cell_of(*point, 50) == cell


SOUTH, NORTH = 35.999820337765, 36.00026949335249
WEST, EAST = 116.99958922373116, 117.00014441088598
"""The edges of the cell of `HERE`, from row 280526 and column 534954 by hand: 50 m at 111 320 m to a degree."""
STEP = 1e-7
"""About a centimetre."""


def test_a_cell_is_fifty_metres_wide_and_high() -> None:
    assert distance_m((117.0, SOUTH), (117.0, NORTH)) == pytest.approx(50, abs=0.1)
    assert distance_m((WEST, 36.0), (EAST, 36.0)) == pytest.approx(50, abs=0.1)


def test_two_points_in_one_cell_are_one_place_though_they_lie_at_opposite_corners() -> None:
    corners = [(lon, lat) for lon in (WEST + STEP, EAST - STEP) for lat in (SOUTH + STEP, NORTH - STEP)]
    assert {cell_of(*corner, 50) for corner in corners} == {"50@280526.534954"}
    assert 70 < distance_m(corners[0], corners[-1]) < 71


@pytest.mark.parametrize(
    ("point", "cell"),
    [
        ((117.0, SOUTH - STEP), "50@280525.534957"),
        ((117.0, NORTH + STEP), "50@280527.534951"),
        ((WEST - STEP, 36.0), "50@280526.534953"),
        ((EAST + STEP, 36.0), "50@280526.534955"),
    ],
)
def test_one_step_over_an_edge_is_another_place(point: tuple[float, float], cell: str) -> None:
    assert cell_of(*point, 50) == cell


def test_the_key_is_the_enterprise_the_category_and_the_cell() -> None:
    key = recurrence_key(MILL, Category.DUST, *HERE, 50)
    assert str(key) == f"{MILL}:dust:50@280526.534954"
    assert recurrence_key(None, Category.DUST, *HERE, 50) is None


def test_a_matter_is_the_same_only_if_enterprise_category_and_place_are() -> None:
    key = recurrence_key(MILL, Category.DUST, *HERE, 50)
    assert key is not None
    others = {
        recurrence_key(MILL, Category.DUST, 117.0001, 36.0001, 50): True,
        recurrence_key(BAKERY, Category.DUST, *HERE, 50): False,
        recurrence_key(MILL, Category.FIRE, *HERE, 50): False,
        recurrence_key(MILL, Category.DUST, 117.01, 36.0, 50): False,
        recurrence_key(MILL, Category.DUST, *HERE, 100): False,
    }
    assert {other: other is not None and other.is_of(key) for other in others} == others


@pytest.mark.parametrize("place", [(None, None), (117.0, None), (None, 36.0)])
def test_who_does_not_say_where_says_the_enterprise(place: tuple[float | None, float | None]) -> None:
    nowhere, here = recurrence_key(MILL, Category.DUST, *place, 50), recurrence_key(MILL, Category.DUST, *HERE, 50)
    assert nowhere is not None
    assert here is not None
    assert str(nowhere) == f"{MILL}:dust:-"
    assert nowhere.is_of(nowhere)
    assert nowhere.is_of(here)
    assert here.is_of(nowhere)
    elsewhere = recurrence_key(BAKERY, Category.DUST, None, None, 50)
    assert elsewhere is not None
    assert not nowhere.is_of(elsewhere)


@pytest.mark.parametrize("window", [180, 365])
def test_the_last_day_of_a_window_counts_and_the_next_does_not(window: int) -> None:
    counts = {days: within(CLOSED, CLOSED + timedelta(days=days), window) for days in (0, window, window + 1)}
    assert counts == {0: True, window: True, window + 1: False}


def test_the_ladder_ends_at_its_fifth_step() -> None:
    assert [one_higher(step) for step in (0, 1, 4, 5)] == [1, 2, 5, 5]


FIRST, SECOND = CLOSED + timedelta(days=30), CLOSED + timedelta(days=90)
BOTH = Looks(due={1: FIRST, 2: SECOND})
DAY = timedelta(days=1)
OVERLAY: list[tuple[str, HazardState, int, int, Looks, date, LookBackState]] = [
    ("just closed", HazardState.CLOSED, 0, 1, BOTH, CLOSED, LookBackState.NONE),
    ("the day before", HazardState.CLOSED, 0, 1, BOTH, FIRST - DAY, LookBackState.NONE),
    ("on its day", HazardState.CLOSED, 0, 1, BOTH, FIRST, LookBackState.LB1_DUE),
    ("overdue", HazardState.CLOSED, 0, 1, BOTH, SECOND, LookBackState.LB1_DUE),
    ("first passed", HazardState.CLOSED, 1, 1, BOTH, FIRST, LookBackState.LB1_OK),
    ("the day before the second", HazardState.CLOSED, 1, 1, BOTH, SECOND - DAY, LookBackState.LB1_OK),
    ("second on its day", HazardState.CLOSED, 1, 1, BOTH, SECOND, LookBackState.LB2_DUE),
    ("both passed", HazardState.CLOSED, 2, 1, Looks(), SECOND, LookBackState.LB2_OK),
    ("not drawn", HazardState.CLOSED, 0, 1, Looks(), SECOND, LookBackState.NONE),
    ("not drawn, looked at by choice", HazardState.CLOSED, 1, 1, Looks(), SECOND, LookBackState.LB1_OK),
    ("drawn, only the first is due", HazardState.CLOSED, 1, 1, Looks(due={1: FIRST}), SECOND, LookBackState.LB1_OK),
    ("failed and open again", HazardState.REOPENED, 0, 2, Looks(failed_in=1), SECOND, LookBackState.FAILED),
    ("failed, being removed", HazardState.RECTIFYING, 0, 2, Looks(failed_in=1), SECOND, LookBackState.FAILED),
    ("failed once, closed again", HazardState.CLOSED, 0, 2, BOTH, CLOSED, LookBackState.NONE),
    ("failed before, reopened by the head", HazardState.REOPENED, 0, 3, Looks(failed_in=1), SECOND, LookBackState.NONE),
    ("reopened by the head", HazardState.REOPENED, 0, 2, Looks(), SECOND, LookBackState.NONE),
    ("never closed", HazardState.ORDERED, 0, 1, Looks(), SECOND, LookBackState.NONE),
]  # fmt: skip


@pytest.mark.parametrize("row", OVERLAY, ids=lambda row: row[0])
def test_the_overlay_of_look_backs_follows_from_what_is_known(
    row: tuple[str, HazardState, int, int, Looks, date, LookBackState],
) -> None:
    _, state, looked_back, cycle, looks, today, expected = row
    assert lookback(state, looked_back, cycle, looks, today) is expected


def test_every_word_of_the_overlay_is_reached() -> None:
    assert {row[-1] for row in OVERLAY} == set(LookBackState)
