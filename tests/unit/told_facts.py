"""One fact of each kind, with all that a message may speak of."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from committee_facts import SAID

from services.notify.people.models import Party
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.inspection import campaigns, transfers
from shared.contracts.notify import SubscriptionDisabled
from shared.contracts.values import Category, Channel, Grade

AT = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
ENTERPRISE, AGENCY, FIRE, MARKET, EMERGENCY, COMMITTEE = (uuid4() for _ in range(6))
NAMES = {
    ENTERPRISE: Party(id=ENTERPRISE, name_en="Mill\n Lane Works", name_zh="磨坊厂"),
    FIRE: Party(id=FIRE, name_en="Fire Rescue", name_zh="消防救援大队"),
    MARKET: Party(id=MARKET, name_en="Market Regulation", name_zh="市场监管局"),
    COMMITTEE: Party(id=COMMITTEE, name_en="Safety Committee", name_zh="县安委办"),
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
    "part_id": uuid4(), "assisting_id": MARKET, "task": facts.PartTask.JOINT_INSPECTION, "required": True,
    "part_state": facts.PartState.ASKED, "on": date(2026, 10, 9), "due": AT, "acknowledge_by": AT, "settle_by": AT,
    "code": facts.ReturnReason.NO_POWER, "suggested_authority_id": FIRE, "cause": facts.ReleaseCause.WITHDRAWN,
    "arbitrate_by": AT, "answering_id": FIRE,
    "look_backs": (date(2026, 11, 1),), "review_by": AT, "granted": True, "ordinal": 1, "passed": False, "remark": "-",
    "how": facts.DeliveryHow.LEFT_AT_PREMISES, "signature_refused": True, "delivered_at": AT, "report_id": uuid4(),
    "recusal_id": uuid4(), "officer_id": uuid4(), "extension_id": uuid4(), "until": date(2026, 11, 9),
    "decide_by": AT, "case_id": uuid4(), "case_number": "C-7", "basis": "WSL art. 102", "penalty": "a fine",
    "amount_yuan": 50_000, "hearing": facts.Hearing.WAIVED, "court": "the county's court", "listing_id": uuid4(),
    "level": 2, "accept_by": AT, "cut_at": AT, "urgent": True, "drawn": True,
    "kinds": (facts.PenaltyKind.FINE,), "hearing_right": True, "answer_until": date(2026, 10, 16), "late": True,
    "statement_id": uuid4(), "held_at": AT, "venue": "room 3", "attended": True, "agrees": False, "served_at": AT,
    "pay_until": date(2026, 10, 15), "appeal_until": date(2027, 3, 30), "instalments": 2, "suspends": True,
    "obey_until": date(2026, 10, 30), "outcome": facts.ContestOutcome.CHANGED, "final_on": date(2026, 12, 1),
    "paid_yuan": 1, "total_yuan": 2, "measure_id": uuid4(), "things": ("40 sacks of flour",),
    "measure_state": facts.MeasureState.STANDING, "approve_by": AT, "approved": True, "appraiser": "Test house",
    "question": "Does it explode?", "appraisal_until": date(2026, 10, 20), "result": "It does", "days": 20,
    "stay_id": uuid4(), "reference": "Notice No. 7", "since": date(2026, 10, 1),
    "verify_by": AT, "in_time": True, "into_hazard_id": uuid4(),
    "ground": facts.ExtensionGround.OTHER, "mode": facts.RecheckMode.REMOTE,
}  # fmt: skip
VISIT = {
    "at": AT, "area_code": "370211001", "visit_id": uuid4(), "kind": facts.VisitKind.ADMIN_INSPECTION,
    "ground": facts.VisitGround.COMPLAINT, "state": facts.VisitState.PLANNED, "enterprise_id": ENTERPRISE,
    "party_id": FIRE, "joint_authority_ids": (EMERGENCY,), "on": date(2026, 10, 9), "unannounced": False,
    "officers": (uuid4(), uuid4()), "joint_officers": (uuid4(),), "reason": "举报已撤回 · the complaint was withdrawn",
}  # fmt: skip
LETTER = {
    "at": AT, "area_code": "370211001", "letter_id": uuid4(), "number": "消防督办函〔2026〕000001号",
    "kind": facts.LetterKind.SUPERVISION, "state": facts.LetterState.INSUFFICIENT, "sender_id": FIRE,
    "addressee_id": ENTERPRISE, "enterprise_id": ENTERPRISE, "reply_by": date(2026, 10, 9), "ordinal": 1,
    "deadline_id": uuid4(), "rule": "ladder.warning", "due_at": AT, "explanation_en": "5 working days from 2026-09-23.",
    "explanation_zh": "自 2026-09-23 起 5 个工作日。", "unaddressed": True, "interview_at": AT, "held_at": AT,
    "reason": "There is no need any more.", "late": True,
}  # fmt: skip
PROPOSED = {
    "at": AT, "area_code": "370211001", "proposal_id": uuid4(), "state": facts.ProposalState.OPEN, "about_id": FIRE,
    "letter_id": uuid4(), "hazard_ids": (uuid4(),), "decide_by": AT,
}  # fmt: skip
DEADLINE = {
    "at": AT, "area_code": "370211001", "deadline_id": uuid4(), "key": "hazard.limit", "what_en": "remove the hazard",
    "what_zh": "完成隐患整改", "object_kind": "hazard", "object_id": uuid4(), "number": "H-7", "grade": Grade.GENERAL,
    "owed_by": ENTERPRISE, "enterprise_id": ENTERPRISE, "lead_authority_id": FIRE, "starts_at": AT,
    "due_at": AT + timedelta(days=3), "explanation_en": "By rule: reported to the province.",
    "explanation_zh": "依规定：向省级报告。",
}  # fmt: skip
CAMPAIGN = {
    "at": AT, "area_code": "370211", "campaign_id": uuid4(), "number": "县安委办回头看〔2026〕000001号",
    "kind": campaigns.CampaignKind.POLICY, "title": "Dust", "state": campaigns.CampaignState.UNDER_WAY,
    "party_id": EMERGENCY,
    "results_by": date(2026, 10, 9), "assisting_id": FIRE, "assisting_ids": (FIRE, MARKET), "items": 4, "done": 3,
    "failed": 1, "item_id": uuid4(), "hazard_id": uuid4(), "grade": Grade.GENERAL, "lead_authority_id": FIRE,
    "result": campaigns.LookState.UNDONE, "why": campaigns.Unlooked.NO_ENTRY, "measure_id": uuid4(),
    "verdict": campaigns.Carried.PARTLY, "reason": "half of it", "next_by": date(2026, 10, 19), "candidates": 9,
    "list_hash": "a" * 64, "commitment": "b" * 64, "secret": "c" * 64, "seed": "d" * 64, "public_value": "7",
    "drawn": 1,
}  # fmt: skip
TRANSFER = {
    "at": AT, "area_code": "370211001", "transfer_id": uuid4(), "number": "消防移送函〔2026〕000001号",
    "state": transfers.TransferState.SENT, "ground": transfers.TransferGround.NOT_COMPETENT, "sender_id": FIRE,
    "receiver_id": MARKET, "receiver_kind": "authority", "hazard_id": uuid4(), "acknowledge_by": date(2026, 10, 9),
    "answer_by": date(2026, 10, 9), "refusals": 2, "to_committee": True, "reason": "it is fire",
}  # fmt: skip
DOCUMENT = {
    "at": AT, "area_code": "370211001", "document_id": uuid4(), "number": "消防责改〔2026〕000001号",
    "kind": facts.DocumentKind.RECTIFICATION_ORDER, "state": facts.DocumentState.VOIDED, "issuer_id": FIRE,
    "addressee_id": ENTERPRISE, "enterprise_id": ENTERPRISE, "served": True, "reason": "the complaint was withdrawn",
    "by_id": uuid4(),
}  # fmt: skip


def sample(kind: type[Event], **changes: object) -> Event:
    if kind is SubscriptionDisabled:
        return SubscriptionDisabled(at=AT, area_code="370211", subscription_id=uuid4(), owner_party_id=AGENCY)
    if kind is facts.ListingProposed:
        changes = {"ground": facts.ListingGround.MAJOR, **changes}
    if kind is facts.OrderStayed:
        changes = {"ground": facts.StayGround.COURT, **changes}
    if kind is facts.CaseContested:
        changes = {"kind": facts.ContestKind.SUIT, **changes}
    if kind is facts.CaseDropped:
        changes = {"cause": facts.DropCause.NOT_PROVEN, **changes}
    if issubclass(kind, facts.MeasureFact):
        changes = {"kind": facts.MeasureKind.SEIZURE, **changes}
    if kind is facts.MeasureEnded:
        changes = {"outcome": facts.MeasureEnd.RETURNED, **changes}
    bases = {
        facts.DocketFact: DOCKET,
        facts.VisitFact: VISIT,
        facts.LetterFact: LETTER,
        facts.DeadlineFact: DEADLINE,
        facts.ProposalFact: PROPOSED,
        campaigns.CampaignFact: CAMPAIGN,
        transfers.TransferFact: TRANSFER,
        facts.DocumentFact: DOCUMENT,
    }
    bases |= {base: known(COMMITTEE, FIRE, MARKET, ENTERPRISE) for base, known in SAID.items()}
    told = next((known for base, known in bases.items() if issubclass(kind, base)), HAZARD)
    return kind.model_validate({**told, **changes})
