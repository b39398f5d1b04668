"""When a reporter may contest a result, judged by nothing but what the reporter was told."""

from datetime import UTC, datetime, timedelta

import pytest

from services.volunteer.domain import TELLINGS, newest_result, not_now
from services.volunteer.domain.contests import Result
from shared.contracts import inspection as facts

START = datetime(2026, 9, 30, 1, tzinfo=UTC)
REPORT, HAZARD = "inspection.report", "inspection.hazard"


def told(*said: str) -> list[tuple[datetime, str]]:
    """Say these facts, an hour apart."""
    return [(START + timedelta(hours=hour), fact) for hour, fact in enumerate(said)]


def a_month(at: datetime) -> datetime:
    return at + timedelta(days=30)


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ([], None),
        ([f"{REPORT}.received", f"{REPORT}.accepted", f"{REPORT}.substantiated"], None),
        ([f"{REPORT}.received", f"{REPORT}.rejected"], 1),
        ([f"{REPORT}.unfounded", f"{REPORT}.answered"], 1),
        ([f"{REPORT}.answered", f"{HAZARD}.closed", f"{REPORT}.closed"], 1),
        ([f"{HAZARD}.closed", f"{HAZARD}.reopened"], None),
        ([f"{HAZARD}.closed", f"{HAZARD}.reopened", f"{HAZARD}.closed"], 2),
        ([f"{REPORT}.rejected", f"{REPORT}.review_requested"], None),
        ([f"{REPORT}.rejected", f"{REPORT}.review_requested", f"{REPORT}.review_upheld"], None),
        ([f"{REPORT}.rejected", f"{REPORT}.review_refused.too_late"], 0),
        ([f"{REPORT}.rejected", f"{REPORT}.accepted"], None),
    ],
)
def test_the_newest_result_stands_until_the_case_begins_again(said: list[str], hour: int | None) -> None:
    expected = None if hour is None else Result(START + timedelta(hours=hour))
    assert newest_result(told(*said)) == expected


def test_a_review_that_let_a_result_stand_ends_the_right_until_there_is_another() -> None:
    reviewed = told(f"{REPORT}.rejected", f"{REPORT}.review_requested", f"{REPORT}.review_dismissed")
    assert newest_result(reviewed) == Result(START + timedelta(hours=2), reviewed=True)
    later = (START + timedelta(hours=3), f"{HAZARD}.closed")
    assert newest_result([*reviewed, later]) == Result(later[0])


def test_facts_may_be_told_in_any_order_and_at_one_moment_the_result_comes_last() -> None:
    accepted, closed = (START, f"{REPORT}.accepted"), (START, f"{HAZARD}.closed")
    assert newest_result([closed, accepted]) == newest_result([accepted, closed]) == Result(START)
    reopened = (START + timedelta(hours=1), f"{HAZARD}.reopened")
    assert newest_result([reopened, closed]) is None


@pytest.mark.parametrize(
    ("result", "late_s", "pending", "slug"),
    [
        (Result(START), 0, False, None),
        (Result(START), 1, False, "contest-too-late"),
        (Result(START), 0, True, "already-contested"),
        (Result(START, reviewed=True), 0, False, "already-reviewed"),
        (None, 0, False, "case-still-open"),
    ],
)
def test_each_condition_refuses_in_its_own_words(
    result: Result | None, late_s: int, pending: bool, slug: str | None
) -> None:
    now = a_month(START) + timedelta(seconds=late_s)
    refused = not_now(result, a_month, now, pending=pending)
    assert (None if refused is None else refused.slug) == slug
    assert refused is None or (refused.en.isascii() and not refused.zh.isascii())


def test_every_reason_of_a_refusal_can_be_told() -> None:
    for reason in facts.ReviewRefusal:
        telling = TELLINGS[f"{facts.ReviewRefused.subject}.{reason}"]
        assert telling.state is None
        assert telling.en.isascii()
        assert not telling.zh.isascii()
