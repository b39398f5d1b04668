"""Levels of accidents (GV-2), at and beside every bound, and until when figures may still change one."""

from datetime import date, datetime
from pathlib import Path

import pytest

from services.inspection.accidents.domain import (
    Level,
    Toll,
    bounds_of,
    level_of,
    may_be_supplemented,
    supplement_until,
)
from shared.errors import Conflict
from shared.profile import load

CN = load("cn", Path(__file__).parents[2] / "profiles")
BOUNDS = bounds_of(CN, date(2026, 9, 30))
YUAN = 100
HAPPENED = datetime(2026, 9, 30, 23, 30, tzinfo=CN.timezone)


@pytest.mark.parametrize(
    ("toll", "level"),
    [
        (Toll(deaths=3), Level.LARGER),
        (Toll(deaths=2, serious_injuries=10), Level.LARGER),
        (Toll(loss_fen=10_000_000 * YUAN), Level.LARGER),
        (Toll(deaths=9, serious_injuries=50), Level.MAJOR),
        (Toll(deaths=30), Level.EXTRAORDINARY),
        (Toll(loss_fen=999_999_999), Level.ORDINARY),
        (Toll(), Level.ORDINARY),
        (Toll(deaths=2, serious_injuries=9, loss_fen=9_999_999 * YUAN), Level.ORDINARY),
        (Toll(deaths=9, serious_injuries=49, loss_fen=50_000_000 * YUAN - 1), Level.LARGER),
        (Toll(loss_fen=50_000_000 * YUAN), Level.MAJOR),
        (Toll(deaths=10), Level.MAJOR),
        (Toll(deaths=29, serious_injuries=99, loss_fen=100_000_000 * YUAN - 1), Level.MAJOR),
        (Toll(serious_injuries=100), Level.EXTRAORDINARY),
        (Toll(loss_fen=100_000_000 * YUAN), Level.EXTRAORDINARY),
    ],
)
def test_the_gravest_condition_makes_the_level(toll: Toll, level: Level) -> None:
    assert level_of(toll, BOUNDS) is level


@pytest.mark.parametrize(("traffic_or_fire", "last"), [(False, date(2026, 10, 30)), (True, date(2026, 10, 7))])
def test_casualties_change_the_level_for_thirty_days_and_on_roads_and_in_fires_for_seven(
    traffic_or_fire: bool, last: date
) -> None:
    assert supplement_until(CN, HAPPENED, traffic_or_fire=traffic_or_fire) == last
    may_be_supplemented(last, last)
    with pytest.raises(Conflict) as refused:
        may_be_supplemented(date.fromordinal(last.toordinal() + 1), last)
    assert refused.value.slug == "supplement-too-late"
    assert str(last) in refused.value.en
    assert str(last) in refused.value.zh
