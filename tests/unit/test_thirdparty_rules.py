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
from services.thirdparty.policy import Known, faults, lasting_by
from services.thirdparty.shapes import RegisterEngagement, SubmitAudit
from shared.contracts.inspection import (
    HazardState,
    ReportState,
)
from shared.contracts.values import PartyKind
from shared.profile import load
from shared.settings import ROOT

KIND = EngagementKind
TODAY = date(2026, 9, 30)
AGENCY, AUTHORITY, MILL, BAKERY = (UUID(int=n) for n in range(1, 5))
LASTING = lasting_by(load("cn", ROOT / "profiles"))
IN_2026 = ("2026-10-01", "2026-12-31")


def term(kind: EngagementKind, first: str, last: str) -> Term:
    return Term(kind, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("advice", "review"), list(product(sorted(ADVICE), sorted(REVIEWS))))
def test_whoever_advised_a_client_a_year_ago_may_not_review_it(advice: EngagementKind, review: EngagementKind) -> None:
    advised, reviewed = term(advice, "2025-01-01", "2025-09-30"), term(review, "2026-09-30", "2026-12-31")
    until = date(2027, 9, 30)
    assert advised_and_reviewed(reviewed, [advised], LASTING) == (advised, until)
    assert advised_and_reviewed(advised, [reviewed], LASTING) == (reviewed, until)


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
    assert (advised_and_reviewed(reviewed, [advised], LASTING) is not None) == barred


def test_advice_after_a_review_and_services_that_do_not_judge_are_free() -> None:
    review = term(KIND.STATUS_EVALUATION, "2026-01-01", "2026-03-31")
    later_advice = term(KIND.CONSULTING, "2026-04-01", "2026-12-31")
    assert advised_and_reviewed(later_advice, [review], LASTING) is None
    testing = term(KIND.TESTING, "2026-04-01", "2026-12-31")
    assert advised_and_reviewed(testing, [later_advice], LASTING) is None
    assert advised_and_reviewed(review, [review], LASTING) is None


def year(number: int) -> Term:
    return term(KIND.TESTING, f"{number}-01-01", f"{number}-12-31")


@pytest.mark.parametrize(
    ("served", "new", "due"),
    [
        ([], year(2026), False),
        ([2025, 2024], year(2026), False),
        ([2023, 2025, 2024], year(2026), True),
        ([2022, 2023, 2024], year(2026), False),
        ([], term(KIND.TESTING, "2024-01-01", "2027-01-01"), True),
        ([], term(KIND.TESTING, "2024-02-29", "2027-02-27"), False),
    ],
    ids=["first", "third", "fourth", "after a year's pause", "one long contract", "three years to the day"],
)
def test_more_than_three_consecutive_years_are_warned_of(served: list[int], new: Term, due: bool) -> None:
    since = rotation_due(new, [year(number) for number in served], LASTING)
    assert since == ((date(min(served), 1, 1) if served else new.valid_from) if due else None)


def test_another_countys_profile_has_other_terms() -> None:
    advised, reviewed = term(KIND.TRAINING, "2024-01-01", "2024-09-30"), term(KIND.STATUS_EVALUATION, *IN_2026)
    assert advised_and_reviewed(reviewed, [advised], LASTING) is None
    longer = replace(LASTING, advice_bars_until=lambda day: day.replace(year=day.year + 5))
    assert advised_and_reviewed(reviewed, [advised], longer) == (advised, date(2029, 9, 30))


@pytest.mark.parametrize("name", ["cn", "international", "us-osha", "uk-hse", "eu-whistleblower"])
def test_every_profile_says_how_long_advice_bars(name: str) -> None:
    lasting = lasting_by(load(name, ROOT / "profiles"))
    assert lasting.advice_bars_until(date(2024, 2, 29)) == date(2026, 2, 28)
    assert lasting.rotation_from(date(2024, 2, 29)) == date(2027, 2, 28)
    assert lasting.goes_on_until(date(2025, 12, 31)) == date(2026, 12, 31)


def test_a_low_score_says_in_both_languages_what_was_measured() -> None:
    assert low_score(74.0, 80.0, "") == "Inspection score 74 of 100, below 80 / 检查得分74分，低于80分"
    assert low_score(74.5, 80.0, "no soap").endswith("检查得分74.5分，低于80分: no soap")


@pytest.mark.parametrize(("state", "docket"), list(product(FindingState, ReportState)))
def test_the_docket_never_outweighs_the_hazard(state: FindingState, docket: ReportState) -> None:
    of_the_hazard = state in AS_A_HAZARD.values()
    assert after_docket(state, docket) == (state if of_the_hazard else ON_THE_DOCKET.get(docket, state))


@pytest.mark.parametrize(("state", "hazard"), list(product(FindingState, HazardState)))
def test_every_state_of_a_hazard_but_suspicion_moves_the_finding(state: FindingState, hazard: HazardState) -> None:
    """What was merged goes on as another hazard, whose facts follow."""
    moved = after_hazard(state, hazard)
    assert moved == state if hazard in {HazardState.SUSPECTED, HazardState.MERGED} else moved in AS_A_HAZARD.values()


@pytest.mark.parametrize("state", FindingState)
def test_an_enterprise_learns_of_hazards_and_nothing_of_the_docket(state: FindingState) -> None:
    assert shown(state, to_enterprise=False) == state
    hidden = {*ON_THE_DOCKET.values(), FindingState.SUBMITTED}
    assert shown(state, to_enterprise=True) == (FindingState.SUBMITTED if state in hidden else state)


def engagement(client_kind: PartyKind = PartyKind.AUTHORITY, client_id: UUID = AUTHORITY) -> Engagement:
    return Engagement(
        id=uuid4(),
        area_code="999901",
        agency_id=AGENCY,
        client_id=client_id,
        client_kind=client_kind,
        kind=KIND.STATUS_EVALUATION,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        warnings=[],
    )


def enterprise(enterprise_id: UUID, area_code: str) -> Enterprise:
    return Enterprise(
        id=enterprise_id, uscc="", name_en="", name_zh="", industry_code="C1", area_code=area_code, place={}
    )


KNOWN = Known({MILL: enterprise(MILL, "999901001"), BAKERY: enterprise(BAKERY, "888801001")}, {}, {}, set(), LASTING)


def result(enterprise_id: UUID = MILL, result_id: str = "1") -> dict[str, object]:
    return {"result_id": result_id, "enterprise_id": enterprise_id, "score": 90, "category": "fire"}


def finding(enterprise_id: UUID = MILL, **more: object) -> dict[str, object]:
    return {"finding_id": UUID(int=50), "enterprise_id": enterprise_id, "category": "fire", "what": "hot", **more}


def audit(performed_on: date = TODAY, **rows: object) -> SubmitAudit:
    return SubmitAudit.model_validate(
        {"engagement_id": uuid4(), "performed_on": performed_on, "conclusion": "c", "summary_public": "s", **rows}
    )


def found(under: Engagement, ask: SubmitAudit, known: Known = KNOWN) -> list[tuple[str, int | None, str]]:
    return [(fault.rows, fault.index, fault.field) for fault in faults(under, ask, known, TODAY)]


def test_an_authoritys_engagement_covers_the_enterprises_of_its_area() -> None:
    ask = audit(results=[result(), result(BAKERY, "2")], findings=[finding(UUID(int=99))])
    assert found(engagement(), ask) == [("results", 1, "enterprise_id"), ("findings", 0, "enterprise_id")]


def test_an_enterprises_engagement_covers_only_itself() -> None:
    ask = audit(results=[result(), result(BAKERY, "2")])
    assert found(engagement(PartyKind.ENTERPRISE, BAKERY), ask) == [("results", 0, "enterprise_id")]


def test_a_paid_audit_leaves_out_whom_the_agency_advised() -> None:
    advised = replace(KNOWN, advice={MILL: [term(KIND.HOSTING, "2025-01-01", "2025-12-31")]})
    [fault] = faults(engagement(), audit(results=[result()]), advised, TODAY)
    assert fault.en == "COI-1: you advised it, and may review it only after 2027-12-31"
    assert fault.zh.startswith("COI-1")
    assert found(engagement(PartyKind.ENTERPRISE, MILL), audit(results=[result()]), advised) == []


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 10, 1)])
def test_an_audit_lies_within_the_term_and_not_in_the_future(day: date) -> None:
    assert found(engagement(), audit(day)) == [("audit", None, "performed_on")]


def test_rows_are_told_apart_by_their_ids_and_proven_by_files_that_exist() -> None:
    taken = replace(KNOWN, taken={UUID(int=51)})
    ask = audit(
        results=[result(), result()],
        findings=[finding(), finding(evidence=[uuid4()]), finding(finding_id=UUID(int=51))],
    )
    assert found(engagement(), ask, taken) == [
        ("results", 1, "result_id"),
        ("findings", 1, "finding_id"),
        ("findings", 1, "evidence"),
        ("findings", 2, "finding_id"),
    ]


def test_the_order_of_rows_does_not_make_another_audit() -> None:
    one, two = result(), result(MILL, "2")
    engagement_id = uuid4()
    first = audit(engagement_id=engagement_id, results=[one, two])
    assert first.content_hash() == audit(engagement_id=engagement_id, results=[two, one]).content_hash()
    assert first.content_hash() != audit(engagement_id=engagement_id, results=[one]).content_hash()


def test_a_term_ends_after_it_begins() -> None:
    with pytest.raises(ValidationError, match="valid_to lies before valid_from"):
        RegisterEngagement(
            client_id=MILL,
            kind=KIND.TESTING,
            valid_from=date(2026, 2, 1),
            valid_to=date(2026, 1, 31),
            area_code="999901",
        )
