"""Safety funds: what is due by marginal rates, exact to the fen, and how a balance is carried over the years."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.funds.domain import Sum, apply, due_fen, sectors, years
from shared.contracts.registry import FundUse
from shared.errors import BadInput
from shared.profile import BadProfile, Bracket, WrongUnit, load

CN = load("cn", Path(__file__).parents[2] / "profiles")
DAY = date(2026, 9, 30)
YUAN = 100
MILLION = 1_000_000 * YUAN


def bracket(up_to_yuan: int | None, basis_points: int) -> Bracket:
    return Bracket(up_to_yuan=up_to_yuan, basis_points=basis_points)


# Computed by hand from domain reference §11.
@pytest.mark.parametrize(
    ("sector", "base_fen", "expected_fen"),
    [
        ("hazardous_goods", 0, 0),
        ("hazardous_goods", 10 * MILLION, 450_000 * YUAN),
        # 10 M x 4.5 % + 40 M x 2.25 %
        ("hazardous_goods", 50 * MILLION, 1_350_000 * YUAN),
        # 450,000 + 90 M x 2.25 % = 2,475,000
        ("hazardous_goods", 100 * MILLION, 2_475_000 * YUAN),
        # 2,475,000 + 900 M x 0.55 % = 7,425,000
        ("hazardous_goods", 1000 * MILLION, 7_425_000 * YUAN),
        # 7,425,000 + 1,000 M x 0.2 % = 9,425,000
        ("hazardous_goods", 2000 * MILLION, 9_425_000 * YUAN),
        # 10 M x 2.35 % + 90 M x 1.25 % + 100 M x 0.25 %
        ("machinery", 200 * MILLION, (235_000 + 1_125_000 + 250_000) * YUAN),
        # + 900 M x 0.25 % + 4,000 M x 0.1 % + 1,000 M x 0.05 %
        ("machinery", 6000 * MILLION, (235_000 + 1_125_000 + 2_250_000 + 4_000_000 + 500_000) * YUAN),
        # 10 M x 3 % + 90 M x 1.5 % + 900 M x 0.5 % + 4,000 M x 0.2 % + 5,000 M x 0.1 % + 2,000 M x 0.05 %
        (
            "metallurgy",
            12_000 * MILLION,
            (300_000 + 1_350_000 + 4_500_000 + 8_000_000 + 5_000_000 + 1_000_000) * YUAN,
        ),
        ("freight", 3 * MILLION, 30_000 * YUAN),
        ("passenger_and_dangerous", 3 * MILLION, 45_000 * YUAN),
        ("construction_mining", 8 * MILLION, 280_000 * YUAN),
        ("construction_building", 8 * MILLION, 240_000 * YUAN),
        ("construction_water_power", 8 * MILLION, 200_000 * YUAN),
        ("construction_installation", 8 * MILLION, 160_000 * YUAN),
        ("construction_municipal", 8 * MILLION, 120_000 * YUAN),
    ],
)
def test_what_is_due_is_what_a_person_computes_by_hand(sector: str, base_fen: int, expected_fen: int):
    assert apply(sector, base_fen, CN, DAY).due_fen == expected_fen


def test_half_a_fen_is_rounded_up_and_only_once():
    rates = [bracket(None, 50)]
    assert [due_fen(base, rates) for base in (99, 100, 101, 299, 300)] == [0, 1, 1, 1, 2]
    # Each of two slices would round its half fen up to a whole one; together they are one.
    assert due_fen(200, [bracket(1, 50), bracket(None, 50)]) == 1


brackets = st.lists(
    st.tuples(st.integers(1, 10**9), st.integers(0, 10_000)), unique_by=lambda each: each[0], max_size=6
).flatmap(
    lambda bounded: st.integers(0, 10_000).map(
        lambda last: [*(bracket(up_to, rate) for up_to, rate in sorted(bounded)), bracket(None, last)]
    )
)


@settings(deadline=None)
@given(brackets, st.integers(0, 10**15), st.integers(0, 10**12))
def test_whoever_earns_more_owes_no_less_and_never_more_than_the_highest_rate(
    rates: list[Bracket], base: int, more: int
):
    assert 0 <= due_fen(base, rates) <= due_fen(base + more, rates)
    assert due_fen(base, rates) * 10_000 <= base * max(each.basis_points for each in rates) + 5_000


@settings(deadline=None)
@given(brackets, st.integers(0, 10**15))
def test_the_sum_of_the_slices_is_the_whole(rates: list[Bracket], base: int):
    slices = 0
    lower = 0
    for each in rates:
        upper = base if each.up_to_yuan is None else min(base, each.up_to_yuan * YUAN)
        slices += max(upper - lower, 0) * each.basis_points
        lower = max(lower, upper)
    assert due_fen(base, rates) == (slices * 2 + 10_000) // 20_000


@settings(deadline=None)
@given(st.integers(0, 10**15), st.integers(0, 10_000), st.lists(st.integers(1, 10**9), unique=True, max_size=5))
def test_where_slices_are_cut_does_not_matter_when_their_rates_are_equal(base: int, rate: int, cuts: list[int]):
    pieces = [*(bracket(cut, rate) for cut in sorted(cuts)), bracket(None, rate)]
    assert due_fen(base, pieces) == due_fen(base, [bracket(None, rate)])


def test_the_rate_that_is_valid_on_the_day_is_applied(tmp_path: Path):
    (tmp_path / "cn.yaml").write_text(
        """
timezone: Asia/Shanghai
rules:
  fund.rate.freight:
    - &old
      unit: marginal_basis_points
      base: last_year_revenue
      value: [{ basis_points: 100 }]
      mark: K
      valid_from: 2022-01-01
      source: old
    - { <<: *old, value: [{ basis_points: 120 }], valid_from: 2027-01-01, source: new }
""",
        encoding="utf-8",
    )
    rules = load("cn", tmp_path)
    old, new = (apply("freight", MILLION, rules, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert (old.due_fen, old.source) == (10_000 * YUAN, "old")
    assert (new.due_fen, new.source, new.valid_from) == (12_000 * YUAN, "new", date(2027, 1, 1))
    with pytest.raises(BadInput) as refused:
        apply("freight", MILLION, rules, date(2021, 12, 31))
    assert refused.value.slug == "no-rate"


def test_a_sector_without_a_rate_is_refused_with_those_that_have_one():
    with pytest.raises(BadInput) as refused:
        apply("coal", MILLION, CN, DAY)
    assert refused.value.facts["sectors"] == sectors(CN)
    assert "hazardous_goods" in sectors(CN)


def test_no_rate_of_the_default_profile_claims_to_be_law():
    for sector in sectors(CN):
        mark = apply(sector, MILLION, CN, DAY).mark
        assert mark == ("S" if sector.startswith("construction_") else "K")


@pytest.mark.parametrize(
    "value",
    [
        "[]",
        "[{ up_to_yuan: 10, basis_points: 1 }]",
        "[{ basis_points: 1 }, { basis_points: 2 }]",
        "[{ up_to_yuan: 20, basis_points: 1 }, { up_to_yuan: 10, basis_points: 1 }, { basis_points: 2 }]",
        "[{ up_to_yuan: 10, basis_points: 1 }, { up_to_yuan: 10, basis_points: 1 }, { basis_points: 2 }]",
        "[{ basis_points: 10001 }]",
        "[{ basis_points: 4.5 }]",
    ],
)
def test_slices_that_leave_a_gap_or_a_doubt_are_no_profile(tmp_path: Path, value: str):
    text = (
        "timezone: Asia/Shanghai\nrules: {fund.rate.x: [{unit: marginal_basis_points, base: construction_cost, "
        f"value: {value}, mark: D, valid_from: 2000-01-01, source: a reason}}]}}"
    )
    (tmp_path / "cn.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadProfile):
        load("cn", tmp_path)


def test_rates_and_lists_are_asked_for_as_what_they_are():
    with pytest.raises(WrongUnit):
        CN.brackets("risk.sector.grave", DAY)
    with pytest.raises(WrongUnit):
        CN.listing("fund.rate.freight", DAY)
    with pytest.raises(WrongUnit):
        CN.number("fund.rate.freight", DAY)


def test_the_balance_is_carried_over_the_end_of_the_year():
    sums = [
        Sum(2024, None, 1_000),
        Sum(2024, FundUse.EDUCATION, -300),
        Sum(2026, None, 500),
        Sum(2026, FundUse.EDUCATION, -200),
        Sum(2026, FundUse.INSURANCE, -1_100),
    ]
    first, between, last = years(sums, {2026: (600, 550)})
    assert (first.opening_fen, first.extracted_fen, first.used_fen, first.closing_fen) == (0, 1_000, 300, 700)
    assert (between.year, between.opening_fen, between.closing_fen, between.planned_fen) == (2025, 700, 700, None)
    assert (last.opening_fen, last.planned_fen, last.due_fen, last.extracted_fen) == (700, 600, 550, 500)
    assert (last.used_fen, last.closing_fen, last.overdrawn) == (1_300, -100, True)
    assert last.used_by_class == {FundUse.EDUCATION: 200, FundUse.INSURANCE: 1_100}
    assert not first.overdrawn
    assert years([], {}) == []


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Sum,
            st.integers(2015, 2030),
            st.sampled_from([None, *FundUse]),
            st.integers(-(10**12), 10**12),
        )
    )
)
def test_the_last_balance_is_the_sum_of_all_entries(sums: list[Sum]):
    told = years(sums, {})
    assert (told[-1].closing_fen if told else 0) == sum(each.amount_fen for each in sums)
    for before, after in pairwise(told):
        assert after.opening_fen == before.closing_fen
        assert after.year == before.year + 1
