"""What a penalty case must respect before and after its decision, each rule by itself."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.inspection.hazards.domain.execution import (
    changes_only_downwards,
    contest_ends_lawfully,
    demand_was_given_its_time,
    instalments_are_whole,
)
from services.inspection.hazards.domain.penalty import (
    GRAVE,
    Penalty,
    amount_fits_kind,
    carries_a_hearing,
    decides_as_another,
    not_graver_than_told,
    what_became_of_the_hearing,
)
from shared.contracts.inspection import (
    ContestOutcome,
    Hearing,
    PenaltyKind,
)
from shared.errors import BadInput, Conflict

LARGE = 50_000
TODAY = date(2026, 9, 30)


def meant(*kinds: str, yuan: int = 0) -> Penalty:
    return Penalty(kinds=frozenset(map(PenaltyKind, kinds)), amount_yuan=yuan)


@pytest.mark.parametrize(
    ("right", "penalty", "grave"),
    [
        (False, meant("warning"), False),
        (False, meant("licence_suspended"), False),
        (False, meant("confiscation"), False),
        (True, meant("confiscation"), True),
        (False, meant("fine", yuan=LARGE - 1), False),
        (True, meant("fine", yuan=LARGE), False),
        (True, meant("stop_work"), False),
        (True, meant("warning", "closure"), False),
        (True, meant("licence_revoked"), False),
        (True, meant("qualification_lowered"), False),
        (True, meant("ban"), False),
    ],
)
def test_who_may_ask_for_a_hearing(right: bool, penalty: Penalty, grave: bool) -> None:
    assert carries_a_hearing(penalty, LARGE, grave=grave) is right


def test_a_stop_as_a_penalty_carries_the_right_and_a_warning_does_not() -> None:
    assert PenaltyKind.STOP_WORK in GRAVE
    assert not GRAVE & {PenaltyKind.WARNING, PenaltyKind.PUBLIC_CRITICISM, PenaltyKind.FINE}


@pytest.mark.parametrize("penalty", [meant("fine"), meant("warning", yuan=1)])
def test_a_fine_has_an_amount_and_an_amount_is_a_fine(penalty: Penalty) -> None:
    with pytest.raises(BadInput) as refused:
        amount_fits_kind(penalty)
    assert refused.value.slug == "amount-without-fine"
    amount_fits_kind(meant("fine", yuan=1))


@pytest.mark.parametrize("decided", [meant("fine", yuan=101), meant("fine", "ban", yuan=1), meant("ban")])
def test_nothing_graver_is_decided_than_was_told(decided: Penalty) -> None:
    told = meant("fine", "warning", yuan=100)
    with pytest.raises(Conflict) as refused:
        not_graver_than_told(decided, told)
    assert refused.value.slug == "graver-than-told"
    for lighter in (told, meant("warning"), meant("fine", yuan=99)):
        not_graver_than_told(lighter, told)


def test_who_reviewed_does_not_decide() -> None:
    with pytest.raises(Conflict):
        decides_as_another(UUID(int=1), UUID(int=1))
    decides_as_another(UUID(int=1), UUID(int=2))


def test_what_became_of_a_hearing() -> None:
    assert what_became_of_the_hearing(right=False, attended=None) is Hearing.NOT_REQUIRED
    assert what_became_of_the_hearing(right=True, attended=True) is Hearing.HELD
    assert what_became_of_the_hearing(right=True, attended=False) is Hearing.WAIVED, "who does not come waives"
    assert what_became_of_the_hearing(right=True, attended=None) is Hearing.WAIVED


def test_instalments_follow_each_other_and_are_the_whole() -> None:
    day = timedelta(days=1)
    instalments_are_whole([(TODAY, 1), (TODAY + day, 2)], 3, TODAY, TODAY + day)
    for slug, steps in (
        ("instalments-sum", [(TODAY, 1), (TODAY + day, 1)]),
        ("instalments-order", [(TODAY, 1), (TODAY, 2)]),
        ("instalments-order", [(TODAY - day, 3)]),
        ("instalments-too-late", [(TODAY, 1), (TODAY + 9 * day, 2)]),
        ("instalments-too-late", [(date.max, 3)]),
    ):
        with pytest.raises(BadInput) as refused:
            instalments_are_whole(steps, 3, TODAY, TODAY + 8 * day)
        assert refused.value.slug == slug


def test_only_a_changed_decision_has_another_fine_and_never_a_higher_one() -> None:
    assert changes_only_downwards(ContestOutcome.UPHELD, None, 100) == 100
    assert changes_only_downwards(ContestOutcome.CHANGED, 0, 100) == 0
    for slug, outcome, amount in (
        ("amount-of-change", ContestOutcome.CHANGED, None),
        ("amount-of-change", ContestOutcome.UPHELD, 100),
        ("graver-by-contest", ContestOutcome.CHANGED, 101),
    ):
        with pytest.raises(BadInput) as refused:
            changes_only_downwards(outcome, amount, 100)
        assert refused.value.slug == slug


def test_a_contest_ends_after_it_began_and_is_final_no_sooner() -> None:
    day = timedelta(days=1)
    contest_ends_lawfully(TODAY - day, TODAY, TODAY + day, TODAY, TODAY + day)
    for decided_on, final_on in (
        (TODAY - 2 * day, TODAY),
        (TODAY + day, TODAY + day),
        (TODAY, TODAY - day),
        (TODAY, date.max),
    ):
        with pytest.raises(BadInput):
            contest_ends_lawfully(TODAY - day, decided_on, final_on, TODAY, TODAY + day)


def test_the_last_instant_of_a_demand_is_still_the_partys() -> None:
    end = datetime(2026, 10, 20, 15, 59, 59, tzinfo=UTC)
    with pytest.raises(Conflict):
        demand_was_given_its_time(end, end)
    demand_was_given_its_time(end, end + timedelta(seconds=1))
