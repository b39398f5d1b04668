"""Which fields of which facts leave, table by table: what is not named here cannot leave (design: events §5.4)."""

from collections.abc import Mapping

from shared.contracts import inspection as facts
from shared.contracts import registry, thirdparty
from shared.contracts.base import Event

Fields = Mapping[type[Event], tuple[str, ...]]

_REGISTER: Fields = {
    registry.AreaRegistered: ("code", "parent_code", "level", "name_en", "name_zh"),
    registry.PartyRegistered: ("party_id", "kind", "name_en", "name_zh"),
    registry.CriterionListed: (
        "criterion_id", "document", "item", "text_en", "text_zh", "categories", "valid_from", "valid_to", "basis_id",
    ),
    registry.BasisListed: (
        "basis_id", "short_name", "title_zh", "title_en", "number", "issuer", "article", "level", "mark",
        "valid_from", "valid_to", "date_verified", "text_zh", "text_en", "supersedes_id", "note",
    ),
    **dict.fromkeys(
        (
            registry.DelegationPublished, registry.DelegationSuspended,
            registry.DelegationRevoked, registry.DelegationExpired,
        ),
        (
            "delegation_id", "authority_id", "delegate_id", "kind", "state", "powers", "categories", "industries",
            "basis_ids", "valid_from", "valid_to", "letter_no", "publication_url",
        ),
    ),
}  # fmt: skip

_HAZARD = ("hazard_id", "number", "state", "category", "what", "grade", "lead_authority_id", "suspension", "cycle")
_DOCKET = ("number", "state", "category")
_PART = ("part_id", "assisting_id", "task", "required", "part_state", "on", "due")
_ORDER = ("order_id", "order_number", "kind", "limit", "items", "basis_ids", "in_name_of", "letter_no")
_VISIT = ("visit_id", "kind", "state", "party_id", "joint_authority_ids", "on")
"""Not the ground: it could tell an enterprise of a complaint, and leaves for nobody."""
_LETTER = ("letter_id", "number", "kind", "state", "sender_id", "reply_by")
_DELIVERY = ("order_id", "order_number", "how", "signature_refused", "delivered_at")
_EXTENSION = ("extension_id", "ground", "until", "decide_by")
_CASE = ("case_id", "case_number")
_DEADLINE = (
    "deadline_id", "key", "what_en", "what_zh", "object_kind", "object_id", "number", "grade", "owed_by",
    "enterprise_id", "lead_authority_id", "starts_at", "due_at", "provisional", "explanation_en", "explanation_zh",
)  # fmt: skip
_PENALTY = ("penalty", "amount_yuan", "basis", "basis_ids", "hearing", "kinds")
_MEASURE = ("measure_id", "kind", "measure_state", "until")
_TEST = ("appraiser", "question", "appraisal_until")
_STAYED = ("stay_id", "ground", "reference", "since", "limit", "reason")
_RIGHTS = ("kinds", "hearing_right", "answer_until", "how", "signature_refused")
_SERVED = ("how", "signature_refused", "served_at", "pay_until", "appeal_until")
_DEMANDED = ("how", "signature_refused", "obey_until")
_CONTEST_ENDED = ("outcome", "amount_yuan", "final_on")

FOR_PUBLIC: Fields = {
    **_REGISTER,
    facts.HazardClosed: ("category", "grade"),
    facts.HazardListed: ("category", "grade", "level"),
    facts.HazardDelisted: ("category", "grade"),
}

FOR_AUTHORITY: Fields = {
    **_REGISTER,
    registry.EnterpriseRegistered: ("enterprise_id", "uscc", "name_en", "name_zh", "industry_code", "employees"),
    registry.CompetenceChanged: (
        "rule_id",
        "by",
        "key",
        "authority_id",
        "in_force",
        "basis",
        "valid_from",
        "valid_to",
        "co_authority_ids",
        "township_id",
    ),
    thirdparty.EngagementRegistered: ("engagement_id", "agency_id", "client_id", "kind", "valid_from", "valid_to"),
    thirdparty.AuditSubmitted: ("audit_id", "engagement_id", "agency_id", "results", "findings"),
    **{
        docket: ("entry_id", *_DOCKET, "authority_id", "enterprise_id", "imminent_danger", *more)
        for docket, more in (
            (facts.ReportReceived, ("routing_rule", "decide_by")),
            (facts.ReportAccepted, ("hazard_id", "hazard_ids")),
            (facts.ReportRejected, ("reason",)),
            (facts.ReportTransferred, ("from_authority_id", "to_authority_id", "acknowledge_by")),
            (facts.TransferAcknowledged, ()),
            (facts.TransferBounced, ("suggested_authority_id",)),
            (facts.ReportMerged, ("into_entry_id", "hazard_id")),
            (facts.ReportSubstantiated, ("hazard_id",)),
            (facts.ReportUnfounded, ()),
            (facts.ReportAnswered, ()),
            (facts.VerificationExtended, ("verify_by",)),
            (facts.ReviewRequested, ("decide_by",)),
            (facts.ReviewRefused, ("reason",)),
            (facts.ReviewUpheld, ("hazard_ids",)),
            (facts.ReviewDismissed, ()),
            (facts.FatalityEscalated, ()),
            (facts.CountyVerdictRecorded, ("finding", "decided_on")),
            (facts.ReportClosed, ()),
        )
    },
    **{
        hazard: (*_HAZARD, "enterprise_id", *more)
        for hazard, more in (
            (facts.HazardRegistered, ("self_governed",)),
            (facts.HazardMerged, ("into_hazard_id",)),
            (facts.OwnFixVerified, ("in_time",)),
            (facts.HazardTakenOver, ("reason", "verify_by")),
            (facts.HazardConfirmed, ("criterion_ids", "routing_rule", "recurrent")),
            (facts.HazardDismissed, ("reason",)),
            (facts.HazardAssigned, ("routing_rule",)),
            (facts.AssignmentDisputed, ("suggested_authority_id", "code", "reason")),
            (facts.PartAsked, (*_PART, "acknowledge_by", "replaces_part_id")),
            (facts.PartAcknowledged, _PART),
            (facts.PartAnswered, _PART),
            (facts.PartDeclined, (*_PART, "code", "reason", "suggested_authority_id", "settle_by")),
            (facts.PartReleased, (*_PART, "cause", "reason")),
            (facts.PartInsisted, (*_PART, "reason", "arbitrate_by")),
            (facts.PartArbitrated, (*_PART, "answering_id", "reason")),
            (facts.OrderIssued, _ORDER),
            (facts.SuspensionImposed, ("reason",)),
            (facts.RectificationStarted, ("limit",)),
            (facts.RecheckRequested, ("recheck_by",)),
            (facts.RecheckOpened, ("recheck_id",)),
            (facts.RecheckPassed, ("recheck_id",)),
            (facts.RecheckFailed, ("recheck_id", "consequence", "limit", "opinion")),
            (facts.HazardClosed, ("look_backs", "self_governed", "fixed_in_time")),
            (facts.ResumptionRequested, ("review_by",)),
            (facts.ResumptionDecided, ("granted", "reason")),
            (facts.LookBackDone, ("ordinal", "passed", "remark")),
            (facts.HazardReopened, ("reason",)),
            (facts.HazardVoided, ("reason",)),
            (facts.HazardSplit, ("part_ids",)),
            (facts.HazardMerged, ("into_hazard_id",)),
            (facts.HazardClaimsJoined, ("from_hazard_id",)),
            (facts.OrderDelivered, _DELIVERY),
            (facts.MajorRegistered, ()),
            (facts.SiteChecked, ("recheck_id", "passed", "remark")),
            (facts.RecusalDeclared, ()),
            (facts.RecusalAsked, ()),
            (facts.RecusalDecided, ("granted",)),
            (facts.ExtensionRequested, _EXTENSION),
            (facts.ExtensionDecided, ("extension_id", "granted", "limit", "reason")),
            (facts.ExtensionLapsed, ("extension_id",)),
            (facts.CaseOpened, (*_CASE, "basis", "basis_ids")),
            (facts.CaseRightsTold, (*_CASE, *_RIGHTS)),
            (facts.CaseAnswered, (*_CASE, "late")),
            (facts.HearingRequested, _CASE),
            (facts.HearingWaived, _CASE),
            (facts.HearingCalled, (*_CASE, "held_at", "venue")),
            (facts.HearingHeld, (*_CASE, "attended")),
            (facts.CaseReviewed, (*_CASE, "agrees")),
            (facts.CaseDecided, (*_CASE, *_PENALTY)),
            (facts.CaseServed, (*_CASE, *_SERVED)),
            (facts.PaymentRecorded, (*_CASE, "paid_yuan", "total_yuan")),
            (facts.PaymentDeferred, (*_CASE, "pay_until", "instalments")),
            (facts.CaseDemanded, (*_CASE, *_DEMANDED)),
            (facts.CaseContested, (*_CASE, "kind", "suspends")),
            (facts.ContestEnded, (*_CASE, *_CONTEST_ENDED)),
            (facts.CaseDropped, (*_CASE, "reason", "cause")),
            (facts.CaseSentToCourt, (*_CASE, "court")),
            (facts.CaseExecuted, _CASE),
            (facts.MeasureTaken, (*_MEASURE, "things", "basis", "approve_by")),
            (facts.MeasureApprovalDecided, (*_MEASURE, "approved", "reason")),
            (facts.MeasureSentForAppraisal, (*_MEASURE, *_TEST)),
            (facts.MeasureAppraised, (*_MEASURE, "result", "days")),
            (facts.MeasureExtended, (*_MEASURE, "reason")),
            (facts.MeasureEnded, (*_MEASURE, "outcome", "reason")),
            (facts.ListingProposed, ("listing_id", "ground", "reason")),
            (facts.ListingRefused, ("listing_id", "reason")),
            (facts.HazardListed, ("listing_id", "level", "limit")),
            (facts.DelistingRequested, ("listing_id", "accept_by")),
            (facts.DelistingRefused, ("listing_id", "reason")),
            (facts.HazardDelisted, ("listing_id",)),
            (facts.NoticePublished, ("notice", "where", "on")),
            (facts.OrderStayed, _STAYED),
            (facts.StayLifted, ("stay_id", "limit", "days", "reason")),
            (facts.StayLapsed, ("stay_id",)),
            (facts.PowerCutAnnounced, ("cut_at", "urgent", "reason")),
            (facts.PowerRestored, ("reason",)),
            (facts.HazardEscalated, ("level", "instrument", "deadline_id", "key", "due_at", "owed_by")),
        )
    },
    facts.DeadlineApproaching: _DEADLINE,
    facts.DeadlineMissed: _DEADLINE,
    facts.DeadlineChanged: ("deadline_id", "key", "object_kind", "object_id", "turn", "due_at"),
    **{
        visit: (*_VISIT, "enterprise_id", "unannounced", *more)
        for visit, more in (
            (facts.VisitPlanned, ()),
            (facts.VisitStarted, ()),
            (facts.VisitFinished, ("hazards_found", "undone")),
            (facts.VisitCancelled, ()),
        )
    },
}

FOR_CLAIMANT: Fields = {
    facts.ReportReceived: (*_DOCKET, "decide_by"),
    facts.ReportAccepted: _DOCKET,
    facts.ReportRejected: (*_DOCKET, "reason", "explanation"),
    facts.ReportTransferred: (*_DOCKET, "to_authority_id"),
    facts.ReportAnswered: (*_DOCKET, "answer"),
    facts.HazardRegistered: _HAZARD,
    facts.HazardConfirmed: _HAZARD,
    facts.HazardDismissed: _HAZARD,
    facts.HazardAssigned: _HAZARD,
    facts.OrderIssued: _HAZARD,
    facts.RectificationStarted: _HAZARD,
    facts.RecheckPassed: _HAZARD,
    facts.RecheckFailed: _HAZARD,
    facts.HazardClosed: _HAZARD,
    facts.HazardReopened: _HAZARD,
    facts.HazardVoided: _HAZARD,
    facts.HazardClaimsJoined: _HAZARD,
}
"""For an organisation, about what it submitted in its own name."""

FOR_OWN_DECLARATION: Fields = {
    facts.ReportReceived: (*_DOCKET, "decide_by"),
    facts.ReportAccepted: _DOCKET,
    facts.ReportRejected: _DOCKET,
    facts.ReportAnswered: (*_DOCKET, "answer"),
}
"""For an enterprise, about its own self-check: a reason such as “the same matter” could tell of another's report."""

FOR_RESPONSIBLE_UNIT: Fields = {
    facts.OrderIssued: (*_HAZARD, *_ORDER),
    facts.SuspensionImposed: (*_HAZARD, "reason"),
    facts.RectificationStarted: (*_HAZARD, "limit"),
    facts.RecheckRequested: (*_HAZARD, "recheck_by"),
    facts.RecheckOpened: (*_HAZARD, "recheck_id"),
    facts.RecheckPassed: (*_HAZARD, "recheck_id"),
    facts.RecheckFailed: (*_HAZARD, "recheck_id", "consequence", "limit", "opinion"),
    facts.HazardClosed: (*_HAZARD, "look_backs"),
    facts.ResumptionRequested: (*_HAZARD, "review_by"),
    facts.ResumptionDecided: (*_HAZARD, "granted", "reason"),
    facts.LookBackDone: (*_HAZARD, "ordinal", "passed"),
    facts.HazardReopened: _HAZARD,
    facts.VisitPlanned: _VISIT,
    facts.VisitStarted: _VISIT,
    facts.VisitFinished: (*_VISIT, "hazards_found", "undone"),
    facts.VisitCancelled: _VISIT,
    facts.LetterSent: (*_LETTER, "hazard_ids"),
    facts.LetterJudged: _LETTER,
    facts.InterviewHeld: (*_LETTER, "held_at"),
    facts.OrderDelivered: (*_HAZARD, *_DELIVERY),
    facts.SiteChecked: (*_HAZARD, "recheck_id", "passed"),
    facts.ExtensionRequested: (*_HAZARD, *_EXTENSION),
    facts.ExtensionDecided: (*_HAZARD, "extension_id", "granted", "limit", "reason"),
    facts.ExtensionLapsed: (*_HAZARD, "extension_id"),
    facts.CaseOpened: (*_HAZARD, *_CASE, "basis", "basis_ids"),
    facts.CaseRightsTold: (*_HAZARD, *_CASE, *_RIGHTS),
    facts.CaseAnswered: (*_HAZARD, *_CASE, "late"),
    facts.HearingRequested: (*_HAZARD, *_CASE),
    facts.HearingWaived: (*_HAZARD, *_CASE),
    facts.HearingCalled: (*_HAZARD, *_CASE, "held_at", "venue"),
    facts.HearingHeld: (*_HAZARD, *_CASE, "attended"),
    facts.CaseDecided: (*_HAZARD, *_CASE, *_PENALTY),
    facts.CaseServed: (*_HAZARD, *_CASE, *_SERVED),
    facts.PaymentRecorded: (*_HAZARD, *_CASE, "paid_yuan", "total_yuan"),
    facts.PaymentDeferred: (*_HAZARD, *_CASE, "pay_until", "instalments"),
    facts.CaseDemanded: (*_HAZARD, *_CASE, *_DEMANDED),
    facts.CaseContested: (*_HAZARD, *_CASE, "kind", "suspends"),
    facts.ContestEnded: (*_HAZARD, *_CASE, *_CONTEST_ENDED),
    facts.CaseDropped: (*_HAZARD, *_CASE, "reason", "cause"),
    facts.CaseSentToCourt: (*_HAZARD, *_CASE, "court"),
    facts.CaseExecuted: (*_HAZARD, *_CASE),
    facts.MeasureTaken: (*_HAZARD, *_MEASURE, "things", "basis"),
    facts.MeasureApprovalDecided: (*_HAZARD, *_MEASURE, "approved", "reason"),
    facts.MeasureSentForAppraisal: (*_HAZARD, *_MEASURE, *_TEST),
    facts.MeasureAppraised: (*_HAZARD, *_MEASURE, "result", "days"),
    facts.MeasureExtended: (*_HAZARD, *_MEASURE, "reason"),
    facts.MeasureEnded: (*_HAZARD, *_MEASURE, "outcome", "reason"),
    facts.HazardListed: (*_HAZARD, "level", "limit"),
    facts.HazardDelisted: _HAZARD,
    facts.OrderStayed: (*_HAZARD, *_STAYED),
    facts.StayLifted: (*_HAZARD, "stay_id", "limit", "days", "reason"),
    facts.StayLapsed: (*_HAZARD, "stay_id"),
    facts.PowerCutAnnounced: (*_HAZARD, "cut_at", "urgent", "reason"),
    facts.PowerRestored: (*_HAZARD, "reason"),
}
"""For the enterprise: hazards from the order on, visits that are announced or finished, letters sent to it."""

FOR_GOVERNING_UNIT: Fields = {
    facts.HazardRegistered: _HAZARD,
    facts.HazardConfirmed: _HAZARD,
    facts.RectificationStarted: (*_HAZARD, "limit"),
    facts.OwnFixVerified: (*_HAZARD, "in_time"),
    facts.HazardClosed: (*_HAZARD, "fixed_in_time"),
    facts.HazardTakenOver: (*_HAZARD, "verify_by"),
}
"""For an enterprise, about what it found itself and governs, up to the day on which an authority takes it over; not
whether its closure was drawn for a look back."""

LEAVING = frozenset(
    {*FOR_PUBLIC, *FOR_AUTHORITY, *FOR_CLAIMANT, *FOR_OWN_DECLARATION, *FOR_RESPONSIBLE_UNIT, *FOR_GOVERNING_UNIT}
)
"""Every event of which some copy leaves."""
