"""The way of a penalty case as one table (T20); without it a fine could be decided before anybody was heard."""

from services.inspection.hazards.domain import guards as g
from services.inspection.hazards.domain.case import Case
from services.inspection.hazards.domain.verbs import AUTHORITY, DECIDERS, HEAD, MANAGEMENT, Verb
from shared.contracts.inspection import Enforcement as S
from shared.machine import Machine, Move

UNDECIDED = frozenset({S.CASE_OPEN, S.RIGHTS_TOLD, S.HEARING_ASKED, S.HEARD, S.REVIEWED})
"""A case is filed and nothing is decided."""
_PARTY = MANAGEMENT | AUTHORITY
"""The party says it itself, or the authority takes down what came on paper."""
_BINDING = frozenset({S.SERVED, S.DEMANDED, S.COURT})
"""The decision reached the party and is not carried out yet."""

ENFORCEMENT: Machine[S, Verb, Case] = Machine(
    "enforcement",
    {
        Verb.OPEN_CASE: Move(
            sources=frozenset({S.NONE, S.EXECUTED}),
            target=S.CASE_OPEN,
            roles=AUTHORITY,
            guards=(g.leads, g.authority_governs, g.is_certified, g.has_not_stepped_aside, g.answered_for),
            checks=(g.two_officers,),
            clock="case.decision",
            event="inspection.hazard.case_opened",
            source="T20; WSL art. 102 [L]; decision within 90 days: Penalty Law art. 60 [L]",
        ),
        Verb.TELL_RIGHTS: Move(
            sources=frozenset({S.CASE_OPEN, S.RIGHTS_TOLD, S.HEARD, S.REVIEWED}),
            target=S.RIGHTS_TOLD,
            roles=AUTHORITY,
            guards=(g.leads, g.is_certified, g.has_not_stepped_aside),
            event="inspection.hazard.case_rights_told",
            source="T20; Penalty Law art. 44, 62, 63 [L]; anew where something graver is meant (D)",
        ),
        Verb.STATE_DEFENCE: Move(
            sources=UNDECIDED - {S.CASE_OPEN},
            roles=_PARTY,
            guards=(g.is_the_party_or_leads, g.has_not_stepped_aside),
            event="inspection.hazard.case_answered",
            source="T20; right of statement and defence: Penalty Law art. 44, 62 [L]",
        ),
        Verb.ASK_HEARING: Move(
            sources=frozenset({S.RIGHTS_TOLD}),
            target=S.HEARING_ASKED,
            roles=_PARTY,
            guards=(g.is_the_party_or_leads, g.has_not_stepped_aside, g.has_a_hearing_right, g.still_may_ask),
            clock="case.hearing.call",
            event="inspection.hazard.case_hearing_requested",
            source="T20; Penalty Law art. 63 [L]; within five working days: art. 64 (K)",
        ),
        Verb.WAIVE_HEARING: Move(
            sources=frozenset({S.RIGHTS_TOLD, S.HEARING_ASKED}),
            target=S.RIGHTS_TOLD,
            roles=_PARTY,
            guards=(g.is_the_party_or_leads, g.has_not_stepped_aside, g.has_a_hearing_right),
            event="inspection.hazard.case_hearing_waived",
            source="T20 (D): a right may be waived, and a request withdrawn",
        ),
        Verb.CALL_HEARING: Move(
            sources=frozenset({S.HEARING_ASKED}),
            roles=DECIDERS,
            guards=(g.leads, g.has_not_stepped_aside),
            event="inspection.hazard.case_hearing_called",
            source="T20; Penalty Law art. 64: told seven working days ahead, led by a non-investigator (K)",
        ),
        Verb.HOLD_HEARING: Move(
            sources=frozenset({S.HEARING_ASKED}),
            target=S.HEARD,
            roles=AUTHORITY,
            guards=(g.leads, g.has_not_stepped_aside, g.hearing_day_has_come),
            event="inspection.hazard.case_hearing_held",
            source="T20; Penalty Law art. 63 [L]; with a record: art. 64 (K)",
        ),
        Verb.REVIEW_CASE: Move(
            sources=frozenset({S.RIGHTS_TOLD, S.HEARD}),
            target=S.REVIEWED,
            roles=AUTHORITY,
            guards=(g.leads, g.has_not_stepped_aside, g.has_answered_or_had_its_time),
            event="inspection.hazard.case_reviewed",
            source="T20; legal review: Penalty Law art. 58 [L]; not agreed to, the case stays where it was (D)",
        ),
        Verb.DECIDE_CASE: Move(
            sources=frozenset({S.REVIEWED}),
            target=S.PENALTY_DECIDED,
            roles=HEAD,
            guards=(g.leads, g.has_not_stepped_aside),
            clock="case.publicity",
            event="inspection.hazard.case_decided",
            source="T20; Penalty Law art. 57, 58 [L]; public within seven working days: WSL art. 78 [L]",
        ),
        Verb.DROP_CASE: Move(
            sources=UNDECIDED,
            target=S.NONE,
            roles=HEAD,
            guards=(g.leads, g.has_not_stepped_aside),
            event="inspection.hazard.case_dropped",
            source="T20; Penalty Law art. 33, 57: no penalty [L]",
        ),
        Verb.SERVE_CASE: Move(
            sources=frozenset({S.PENALTY_DECIDED}),
            target=S.SERVED,
            roles=AUTHORITY,
            guards=(g.leads, g.has_not_stepped_aside),
            event="inspection.hazard.case_served",
            source="T20; within seven working days: Penalty Law art. 61, 85 [L]",
        ),
        Verb.RECORD_PAYMENT: Move(
            sources=_BINDING,
            roles=AUTHORITY,
            guards=(g.leads, g.has_not_stepped_aside),
            event="inspection.hazard.case_paid",
            source="T20 (D)",
        ),
        Verb.GRANT_TERMS: Move(
            sources=frozenset({S.SERVED, S.DEMANDED}),
            target=S.SERVED,
            roles=HEAD,
            guards=(g.leads, g.has_not_stepped_aside, g.is_not_contested, g.has_time_to_pay),
            event="inspection.hazard.case_payment_deferred",
            source="T20; deferral and instalments: Penalty Law art. 66 (K); a demand has lost its object then (D)",
        ),
        Verb.SERVE_DEMAND: Move(
            sources=frozenset({S.SERVED}),
            target=S.DEMANDED,
            roles=AUTHORITY,
            guards=(g.leads, g.has_not_stepped_aside, g.is_not_contested, g.time_to_pay_is_over),
            event="inspection.hazard.case_demanded",
            source="T20; Compulsion Law art. 54 [L]",
        ),
        Verb.CONTEST_CASE: Move(
            sources=_BINDING,
            roles=DECIDERS,
            guards=(g.leads, g.has_not_stepped_aside, g.is_not_contested),
            event="inspection.hazard.case_contested",
            source="T20; not final while contested: Compulsion Law art. 53 [L]; filed elsewhere, noted here (D)",
        ),
        Verb.END_CONTEST: Move(
            sources=_BINDING,
            otherwise=S.NONE,
            roles=DECIDERS,
            guards=(g.leads, g.has_not_stepped_aside, g.is_contested),
            event="inspection.hazard.case_contest_ended",
            source="T20; Compulsion Law art. 53 [L]; revoked, no case is left (D)",
        ),
        Verb.APPLY_TO_COURT: Move(
            sources=frozenset({S.DEMANDED}),
            target=S.COURT,
            roles=HEAD,
            guards=(g.leads, g.has_not_stepped_aside, g.is_not_contested),
            event="inspection.hazard.case_sent_to_court",
            source="T20; Compulsion Law art. 53, 54 [L]",
        ),
        Verb.EXECUTE_CASE: Move(
            sources=_BINDING,
            target=S.EXECUTED,
            roles=DECIDERS,
            guards=(g.leads, g.has_not_stepped_aside, g.is_not_contested),
            event="inspection.hazard.case_executed",
            source="T20 (D): carried out, and the case is closed",
        ),
    },
)
