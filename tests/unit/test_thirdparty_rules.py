"""Who may review whom, which rows an engagement covers, how far a finding has come and who may know it."""

from dataclasses import replace
from datetime import date
from itertools import product
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from services.thirdparty.domain import (
    ADVICE,
    AS_A_HAZARD,
    ON_THE_DOCKET,
    REVIEWS,
    EngagementKind,
    FindingState,
    Term,
    advised_and_reviewed,
    after_docket,
    after_hazard,
    low_score,
    rotation_due,
    shown,
)
from services.thirdparty.models import Engagement, Enterprise
from services.thirdparty.policy import Known, faults
from services.thirdparty.shapes import RegisterEngagement, SubmitAudit
from shared.contracts.inspection import HazardState, ReportState
from shared.contracts.values import PartyKind

KIND = EngagementKind
TODAY = date(2026, 9, 30)
AGENCY, AUTHORITY, MILL, BAKERY = (UUID(int=n) for n in range(1, 5))


def term(kind: EngagementKind, first: str, last: str) -> Term:
    return Term(kind, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("advice", "review"), product(sorted(ADVICE), sorted(REVIEWS)))
def test_whoever_advised_a_client_a_year_ago_may_not_review_it(advice: EngagementKind, review: EngagementKind) -> None:
    advised, reviewed = term(advice, "2025-01-01", "2025-09-30"), term(review, "2026-09-30", "2026-12-31")
    assert advised_and_reviewed(reviewed, [advised]) == advised
    assert advised_and_reviewed(advised, [reviewed]) == reviewed


@pytest.mark.parametrize(
    ("advised_until", "reviewed_from", "barred"),
    [
        ("2024-09-30", "2026-09-30", True),
        ("2024-09-30", "2026-10-01", False),
        ("2024-02-29", "2026-02-28", True),
        ("2024-02-29", "2026-03-01", False),
    ],
)
def test_advice_bars_its_giver_for_24_months(advised_until: str, reviewed_from: str, barred: bool) -> None:
    advised = term(KIND.TRAINING, "2024-01-01", advised_until)
    reviewed = term(KIND.STATUS_EVALUATION, reviewed_from, "2026-12-31")
    assert (advised_and_reviewed(reviewed, [advised]) is not None) == barred


def test_advice_after_a_review_and_services_that_do_not_judge_are_free() -> None:
    review = term(KIND.STATUS_EVALUATION, "2026-01-01", "2026-03-31")
    later_advice = term(KIND.CONSULTING, "2026-04-01", "2026-12-31")
    assert advised_and_reviewed(later_advice, [review]) is None
    testing = term(KIND.TESTING, "2026-04-01", "2026-12-31")
    assert advised_and_reviewed(testing, [later_advice]) is None
    assert advised_and_reviewed(review, [review]) is None


@pytest.mark.parametrize(
    ("years_before", "last", "due"),
    [
        ([], "2026-12-31", False),
        ([2025, 2024], "2026-12-31", False),
        ([2025, 2024], "2027-01-01", True),
        ([2025, 2024, 2023], "2026-06-30", True),
        ([2024, 2023, 2022], "2026-12-31", False),
    ],
)
def test_a_fourth_consecutive_year_is_warned_of(years_before: list[int], last: str, due: bool) -> None:
    others = [term(KIND.TESTING, f"{year}-02-01", f"{year}-11-30") for year in years_before]
    first = "2026-01-01" if 2024 not in years_before or 2025 not in years_before else "2026-02-01"
    assert rotation_due(term(KIND.TESTING, first, last), others) == due
