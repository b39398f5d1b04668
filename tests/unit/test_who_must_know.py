import re
from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from services.notify.messages.actions import TEMPLATES, wording
from services.notify.messages.domain import (
    BACKOFF_S,
    CHINESE,
    RESPONSIBLE,
    WHO_MUST_KNOW,
    mentioned,
    notices,
    try_again_after,
)
from services.notify.people.models import Party
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.notify import SubscriptionDisabled
from shared.contracts.values import Category, Channel, Grade, Role

AT = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
ENTERPRISE, AGENCY, FIRE = uuid4(), uuid4(), uuid4()
NAMES = {
    ENTERPRISE: Party(id=ENTERPRISE, name_en="Mill\n Lane Works", name_zh="磨坊厂"),
    FIRE: Party(id=FIRE, name_en="Fire Rescue", name_zh="消防救援大队"),
}
DOCKET = {
    "at": AT, "area_code": "370211001", "entry_id": uuid4(), "number": "R-7", "state": facts.ReportState.RECEIVED,
    "claim": facts.ClaimRef(service="thirdparty", claim_id=uuid4(), source_party_id=AGENCY),
    "channel": Channel.THIRD_PARTY_AUDIT, "reporter_ref": uuid4(), "category": Category.FIRE, "authority_id": FIRE,
    "enterprise_id": ENTERPRISE, "claimed_at": AT, "decide_by": AT, "to_authority_id": FIRE, "acknowledge_by": AT,
    "explanation": "not ours", "hazard_id": uuid4(), "reason": facts.RejectReason.NO_TARGET, "answer": "It is fixed.",
    "routing_rule": facts.RoutingRule.CATEGORY, "imminent_danger": True, "contest_id": uuid4(),
    "verify_by": AT, "escalated_at": AT, "finding": facts.CountyFinding.DEATHS_CONFIRMED,
    "decided_on": date(2026, 10, 2), "statement": "One worker died.", "suggested_authority_id": FIRE,
}  # fmt: skip
HAZARD = {
    "at": AT, "area_code": "370211001", "hazard_id": uuid4(), "number": "H-7", "state": facts.HazardState.ORDERED,
    "category": Category.FIRE, "what": "the exit is blocked", "grade": Grade.MAJOR, "enterprise_id": ENTERPRISE,
    "lead_authority_id": FIRE, "suspension": facts.Suspension.FULL_STOP, "by_id": uuid4(),
    "claims": (facts.ClaimRef(service="volunteer", claim_id=uuid4()), DOCKET["claim"]),
    "routing_rule": facts.RoutingRule.CATEGORY, "order_id": uuid4(), "order_number": "O-7", "kind": "rectify",
    "limit": date(2026, 10, 9), "items": ("clear the exit", "train the guards"), "officers": (uuid4(), uuid4()),
    "reason": "danger", "recheck_by": AT, "recheck_id": uuid4(), "consequence": "penalty", "opinion": "not clear yet",
    "look_backs": (date(2026, 11, 1),), "review_by": AT, "granted": True, "ordinal": 1, "passed": False, "remark": "-",
}  # fmt: skip
TELLS_OF_REPORTS = re.compile(
    r"report|whistle|complain|tip-?off|举报|报告|投诉|反映|线索|群众|志愿者|网格", re.IGNORECASE
)


def sample(kind: type[Event], **changes: object) -> Event:
    if kind is SubscriptionDisabled:
        return SubscriptionDisabled(at=AT, area_code="370211", subscription_id=uuid4(), owner_party_id=AGENCY)
    return kind.model_validate({**(DOCKET if issubclass(kind, facts.DocketFact) else HAZARD), **changes})


def worded(kind: type[Event], template: str, language: str, **changes: object) -> str:
    event = sample(kind, **changes)
    known = {party_id: NAMES[party_id] for party_id in mentioned(event) if party_id in NAMES}
    return "\n".join(wording(template, language, event, known, ZoneInfo("Asia/Shanghai")))


ROWS = [(kind, tell.template) for kind, tells in WHO_MUST_KNOW.items() for tell in tells]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("kind", "template"), ROWS, ids=lambda value: getattr(value, "__name__", value))
def test_every_row_of_the_table_can_be_worded_in_both_languages(kind: type[Event], template: str, language: str):
    for changes in ({}, {"enterprise_id": None, "lead_authority_id": None, "authority_id": None}):
        subject, _, body = worded(kind, template, language, **changes).partition("\n")
        assert 3 < len(subject) < 120
        assert body
        assert "None" not in subject + body


def test_no_template_is_without_a_row():
    told = {f"{template}.{language}.txt" for _, template in ROWS for language in ("en", "zh")}
    assert {path.name for path in TEMPLATES.iterdir()} == told


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", WHO_MUST_KNOW, ids=lambda kind: kind.__name__)
def test_what_an_enterprise_reads_tells_of_no_report(kind: type[Event], language: str):
    if issubclass(kind, facts.DocketFact) or kind is SubscriptionDisabled:
        return
    event = sample(kind)
    for template, audience in notices(event):
        if audience.party_id == ENTERPRISE:
            assert audience.roles == RESPONSIBLE
            assert not TELLS_OF_REPORTS.search(worded(kind, template, language))


def test_the_order_says_found_in_inspection():
    assert "Found in inspection" in worded(facts.OrderIssued, "order_issued", "en")
    assert "检查发现" in worded(facts.OrderIssued, "order_issued", "zh")


@pytest.mark.parametrize("kind", [kind for kind in WHO_MUST_KNOW if issubclass(kind, facts.DocketFact)])
def test_the_reported_unit_is_in_no_audience_of_a_report(kind: type[Event]):
    assert all(audience.party_id != ENTERPRISE for _, audience in notices(sample(kind)))


@pytest.mark.parametrize("kind", [kind for kind in WHO_MUST_KNOW if issubclass(kind, facts.DocketFact)])
def test_people_who_reported_are_told_nothing_from_here(kind: type[Event]):
    claim = facts.ClaimRef(service="volunteer", claim_id=uuid4())
    event = sample(kind, claim=claim)
    reachable = {audience.party_id for _, audience in notices(event)} | {
        role for _, audience in notices(event) for role in audience.roles
    }
    assert reachable <= {FIRE, None, Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.COMMITTEE}
    assert not any(audience.people for _, audience in notices(event))


def test_a_self_check_of_a_known_matter_is_refused_without_the_desks_words():
    own = facts.ClaimRef(service="registry", claim_id=uuid4(), source_party_id=ENTERPRISE)
    same = {"claim": own, "reason": facts.RejectReason.SAME_MATTER, "explanation": "reported by a neighbour"}
    for language in ("en", "zh"):
        text = worded(facts.ReportRejected, "claim_rejected", language, **same)
        assert "neighbour" not in text
        assert not TELLS_OF_REPORTS.search(text)
    assert "neighbour" in worded(facts.ReportRejected, "claim_rejected", "en", **{**same, "claim": DOCKET["claim"]})


def test_a_claimless_report_without_authority_goes_to_the_committee_alone():
    event = sample(facts.ReportReceived, authority_id=None)
    assert [(template, audience.roles) for template, audience in notices(event)] == [
        ("report_unrouted", (Role.COMMITTEE,))
    ]


def test_imminent_danger_is_told_to_heads_as_well():
    roles = {audience.roles for _, audience in notices(sample(facts.ReportReceived))}
    assert roles == {(Role.AUTHORITY_DESK,), (Role.AUTHORITY_HEAD,)}
    calm = notices(sample(facts.ReportReceived, imminent_danger=False))
    assert {audience.roles for _, audience in calm} == {(Role.AUTHORITY_DESK,)}


def test_deaths_are_told_to_the_committee_and_to_the_head():
    told = notices(sample(facts.FatalityEscalated))
    assert [(template, audience.roles) for template, audience in told] == [
        ("fatality_escalated", (Role.COMMITTEE,)),
        ("fatality_escalated", (Role.AUTHORITY_HEAD,)),
    ]
    assert [audience.roles for _, audience in notices(sample(facts.FatalityEscalated, authority_id=None))] == [
        (Role.COMMITTEE,)
    ]
    assert "art. 73" in worded(facts.FatalityEscalated, "fatality_escalated", "en")
    assert "第七十三条" in worded(facts.FatalityEscalated, "fatality_escalated", "zh")


def test_a_contested_result_is_a_task_of_head_and_desk_with_a_deadline():
    [(template, audience)] = notices(sample(facts.ReviewRequested))
    assert (template, audience.roles, audience.party_id) == (
        "review_requested",
        (Role.AUTHORITY_HEAD, Role.AUTHORITY_DESK),
        FIRE,
    )
    assert "2026-09-30 09:00" in worded(facts.ReviewRequested, "review_requested", "zh")


@pytest.mark.parametrize("kind", [facts.ReviewUpheld, facts.ReviewDismissed, facts.VerificationExtended])
def test_an_enterprise_that_declared_a_matter_hears_nothing_of_reviews_and_delays(kind: type[Event]):
    own = facts.ClaimRef(service="registry", claim_id=uuid4(), source_party_id=ENTERPRISE)
    assert notices(sample(kind, claim=own)) == []
    [(_, audience)] = notices(sample(kind))
    assert audience.party_id == AGENCY


def test_a_refusal_of_competence_names_who_is_suggested():
    assert "Fire Rescue" in worded(facts.TransferBounced, "report_bounced", "en")
    assert "Fire Rescue" not in worded(facts.TransferBounced, "report_bounced", "en", suggested_authority_id=None)


def test_a_passed_look_back_troubles_nobody():
    assert notices(sample(facts.LookBackDone, passed=True)) == []


def test_a_general_hazard_is_no_matter_for_heads():
    assert notices(sample(facts.HazardConfirmed, grade=Grade.GENERAL)) == []


def test_deadlines_are_told_in_the_countys_time():
    assert "2026-09-30 09:00" in worded(facts.ReportReceived, "report_received", "en")


def test_a_name_with_a_line_break_stays_in_its_line():
    assert "Mill Lane Works:" in worded(facts.OrderIssued, "order_issued", "en")


def test_every_code_has_a_chinese_word():
    assert {*Category, *facts.RejectReason, *facts.Suspension, *facts.CountyFinding} == set(CHINESE)


def test_a_mail_is_tried_for_most_of_a_day_and_then_given_up():
    waits = [try_again_after(attempts) for attempts in range(1, len(BACKOFF_S) + 2)]
    assert waits[-1] is None
    assert 15 < sum(BACKOFF_S) / 3600 < 24
    assert list(BACKOFF_S) == sorted(BACKOFF_S)
