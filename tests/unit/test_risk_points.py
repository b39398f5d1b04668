"""Risk points: the whole table of L·E·C and of L×S, and the bounds between colours (GV-3)."""

from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from services.registry.risks.domain.points import CONSEQUENCE, EXPOSURE, LIKELIHOOD, STEPS, colour_by, lec, ls
from shared.contracts.registry import Colour
from shared.errors import BadInput
from shared.profile import load

PROFILES = Path(__file__).parents[2] / "profiles"
CN = load("cn", PROFILES)
DAY = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("factors", "value", "colour"),
    [
        ((6, 6, 15), 540, Colour.RED),
        ((3, 6, 15), 270, Colour.ORANGE),
        ((3, 3, 15), 135, Colour.YELLOW),
        ((1, 6, 7), 42, Colour.BLUE),
        ((10, 2, 15), 300, Colour.ORANGE),
        ((6, 1, 15), 90, Colour.YELLOW),
        ((10, 1, 7), 70, Colour.YELLOW),
        ((0.1, 0.5, 1), 0.05, Colour.BLUE),
        ((0.2, 3, 100), 60, Colour.BLUE),
        ((10, 10, 100), 10_000, Colour.RED),
    ],
)
def test_the_golden_vectors_of_lec(factors: tuple[float, float, float], value: float, colour: Colour):
    graded = lec(*factors, CN, DAY)
    assert (graded.value, graded.colour) == (value, colour)


def test_every_product_of_lec_has_the_colour_of_its_band():
    bands = {Colour.RED: (320, 10_001), Colour.ORANGE: (160, 320), Colour.YELLOW: (70, 160), Colour.BLUE: (0, 70)}
    seen: set[Colour] = set()
    for factors in product(LIKELIHOOD, EXPOSURE, CONSEQUENCE):
        graded = lec(*map(float, factors), CN, DAY)
        low, high = bands[graded.colour]
        assert low <= graded.value < high
        assert Decimal(str(graded.value)) == factors[0] * factors[1] * factors[2]
        seen.add(graded.colour)
    assert seen == set(Colour)


BOUNDS = {Colour.RED: Decimal(320), Colour.ORANGE: Decimal(160), Colour.YELLOW: Decimal(70)}


@pytest.mark.parametrize(
    ("value", "inclusive", "exclusive"),
    [
        ("320.01", Colour.RED, Colour.RED),
        ("320", Colour.RED, Colour.ORANGE),
        ("319.99", Colour.ORANGE, Colour.ORANGE),
        ("160", Colour.ORANGE, Colour.YELLOW),
        ("70", Colour.YELLOW, Colour.BLUE),
        ("69.99", Colour.BLUE, Colour.BLUE),
    ],
)
def test_exactly_the_bound_belongs_to_the_graver_colour_unless_the_profile_says_otherwise(
    value: str, inclusive: Colour, exclusive: Colour
):
    assert colour_by(Decimal(value), BOUNDS) == inclusive
    assert colour_by(Decimal(value), BOUNDS, inclusive=False) == exclusive


def test_a_county_that_excludes_the_bound_gets_the_milder_colour(tmp_path: Path):
    (tmp_path / "cn.yaml").write_bytes((PROFILES / "cn.yaml").read_bytes())
    (tmp_path / "county.yaml").write_text(
        "extends: cn\nrules: {risk.lec.lower_bound_inclusive: "
        "[{value: false, unit: flag, mark: S, valid_from: 2026-01-01, source: the county's rule}]}",
        encoding="utf-8",
    )
    county = load("county", tmp_path)
    at_the_bound = (10, 1, 7)
    assert lec(*at_the_bound, CN, DAY).colour == Colour.YELLOW
    assert lec(*at_the_bound, county, DAY).colour == Colour.BLUE
    assert lec(*at_the_bound, county, date(2025, 12, 31)).colour == Colour.YELLOW


def test_the_whole_matrix_of_likelihood_and_severity():
    red, orange, yellow, blue = "red", "orange", "yellow", "blue"
    matrix = [
        [blue, blue, blue, blue, blue],
        [blue, blue, blue, blue, yellow],
        [blue, blue, yellow, yellow, orange],
        [blue, blue, yellow, orange, red],
        [blue, yellow, orange, red, red],
    ]
    for likelihood, severity in product(STEPS, STEPS):
        graded = ls(likelihood, severity, CN, DAY)
        assert graded.value == likelihood * severity
        assert graded.colour == matrix[likelihood - 1][severity - 1], (likelihood, severity)


@pytest.mark.parametrize("factors", [(5, 6, 15), (6, 4, 15), (6, 6, 14), (0.15, 1, 1), (6, 0.2, 15)])
def test_a_factor_that_the_method_does_not_know_is_refused(factors: tuple[float, float, float]):
    with pytest.raises(BadInput) as refused:
        lec(*factors, CN, DAY)
    assert refused.value.slug == "unknown-factor"
