"""The days of a year's plan add up (GV-6), and a plan that promises more than there is is refused."""

import pytest

from services.inspection.plans.domain import Capacity, general_days, legal_workdays
from shared.errors import BadInput


def test_a_published_plan_adds_up() -> None:
    plan = Capacity(workdays=247, officers=22, other_enforcement=2469, other_work=1994)
    assert (plan.total, plan.supervision) == (5434, 971)
    assert general_days(plan, 632) == 339


def test_a_year_without_weekends_and_holidays_is_what_one_officer_works() -> None:
    assert legal_workdays(365, 104, 11) == 250
    assert Capacity(legal_workdays(365, 104, 11), 4, 0, 0).total == 1000


def test_a_plan_that_needs_more_days_than_there_are_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        _ = Capacity(250, 1, 200, 51).supervision
    assert (refused.value.slug, refused.value.facts["missing"]) == ("plan-exceeds-days", 1)
    with pytest.raises(BadInput) as refused:
        general_days(Capacity(250, 1, 200, 40), 11)
    assert (refused.value.slug, refused.value.facts["missing"]) == ("key-visits-exceed-days", 1)
