"""The law of the docket (domain reference §3) as one table: who decides on a claim, when, and what that starts."""

from collections.abc import Mapping
from enum import StrEnum

from services.inspection.docket.domain import guards as g
from services.inspection.docket.domain.case import Case
from shared.contracts.inspection import ReportState as S
from shared.contracts.values import Role
from shared.machine import Machine, Move

SYSTEM = "system"
"""The capacity in which the platform itself draws a consequence."""


class Verb(StrEnum):
    """What can be done with a docket entry."""

    ACCEPT = "accept"
    REJECT = "reject"
    TRANSFER = "transfer"
    ACKNOWLEDGE = "acknowledge"
    BOUNCE = "bounce"
    ARBITRATE = "arbitrate"
    MERGE = "merge"
    ANSWER = "answer"
    SUBSTANTIATE = "substantiate"
    FIND_UNFOUNDED = "find_unfounded"
    EXTEND_VERIFICATION = "extend_verification"
    REQUEST_REVIEW = "request_review"
    UPHOLD_REVIEW = "uphold_review"
    DISMISS_REVIEW = "dismiss_review"
    ESCALATE_FATALITY = "escalate_fatality"
    RECORD_COUNTY_VERDICT = "record_county_verdict"
    CLOSE = "close"


_DESK = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value})
_HEAD = frozenset({Role.AUTHORITY_HEAD.value})
_COMMITTEE = frozenset({Role.COMMITTEE.value})
_PLATFORM = frozenset({SYSTEM})

DOCKET: Machine[S, Verb, Case] = Machine(
    "docket",
    {
        Verb.ACCEPT: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.ACCEPTED,
            roles=_DESK | _PLATFORM,
            guards=(g.is_ours,),
            clock="report.verify",
            event="inspection.report.accepted",
            source="§3.2; 安监总财〔2012〕63号 [S]",
        ),
        Verb.REJECT: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.REJECTED,
            roles=_DESK,
            guards=(g.is_ours, g.county_has_decided),
            checks=(g.is_a_reason_to_reject,),
            event="inspection.report.rejected",
            source="§3.3 [S]",
        ),
        Verb.TRANSFER: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.TRANSFERRED,
            roles=_DESK,
            guards=(g.is_ours,),
            clock="report.transfer_ack",
            event="inspection.report.transferred",
            source="WSL art. 69 [L]",
        ),
        Verb.ACKNOWLEDGE: Move(
            sources=frozenset({S.TRANSFERRED}),
            target=S.RECEIVED,
            roles=_DESK,
            guards=(g.came_to_us,),
            clock="report.decide_acceptance",
            event="inspection.report.acknowledged",
            source="§3.2 (D)",
        ),
        Verb.BOUNCE: Move(
            sources=frozenset({S.TRANSFERRED}),
            target=S.RECEIVED,
            roles=_DESK,
            guards=(g.came_to_us,),
            clock="competence.arbitrate",
            event="inspection.report.bounced",
            source="§3.2; WSL art. 10 [L]",
        ),
        Verb.ARBITRATE: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.RECEIVED,
            roles=_COMMITTEE,
            guards=(g.nobody_is_responsible,),
            clock="report.decide_acceptance",
            event="inspection.report.received",
            source="WSL art. 10 [L]",
        ),
        Verb.MERGE: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.MERGED,
            roles=_DESK,
            guards=(g.is_ours, g.county_has_decided),
            event="inspection.report.merged",
            source="§3.2; keeps its order for the reward",
        ),
        Verb.SUBSTANTIATE: Move(
            sources=frozenset({S.ACCEPTED, S.MERGED}),
            target=S.SUBSTANTIATED,
            roles=_PLATFORM,
            clock="report.feedback",
            event="inspection.report.substantiated",
            source="consequence of confirming the hazard (T02)",
        ),
        Verb.FIND_UNFOUNDED: Move(
            sources=frozenset({S.ACCEPTED, S.MERGED}),
            target=S.UNFOUNDED,
            roles=_PLATFORM,
            clock="report.feedback",
            event="inspection.report.unfounded",
            source="consequence of dismissing the hazard (T03), or of voiding it unverified (T23)",
        ),
        Verb.ANSWER: Move(
            sources=frozenset({S.SUBSTANTIATED, S.UNFOUNDED}),
            target=S.ANSWERED,
            roles=_DESK,
            guards=(g.is_ours,),
            event="inspection.report.answered",
            source="安监总财〔2012〕63号 art. 10(3) [S]",
        ),
        Verb.EXTEND_VERIFICATION: Move(
            sources=frozenset({S.ACCEPTED}),
            roles=_HEAD,
            guards=(g.is_ours, g.may_be_extended_again),
            event="inspection.report.verification_extended",
            source="安监总财〔2012〕63号 art. 11(6) [S]: once, with the head's approval, the reporter told why",
        ),
        Verb.REQUEST_REVIEW: Move(
            sources=frozenset({S.REJECTED, S.SUBSTANTIATED, S.UNFOUNDED, S.ANSWERED, S.CLOSED}),
            target=S.REVIEW_REQUESTED,
            roles=_PLATFORM,
            guards=(g.has_a_result, g.not_reviewed_yet, g.contested_in_time),
            clock="report.review.decide",
            event="inspection.report.review_requested",
            source="§3.4; Petition Reg. art. 35 [L]; archived meanwhile, it was still contested in time (D)",
        ),
        Verb.UPHOLD_REVIEW: Move(
            sources=frozenset({S.REVIEW_REQUESTED}),
            target=S.ACCEPTED,
            roles=_HEAD,
            guards=(g.is_ours,),
            clock="report.verify",
            event="inspection.report.review_upheld",
            source="§3.2, T17 (D): a closed hazard begins again and the claim stays substantiated; "
            "a rejected or unfounded claim gets a hazard and is verified",
        ),
        Verb.DISMISS_REVIEW: Move(
            sources=frozenset({S.REVIEW_REQUESTED}),
            target=S.ANSWERED,
            roles=_HEAD,
            guards=(g.is_ours,),
            event="inspection.report.review_dismissed",
            source="§3.2 (D)",
        ),
        Verb.ESCALATE_FATALITY: Move(
            sources=frozenset(S) - {S.CLOSED},
            roles=_DESK,
            guards=(g.is_ours, g.not_escalated_yet),
            clock="report.fatality",
            event="inspection.report.fatality_escalated",
            source="WSL art. 73 [L]: a report of deaths is verified by a county government or above",
        ),
        Verb.RECORD_COUNTY_VERDICT: Move(
            sources=frozenset(S),
            roles=_COMMITTEE,
            guards=(g.waits_for_the_county,),
            event="inspection.report.county_verdict_recorded",
            source="WSL art. 73 [L]",
        ),
        Verb.CLOSE: Move(
            sources=frozenset({S.REJECTED, S.ANSWERED}),
            target=S.CLOSED,
            roles=_DESK,
            guards=(g.is_ours, g.hazards_are_at_their_end, g.review_is_over, g.county_has_decided),
            event="inspection.report.closed",
            source="§3.2 (D): once the time to contest has passed",
        ),
    },
)

_DECIDED = ("report.decide_acceptance", "hazard.danger_call")
_VERIFIED = ("report.verify", "hazard.verify.inspection")
ENDS: Mapping[Verb, tuple[str, ...]] = {
    Verb.ACCEPT: _DECIDED,
    Verb.REJECT: _DECIDED,
    Verb.TRANSFER: _DECIDED,
    Verb.ACKNOWLEDGE: ("report.transfer_ack",),
    Verb.BOUNCE: ("report.transfer_ack",),
    Verb.ARBITRATE: ("competence.arbitrate",),
    Verb.MERGE: _DECIDED,
    Verb.SUBSTANTIATE: _VERIFIED,
    Verb.FIND_UNFOUNDED: _VERIFIED,
    Verb.ANSWER: ("report.feedback",),
    Verb.EXTEND_VERIFICATION: (),
    Verb.REQUEST_REVIEW: ("report.feedback",),  # who contests has heard the result; the head's decision is owed now
    Verb.UPHOLD_REVIEW: ("report.review.decide",),
    Verb.DISMISS_REVIEW: ("report.review.decide",),
    Verb.ESCALATE_FATALITY: (),
    Verb.RECORD_COUNTY_VERDICT: ("report.fatality",),
    Verb.CLOSE: (),
}
"""Which clocks a move meets."""

OPEN = frozenset({S.RECEIVED, S.ACCEPTED, S.TRANSFERRED, S.SUBSTANTIATED, S.REVIEW_REQUESTED})
"""States of entries that a new claim may repeat."""

MERGES_INTO = frozenset({S.RECEIVED, S.ACCEPTED, S.SUBSTANTIATED})
"""States of entries that still take in a later claim of the same matter."""
