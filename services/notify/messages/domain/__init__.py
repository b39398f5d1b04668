"""Who must know what: one table from facts to audiences and templates, and when a failed mail is tried again.

Templates for an enterprise say that a hazard was found in inspection: nothing may tell it that, or by whom, a report
was made (domain reference §9.1). People who reported are in no audience.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.notify.messages.domain.words import CHINESE, word
from services.notify.people.domain import Audience
from shared.contracts import inspection as facts
from shared.contracts.base import Event
from shared.contracts.notify import SubscriptionDisabled
from shared.contracts.values import Grade, Role

__all__ = [
    "BACKOFF_S",
    "CHINESE",
    "ORGANISATION",
    "RESPONSIBLE",
    "WHO_MUST_KNOW",
    "Tell",
    "known_anyway",
    "mentioned",
    "notices",
    "try_again_after",
    "word",
]

RESPONSIBLE = (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)
"""Who answers for an enterprise; its workers, among whom the reporter may be, are not written to."""
ORGANISATION = (
    Role.AGENCY,
    Role.ASSOCIATION,
    Role.INSURER,
    Role.UNION,
    Role.PROCURATOR,
    Role.DISCIPLINE,
    Role.DELEGATE,
    Role.PARTNER,
    *RESPONSIBLE,
)
"""Who speaks for an organisation that submitted something in its own name."""

_OFFICES = (Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.TOWNSHIP, Role.COMMITTEE)
"""Who reads an office's letters."""

Selector = Callable[[Any], Iterable[Audience]]


@dataclass(frozen=True, slots=True)
class Tell:
    """One row of the table: this template to these people, when the condition holds."""

    template: str
    to: Selector
    when: Callable[[Any], bool] = lambda _: True


def members(*roles: Role, of: str) -> Selector:
    """Select the members, in these roles, of the authority that the event names in the field `of`."""

    def select(event: Any) -> Iterable[Audience]:
        if (party_id := getattr(event, of)) is not None:
            yield Audience(roles=roles, party_id=party_id, within_area=True)

    return select


def office(role: Role) -> Selector:
    """Select everybody of a kind of office whose area covers the fact."""
    return lambda _: [Audience(roles=(role,), within_area=True)]


def enterprise(event: facts.HazardFact | facts.VisitFact) -> Iterable[Audience]:
    if event.enterprise_id is not None:
        yield Audience(roles=RESPONSIBLE, party_id=event.enterprise_id)


def challenged(event: facts.RecusalDecided) -> Iterable[Audience]:
    yield Audience(people=(event.officer_id,))


def officers(event: facts.OrderIssued) -> Iterable[Audience]:
    yield Audience(people=event.officers)


def claimant(event: facts.DocketFact) -> Iterable[Audience]:
    """Select the organisation that made the claim openly; a person's claim has none."""
    if event.claim.source_party_id is not None:
        yield Audience(roles=ORGANISATION, party_id=event.claim.source_party_id)


def other_claimant(event: facts.DocketFact) -> Iterable[Audience]:
    """Select the same, but not the reported unit itself: what is said about a review or a delay may hint at others."""
    return () if event.claim.source_party_id == event.enterprise_id else claimant(event)


def claimants(event: facts.HazardFact) -> Iterable[Audience]:
    """Select the organisations behind a hazard; the enterprise itself hears of it as the responsible unit."""
    sources = {claim.source_party_id for claim in event.claims} - {None, event.enterprise_id}
    return [Audience(roles=ORGANISATION, party_id=source) for source in sorted(sources, key=str)]


def subscriber(event: SubscriptionDisabled) -> Iterable[Audience]:
    yield Audience(roles=(*ORGANISATION, Role.AUTHORITY, Role.COMMITTEE), party_id=event.owner_party_id)


def going(event: facts.VisitPlanned | facts.VisitCancelled) -> Iterable[Audience]:
    """Select those who make a visit, and the desks of the authorities that take part."""
    yield Audience(people=(*event.officers, *event.joint_officers))
    for authority_id in event.joint_authority_ids:
        yield Audience(roles=(Role.AUTHORITY_DESK,), party_id=authority_id)


def addressee(event: facts.LetterFact) -> Iterable[Audience]:
    """Select those who answer for the party to which a letter was written."""
    yield Audience(roles=RESPONSIBLE if event.enterprise_id else _OFFICES, party_id=event.addressee_id)


def sender(event: facts.LetterFact) -> Iterable[Audience]:
    yield Audience(roles=_OFFICES, party_id=event.sender_id)


def debtor(event: facts.DeadlineFact) -> Iterable[Audience]:
    """Select who must act before a clock runs out: the enterprise, the desk that owes it, or the committee."""
    if event.enterprise_id is not None:
        yield Audience(roles=RESPONSIBLE, party_id=event.enterprise_id)
    elif event.owed_by is not None:
        yield Audience(roles=(Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, Role.TOWNSHIP), party_id=event.owed_by)
    else:
        yield from committee(event)


def creditor(event: facts.DeadlineFact) -> Iterable[Audience]:
    """Select the desk that answers for the matter, when another party is late in it."""
    if event.lead_authority_id not in {None, event.owed_by}:
        yield Audience(roles=(Role.AUTHORITY_DESK,), party_id=event.lead_authority_id)


def both(*selectors: Selector) -> Selector:
    return lambda event: [audience for selector in selectors for audience in selector(event)]


deciders = members(Role.AUTHORITY_HEAD, Role.AUTHORITY_DESK, of="authority_id")
lead_desk = members(Role.AUTHORITY_DESK, Role.AUTHORITY_OFFICER, of="lead_authority_id")
lead_officers = members(Role.AUTHORITY_OFFICER, of="lead_authority_id")
lead_desk_and_head = members(Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD, of="lead_authority_id")
lead_heads = members(Role.AUTHORITY_HEAD, of="lead_authority_id")
lead_everyone = members(Role.AUTHORITY, of="lead_authority_id")
assisting_desk = members(Role.AUTHORITY_DESK, Role.TOWNSHIP, of="assisting_id")
committee = office(Role.COMMITTEE)
township = office(Role.TOWNSHIP)


def _unrouted(event: facts.ReportReceived) -> bool:
    return event.authority_id is None


def _imminent(event: facts.ReportReceived) -> bool:
    return event.imminent_danger


def _major(event: facts.HazardConfirmed) -> bool:
    return event.grade is Grade.MAJOR


def _nobody_leads(event: facts.HazardFact) -> bool:
    return event.lead_authority_id is None


def _announced(event: facts.VisitFact) -> bool:
    return event.open_to_enterprise


def _handed_on(event: facts.AssignmentDisputed) -> bool:
    return event.lead_authority_id is not None


def _recurs(event: facts.HazardConfirmed) -> bool:
    return event.recurrent


def _failed(event: facts.LookBackDone) -> bool:
    return not event.passed


def _handed_over(event: facts.OrderDelivered) -> bool:
    """An enterprise that began by itself need not be told that it has the order."""
    return event.how is not facts.DeliveryHow.TAKEN_IN_HAND


def _drawn(event: facts.RecheckPassed) -> bool:
    return event.drawn


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
    facts.LetterSent: (Tell("letter_received", addressee),),
    facts.LetterAnswered: (Tell("letter_answered", sender),),
    facts.LetterJudged: (Tell("letter_judged", addressee),),
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
    facts.MeasureTaken: (Tell("measure_taken", both(enterprise, lead_heads)),),
    facts.MeasureExtended: (Tell("measure_extended", enterprise),),
    facts.MeasureEnded: (Tell("measure_ended", both(enterprise, lead_officers)),),
    facts.PowerCutAnnounced: (Tell("power_cut_announced", both(enterprise, committee, township)),),
    facts.PowerRestored: (Tell("power_restored", both(enterprise, committee, township)),),
    facts.DeadlineApproaching: (Tell("deadline_approaching", debtor, _still_ahead),),
    facts.DeadlineMissed: (
        Tell("deadline_missed", debtor),
        Tell("deadline_missed_by_other", both(creditor, committee)),
    ),
    SubscriptionDisabled: (Tell("subscription_disabled", subscriber),),
}


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
    )
    joined: tuple[UUID, ...] = getattr(event, "joint_authority_ids", ())
    return {*joined, *(value for field in fields if (value := getattr(event, field, None)) is not None)}
