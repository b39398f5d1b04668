"""Who must know what: one table from facts to audiences and templates, and when a failed mail is tried again.

Templates for an enterprise say that a hazard was found in inspection: nothing may tell it that, or by whom, a report
was made (domain reference §9.1). People who reported are in no audience.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.notify.messages.domain.whom import (
    ORGANISATION,
    RESPONSIBLE,
    Selector,
    addressee,
    asked_authority,
    asked_bodies,
    asked_body,
    assessed,
    assisting_desk,
    both,
    called,
    challenged,
    claimant,
    claimants,
    committee,
    convener,
    creditor,
    debtor,
    deciders,
    enterprise,
    going,
    lead_desk,
    lead_desk_and_head,
    lead_everyone,
    lead_heads,
    lead_officers,
    members,
    officers,
    offices_called,
    operators,
    organiser,
    other_claimant,
    receiver,
    sender,
    subscriber,
    taking_part,
    township,
    transferor,
)
from services.notify.messages.domain.words import CHINESE, word
from services.notify.people.domain import Audience
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.inspection import (
    assessments,
    campaigns,
    joint_actions,
    meetings,
    transfers,
)
from shared.contracts.notify import SubscriptionDisabled
from shared.contracts.values import Grade, Role

__all__ = [
    "BACKOFF_S",
    "CHINESE",
    "GATHERED",
    "ORGANISATION",
    "RESPONSIBLE",
    "WHO_MUST_KNOW",
    "Tell",
    "debtor",
    "known_anyway",
    "mentioned",
    "notices",
    "try_again_after",
    "word",
]


@dataclass(frozen=True, slots=True)
class Tell:
    """One row of the table: this template to these people, when the condition holds."""

    template: str
    to: Selector
    when: Callable[[Any], bool] = lambda _: True


def _unrouted(event: facts.ReportReceived) -> bool:
    return event.authority_id is None


def _imminent(event: facts.ReportReceived) -> bool:
    return event.imminent_danger


def _major(event: facts.HazardConfirmed) -> bool:
    return event.grade is Grade.MAJOR


def _major_and_ahead(event: facts.DeadlineApproaching) -> bool:
    return event.grade is Grade.MAJOR and _still_ahead(event)


def _no_leader(event: facts.LetterSent) -> bool:
    return event.unaddressed


def _nobody_leads(event: facts.HazardFact) -> bool:
    return event.lead_authority_id is None


def _announced(event: facts.VisitFact) -> bool:
    return event.open_to_enterprise


def _handed_on(event: facts.AssignmentDisputed) -> bool:
    return event.lead_authority_id is not None


def _was_served(event: facts.DocumentVoided) -> bool:
    """Who never got it holds nothing that could be void."""
    return event.served


def _recurs(event: facts.HazardConfirmed) -> bool:
    return event.recurrent


def _failed(event: facts.LookBackDone) -> bool:
    return not event.passed


def _handed_over(event: facts.OrderDelivered) -> bool:
    """An enterprise that began by itself need not be told that it has the order."""
    return event.how is not facts.DeliveryHow.TAKEN_IN_HAND


def _drawn(event: facts.RecheckPassed) -> bool:
    return event.drawn


def _urgent(event: facts.MeasureTaken) -> bool:
    return event.approve_by is not None


def _approved(event: facts.MeasureApprovalDecided) -> bool:
    """Refused, it ends in the same breath, and that is told."""
    return event.approved


def _not_fixed(event: facts.SiteChecked) -> bool:
    return not event.passed


def _own(event: facts.HazardRegistered) -> bool:
    return event.self_governed


def _not_own(
    event: facts.ReportReceived | facts.ReportAccepted | facts.RectificationStarted | facts.HazardClosed,
) -> bool:
    """Tell whether an authority governs: it has nothing to do where the enterprise does, and has found nothing."""
    return not event.self_governed


def _still_ahead(event: facts.DeadlineApproaching) -> bool:
    """After an outage it may come with the fact that the clock ran out: then that alone is told."""
    return event.due_at > event.at


def _was_told(event: assessments.AssessmentWithdrawn) -> bool:
    """Tell whether the party knows of what is withdrawn: a draft it never saw."""
    return event.proposed


def _not_held(event: campaigns.CampaignLooked) -> bool:
    """Tell whether the organiser has to think of something: the look failed, or could not be had."""
    return event.result is not campaigns.LookState.PASSED


def _to_committee(event: transfers.FileRefused) -> bool:
    return event.to_committee


def _own_and_drawn(event: facts.HazardClosed) -> bool:
    return event.self_governed and bool(event.look_backs)


WHO_MUST_KNOW: Mapping[type[Event], tuple[Tell, ...]] = {
    facts.ReportReceived: (
        Tell("report_unrouted", committee, _unrouted),
        Tell("report_received", members(Role.AUTHORITY_DESK, of="authority_id"), _not_own),
        Tell("report_received", members(Role.AUTHORITY_HEAD, of="authority_id"), _imminent),
    ),
    facts.ReportTransferred: (Tell("report_transferred", members(Role.AUTHORITY_DESK, of="to_authority_id")),),
    facts.TransferBounced: (Tell("report_bounced", committee),),
    facts.ReportAccepted: (Tell("claim_accepted", claimant, _not_own),),
    facts.ReportRejected: (Tell("claim_rejected", claimant),),
    facts.ReportAnswered: (Tell("claim_answered", claimant),),
    facts.HazardRegistered: (Tell("own_hazard", enterprise, _own),),
    facts.VerificationExtended: (Tell("claim_verification_extended", other_claimant),),
    facts.ReviewRequested: (Tell("review_requested", deciders),),
    facts.ReviewUpheld: (Tell("claim_review_upheld", other_claimant),),
    facts.ReviewDismissed: (Tell("claim_review_dismissed", other_claimant),),
    facts.FatalityEscalated: (
        Tell("fatality_escalated", both(committee, members(Role.AUTHORITY_HEAD, of="authority_id"))),
    ),
    facts.CountyVerdictRecorded: (Tell("county_verdict", deciders),),
    facts.HazardConfirmed: (
        Tell("hazard_arbitration", committee, _nobody_leads),
        Tell("hazard_recurrent", both(lead_heads, committee), _recurs),
        Tell("hazard_major", both(lead_heads, committee), _major),
    ),
    facts.AssignmentDisputed: (
        Tell("hazard_arbitration", committee, _nobody_leads),
        Tell("hazard_handed_on", lead_desk, _handed_on),
    ),
    facts.HazardAssigned: (Tell("hazard_assigned", lead_desk),),
    facts.PartAsked: (Tell("part_asked", assisting_desk),),
    facts.PartAnswered: (Tell("part_answered", lead_desk),),
    facts.PartDeclined: (Tell("part_declined", lead_desk),),
    facts.PartReleased: (Tell("part_released", assisting_desk),),
    facts.PartInsisted: (Tell("part_insisted", both(committee, assisting_desk)),),
    facts.PartArbitrated: (Tell("part_arbitrated", both(assisting_desk, lead_desk)),),
    facts.OrderIssued: (Tell("order_issued", both(enterprise, officers)),),
    facts.SuspensionImposed: (Tell("suspension_imposed", both(enterprise, committee, township)),),
    facts.HazardTakenOver: (Tell("hazard_taken_over", enterprise),),
    facts.RectificationStarted: (Tell("rectification_started", lead_officers, _not_own),),
    facts.RecheckRequested: (Tell("recheck_requested", lead_officers),),
    facts.RecheckPassed: (Tell("site_check_due", lead_desk, _drawn), Tell("recheck_passed", enterprise)),
    facts.RecheckFailed: (Tell("recheck_failed", enterprise),),
    facts.ResumptionRequested: (Tell("resumption_requested", lead_officers),),
    facts.ResumptionDecided: (Tell("resumption_decided", enterprise),),
    facts.HazardClosed: (
        Tell("hazard_closed", enterprise, _not_own),
        Tell("hazard_closed_claim", claimants),
        Tell("own_closure_drawn", lead_desk, _own_and_drawn),
    ),
    facts.LookBackDone: (Tell("look_back_failed", both(lead_everyone, enterprise), _failed),),
    facts.HazardReopened: (Tell("hazard_reopened", both(lead_everyone, enterprise)),),
    facts.VisitPlanned: (Tell("visit_planned", enterprise, _announced), Tell("visit_assigned", going)),
    facts.VisitCancelled: (Tell("visit_cancelled", enterprise, _announced), Tell("visit_cancelled", going)),
    facts.LetterSent: (
        Tell("letter_received", addressee),
        Tell("letter_unaddressed", operators, _no_leader),
    ),
    facts.LetterAnswered: (Tell("letter_answered", sender),),
    facts.LetterJudged: (Tell("letter_judged", addressee),),
    facts.DocumentVoided: (Tell("document_voided", addressee, _was_served),),
    facts.OrderDelivered: (Tell("order_delivered", enterprise, _handed_over),),
    facts.MajorRegistered: (Tell("major_registered", both(lead_everyone, committee)),),
    facts.SiteChecked: (Tell("site_check_failed", both(lead_officers, enterprise), _not_fixed),),
    facts.RecusalDeclared: (Tell("recusal_declared", lead_desk_and_head),),
    facts.RecusalAsked: (Tell("recusal_asked", lead_heads),),
    facts.RecusalDecided: (Tell("recusal_decided", both(enterprise, challenged)),),
    facts.ExtensionRequested: (Tell("extension_requested", lead_desk_and_head),),
    facts.ExtensionDecided: (Tell("extension_decided", both(enterprise, lead_officers)),),
    facts.CaseOpened: (Tell("case_opened", both(enterprise, lead_heads)),),
    facts.CaseRightsTold: (Tell("case_rights_told", both(enterprise, lead_heads)),),
    facts.CaseAnswered: (Tell("case_answered", lead_everyone),),
    facts.HearingRequested: (Tell("case_hearing_requested", lead_desk_and_head),),
    facts.HearingWaived: (Tell("case_hearing_waived", lead_desk_and_head),),
    facts.HearingCalled: (Tell("case_hearing_called", both(enterprise, lead_officers)),),
    facts.CaseReviewed: (Tell("case_reviewed", lead_heads),),
    facts.CaseDecided: (Tell("case_decided", both(enterprise, lead_everyone)),),
    facts.CaseServed: (Tell("case_served", both(enterprise, lead_heads)),),
    facts.PaymentDeferred: (Tell("case_payment_deferred", both(enterprise, lead_officers)),),
    facts.CaseDemanded: (Tell("case_demanded", both(enterprise, lead_heads)),),
    facts.CaseContested: (Tell("case_contested", lead_everyone),),
    facts.ContestEnded: (Tell("case_contest_ended", both(enterprise, lead_everyone)),),
    facts.CaseDropped: (Tell("case_dropped", both(enterprise, lead_officers)),),
    facts.CaseSentToCourt: (Tell("case_sent_to_court", enterprise),),
    facts.CaseExecuted: (Tell("case_executed", both(enterprise, lead_officers)),),
    facts.ListingProposed: (Tell("listing_proposed", committee),),
    facts.ListingRefused: (Tell("listing_refused", lead_desk_and_head),),
    facts.HazardListed: (Tell("hazard_listed", both(enterprise, lead_everyone, township)),),
    facts.DelistingRequested: (Tell("delisting_requested", committee),),
    facts.DelistingRefused: (Tell("delisting_refused", lead_desk_and_head),),
    facts.HazardDelisted: (Tell("hazard_delisted", both(enterprise, lead_everyone, township)),),
    facts.MeasureTaken: (
        Tell("measure_awaits_approval", lead_heads, _urgent),
        Tell("measure_taken", both(enterprise, lead_heads)),
    ),
    facts.MeasureApprovalDecided: (Tell("measure_approved", both(enterprise, lead_officers), _approved),),
    facts.MeasureSentForAppraisal: (Tell("measure_sent_for_appraisal", enterprise),),
    facts.MeasureAppraised: (Tell("measure_appraised", both(enterprise, lead_desk_and_head)),),
    facts.MeasureExtended: (Tell("measure_extended", enterprise),),
    facts.MeasureEnded: (Tell("measure_ended", both(enterprise, lead_officers)),),
    facts.OrderStayed: (Tell("order_stayed", both(enterprise, lead_everyone, committee, township)),),
    facts.StayLifted: (Tell("stay_lifted", both(enterprise, lead_everyone, committee, township)),),
    facts.StayLapsed: (Tell("stay_lapsed", lead_everyone),),
    facts.PowerCutAnnounced: (Tell("power_cut_announced", both(enterprise, committee, township)),),
    facts.PowerRestored: (Tell("power_restored", both(enterprise, committee, township)),),
    # What is near of other hazards waits for the day's digest (services.notify.digests).
    facts.DeadlineApproaching: (Tell("deadline_approaching", debtor, _major_and_ahead),),
    facts.DeadlineMissed: (
        Tell("deadline_missed", debtor),
        Tell("deadline_missed_by_other", both(creditor, committee)),
    ),
    facts.LetterPrepared: (Tell("interview_prepared", sender),),
    facts.InterviewHeld: (Tell("interview_held", addressee),),
    facts.ProposalMade: (Tell("proposal_made", committee),),
    meetings.MeetingConvened: (Tell("meeting_convened", called),),
    meetings.MeetingMoved: (Tell("meeting_moved", called),),
    meetings.MeetingCancelled: (Tell("meeting_cancelled", called),),
    meetings.MeetingMinuted: (Tell("meeting_minuted", offices_called),),
    meetings.CommitteeTaskAssigned: (Tell("committee_task_assigned", called),),
    meetings.CommitteeTaskReported: (Tell("committee_task_reported", convener),),
    meetings.CommitteeTaskJudged: (Tell("committee_task_judged", called),),
    meetings.CommitteeTaskCancelled: (Tell("committee_task_cancelled", called),),
    joint_actions.JointPartAsked: (Tell("joint_part_asked", asked_authority),),
    joint_actions.JointPartDeclined: (Tell("joint_part_declined", convener),),
    joint_actions.JointPartReported: (Tell("joint_part_reported", convener),),
    joint_actions.JointPartReleased: (Tell("joint_part_released", asked_authority),),
    joint_actions.JointActionClosed: (Tell("joint_action_closed", taking_part),),
    joint_actions.JointActionCancelled: (Tell("joint_action_cancelled", taking_part),),
    assessments.AssessmentProposed: (Tell("assessment_proposed", assessed),),
    assessments.AssessmentStated: (Tell("assessment_stated", convener),),
    assessments.AssessmentDecided: (Tell("assessment_decided", assessed),),
    assessments.AssessmentObjected: (Tell("assessment_objected", convener),),
    assessments.AssessmentAnswered: (Tell("assessment_answered", assessed),),
    assessments.AssessmentPublished: (Tell("assessment_published", assessed),),
    assessments.AssessmentWithdrawn: (Tell("assessment_withdrawn", assessed, _was_told),),
    # Look-back campaigns and transfers.
    campaigns.CampaignAssigned: (Tell("campaign_assigned", asked_body),),
    campaigns.CampaignLooked: (Tell("campaign_looked", organiser, _not_held),),
    campaigns.MeasureReported: (Tell("measure_reported", organiser),),
    campaigns.MeasureJudged: (Tell("measure_judged", asked_body),),
    campaigns.CampaignClosed: (Tell("campaign_closed", asked_bodies),),
    campaigns.CampaignWithdrawn: (Tell("campaign_withdrawn", asked_bodies),),
    transfers.FileTransferred: (Tell("transfer_received", receiver),),
    transfers.FileAcknowledged: (Tell("transfer_acknowledged", transferor),),
    transfers.FileRefused: (
        Tell("transfer_refused", transferor),
        Tell("transfer_arbitration", committee, _to_committee),
    ),
    transfers.FileAnswered: (Tell("transfer_answered", transferor),),
    transfers.FileWithdrawn: (Tell("transfer_withdrawn", receiver),),
    transfers.FileArbitrated: (Tell("transfer_arbitrated", both(transferor, receiver)),),
    SubscriptionDisabled: (Tell("subscription_disabled", subscriber),),
}


GATHERED: frozenset[type[Event]] = frozenset({facts.DeadlineMissed, facts.LetterSent})
"""Facts that come in floods: they are told by `services.notify.gathering`, to the same people."""


def notices(event: Event) -> list[tuple[str, Audience]]:
    """List (template, audience) in table order; a person in several audiences is told by the first."""
    return [
        (tell.template, audience)
        for tell in WHO_MUST_KNOW.get(type(event), ())
        if tell.when(event)
        for audience in tell.to(event)
    ]


def known_anyway(event: Event) -> bool:
    """Tell whether a self-check is refused because the matter is in hand already.

    Saying so with the desk's words could tell the enterprise that somebody else reported it.
    """
    return (
        isinstance(event, facts.ReportRejected)
        and event.reason is facts.RejectReason.SAME_MATTER
        and event.claim.source_party_id == event.enterprise_id
    )


BACKOFF_S = (5, 30, 300, 1_800, 7_200, 18_000, 36_000)
"""Seconds after the first, second, … failed attempt; after the last the message is given up."""


def try_again_after(attempts: int) -> timedelta | None:
    """Give how long to wait after this many failed attempts, or None when enough is enough."""
    return timedelta(seconds=BACKOFF_S[attempts - 1]) if attempts <= len(BACKOFF_S) else None


def mentioned(event: Event) -> set[UUID]:
    """List the parties whose names a message may use."""
    fields = (
        *("enterprise_id", "authority_id", "lead_authority_id", "to_authority_id", "from_authority_id"),
        *("party_id", "owed_by", "sender_id", "addressee_id", "assisting_id", "suggested_authority_id", "answering_id"),
        *("about_id", "convener_id", "owner_id", "asked_id", "receiver_id", "issuer_id"),
    )
    joined: tuple[UUID, ...] = getattr(event, "joint_authority_ids", ())
    return {*joined, *(value for field in fields if (value := getattr(event, field, None)) is not None)}
