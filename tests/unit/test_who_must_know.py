import re
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from told_facts import AGENCY, DOCKET, EMERGENCY, ENTERPRISE, FIRE, HAZARD, MARKET, NAMES, VISIT, sample

from services.notify.digests.domain import TEMPLATE as DIGEST
from services.notify.gathering.domain import TEMPLATES as GATHERED
from services.notify.messages.actions import TEMPLATES, wording
from services.notify.messages.domain import (
    BACKOFF_S,
    RESPONSIBLE,
    WHO_MUST_KNOW,
    mentioned,
    notices,
    try_again_after,
)
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.inspection import campaigns
from shared.contracts.notify import SubscriptionDisabled
from shared.contracts.values import Grade, Role

TELLS_OF_REPORTS = re.compile(
    r"report|whistle|complain|tip-?off|举报|报告|投诉|反映|线索|群众|志愿者|网格", re.IGNORECASE
)


def worded(kind: type[Event], template: str, language: str, **changes: object) -> str:
    event = sample(kind, **changes)
    known = {party_id: NAMES[party_id] for party_id in mentioned(event) if party_id in NAMES}
    return "\n".join(wording(template, language, event, known, ZoneInfo("Asia/Shanghai")))


ROWS = [(kind, tell.template) for kind, tells in WHO_MUST_KNOW.items() for tell in tells]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("kind", "template"), ROWS, ids=lambda value: getattr(value, "__name__", value))
def test_every_row_of_the_table_can_be_worded_in_both_languages(kind: type[Event], template: str, language: str):
    nobody = dict.fromkeys(("enterprise_id", "lead_authority_id", "authority_id", "suggested_authority_id"))
    nobody |= dict.fromkeys(("due", "on", "answering_id", "quarter", "points", "out_of", "verdict", "next_by", "why"))
    if issubclass(kind, campaigns.CampaignFact):
        del nobody["lead_authority_id"]  # what is drawn is led by somebody
    for changes in ({}, {} if issubclass(kind, facts.VisitFact) else nobody):
        subject, _, body = worded(kind, template, language, **changes).partition("\n")
        assert 3 < len(subject) < 120
        assert body
        assert "None" not in subject + body


def test_no_template_is_without_a_row():
    templates = {template for _, template in ROWS} | {DIGEST, *GATHERED.values()}
    told = {f"{template}.{language}.txt" for template in templates for language in ("en", "zh")}
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


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        (facts.OrderDelivered, {"how": facts.DeliveryHow.TAKEN_IN_HAND}, set()),
        (facts.RecheckPassed, {"drawn": False}, {"recheck_passed"}),
        (facts.SiteChecked, {"passed": True}, set()),
        (facts.ExtensionLapsed, {}, set()),
    ],
)
def test_what_nobody_must_do_anything_about_is_not_told(kind: type[Event], changes: dict[str, object], told: set[str]):
    assert {template for template, _ in notices(sample(kind, **changes))} == told


def test_a_decided_recusal_is_told_to_the_enterprise_and_to_the_officer():
    event = sample(facts.RecusalDecided)
    assert [(audience.party_id, audience.people) for _, audience in notices(event)] == [
        (ENTERPRISE, ()),
        (None, (HAZARD["officer_id"],)),
    ]


def test_a_proposal_to_list_is_the_committees_alone():
    assert [audience.roles for _, audience in notices(sample(facts.ListingProposed))] == [(Role.COMMITTEE,)]


def test_a_general_hazard_is_no_matter_for_heads():
    assert notices(sample(facts.HazardConfirmed, grade=Grade.GENERAL)) == []


def told(event: Event) -> set[str]:
    return {template for template, audience in notices(event) if audience.party_id == ENTERPRISE}


def test_an_enterprise_hears_of_a_visit_that_is_announced_and_of_no_other():
    for kind, template in ((facts.VisitPlanned, "visit_planned"), (facts.VisitCancelled, "visit_cancelled")):
        assert told(sample(kind)) == {template}
        assert told(sample(kind, unannounced=True)) == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_visits_ground_and_the_reason_why_it_was_called_off_are_in_no_message(language: str):
    for kind in (facts.VisitPlanned, facts.VisitCancelled):
        for template, _ in notices(sample(kind)):
            assert not TELLS_OF_REPORTS.search(worded(kind, template, language))


def test_those_who_go_and_the_desks_that_take_part_are_told_of_a_visit():
    audiences = [audience for template, audience in notices(sample(facts.VisitPlanned)) if template == "visit_assigned"]
    assert set(audiences[0].people) == {*VISIT["officers"], *VISIT["joint_officers"]}
    assert (audiences[1].party_id, audiences[1].roles) == (EMERGENCY, (Role.AUTHORITY_DESK,))


def test_a_letter_to_an_office_is_told_to_the_office_and_its_answer_to_the_sender():
    to_office = {"addressee_id": EMERGENCY, "enterprise_id": None, "unaddressed": False}
    for kind, party in ((facts.LetterSent, EMERGENCY), (facts.LetterAnswered, FIRE), (facts.LetterJudged, EMERGENCY)):
        [(_, audience)] = notices(sample(kind, **to_office))
        assert audience.party_id == party
        assert Role.AUTHORITY_HEAD in audience.roles
        assert Role.AUTHORITY_OFFICER not in audience.roles


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_judged_letter_says_whether_the_answer_sufficed_and_until_when_another_is_due(language: str):
    again = worded(facts.LetterJudged, "letter_judged", language)
    enough = worded(facts.LetterJudged, "letter_judged", language, state=facts.LetterState.ACCEPTED)
    assert "2026-10-09" in again
    assert "2026-10-09" not in enough
    assert again.splitlines()[0] != enough.splitlines()[0]


def test_who_is_handed_a_hazard_is_told_and_the_committee_only_where_nobody_holds_it():
    handed_on = notices(sample(facts.AssignmentDisputed))
    assert [(template, audience.party_id) for template, audience in handed_on] == [("hazard_handed_on", FIRE)]
    nobody = notices(sample(facts.AssignmentDisputed, lead_authority_id=None))
    assert [(template, audience.roles) for template, audience in nobody] == [("hazard_arbitration", (Role.COMMITTEE,))]


def test_a_part_is_told_to_the_party_that_owes_it_and_its_answer_to_the_lead():
    told = {
        kind: [(audience.party_id, audience.roles) for _, audience in notices(sample(kind))]
        for kind in (facts.PartAsked, facts.PartAnswered, facts.PartDeclined, facts.PartReleased)
    }
    party, lead = (MARKET, (Role.AUTHORITY_DESK, Role.TOWNSHIP)), (FIRE, (Role.AUTHORITY_DESK, Role.AUTHORITY_OFFICER))
    assert told == {
        facts.PartAsked: [party],
        facts.PartAnswered: [lead],
        facts.PartDeclined: [lead],
        facts.PartReleased: [party],
    }
    assert "Market Regulation" in worded(facts.PartDeclined, "part_declined", "en")
    assert "It names instead: Fire Rescue" in worded(facts.PartDeclined, "part_declined", "en")


def test_a_hazard_that_came_back_is_told_to_the_head_who_leads_and_to_the_committee():
    told = notices(sample(facts.HazardConfirmed, grade=Grade.GENERAL, recurrent=True))
    assert {(template, audience.roles, audience.party_id) for template, audience in told} == {
        ("hazard_recurrent", (Role.AUTHORITY_HEAD,), FIRE),
        ("hazard_recurrent", (Role.COMMITTEE,), None),
    }
    assert "A major hazard of a kind" in worded(facts.HazardConfirmed, "hazard_recurrent", "en")


OWN_FACTS = [
    (facts.HazardRegistered, {("own_hazard", ENTERPRISE)}),
    (facts.HazardConfirmed, set[tuple[str, object]]()),
    (facts.RectificationStarted, set[tuple[str, object]]()),
    (facts.OwnFixVerified, set[tuple[str, object]]()),
    (facts.HazardTakenOver, {("hazard_taken_over", ENTERPRISE)}),
    (facts.ReportReceived, set[tuple[str, object]]()),
    (facts.ReportAccepted, set[tuple[str, object]]()),
]


@pytest.mark.parametrize(("kind", "expected"), OWN_FACTS, ids=lambda value: getattr(value, "__name__", ""))
def test_what_an_enterprise_removes_itself_troubles_no_authority(kind: type[Event], expected: set[tuple[str, object]]):
    own = {"claims": (), "grade": Grade.GENERAL, "self_governed": True, "imminent_danger": False}
    told = notices(sample(kind, **own))
    assert {(template, audience.party_id) for template, audience in told} == expected


def test_an_authority_hears_of_an_enterprises_own_closing_only_when_the_draw_took_it():
    own = {"claims": (), "self_governed": True}
    assert notices(sample(facts.HazardClosed, **own, look_backs=())) == []
    told = notices(sample(facts.HazardClosed, **own))
    assert [(template, audience.party_id) for template, audience in told] == [("own_closure_drawn", FIRE)]


def test_an_enterprise_is_not_told_why_an_authority_takes_over():
    for language in ("en", "zh"):
        assert "danger" not in worded(facts.HazardTakenOver, "hazard_taken_over", language)


def test_deadlines_are_told_in_the_countys_time():
    assert "2026-09-30 09:00" in worded(facts.ReportReceived, "report_received", "en")


def test_a_name_with_a_line_break_stays_in_its_line():
    assert "Mill Lane Works:" in worded(facts.OrderIssued, "order_issued", "en")


def test_a_mail_is_tried_for_most_of_a_day_and_then_given_up():
    waits = [try_again_after(attempts) for attempts in range(1, len(BACKOFF_S) + 2)]
    assert waits[-1] is None
    assert 15 < sum(BACKOFF_S) / 3600 < 24
    assert list(BACKOFF_S) == sorted(BACKOFF_S)
