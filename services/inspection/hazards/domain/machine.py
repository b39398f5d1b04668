"""The hazard's transitions T02 to T17 and T23 as two tables: the main line, and the stop of work beside it."""

from collections.abc import Mapping
from enum import StrEnum

from services.inspection.hazards.domain import guards as g
from services.inspection.hazards.domain.case import Case
from shared.contracts.inspection import HazardState as S
from shared.contracts.inspection import Suspension
from shared.contracts.registry import Power
from shared.contracts.values import Role
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with a hazard."""

    REGISTER = "register"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    ASSIGN = "assign"
    RETURN_ASSIGNMENT = "return_assignment"
    ORDER = "order"
    START_RECTIFICATION = "start_rectification"
    REQUEST_RECHECK = "request_recheck"
    OPEN_RECHECK = "open_recheck"
    PASS_RECHECK = "pass_recheck"  # noqa: S105 — a verb, not a password
    FAIL_RECHECK = "fail_recheck"
    CLOSE = "close"
    LOOK_BACK = "look_back"
    REOPEN = "reopen"
    VOID = "void"
    ORDER_STOP = "order_stop"
    REQUEST_RESUMPTION = "request_resumption"
    DECIDE_RESUMPTION = "decide_resumption"


AUTHORITY = frozenset({Role.AUTHORITY.value})
ON_SITE = AUTHORITY | {Role.DELEGATE.value, Role.TOWNSHIP.value}
"""Who acts at the enterprise: an authority's officers, and those who hold its letter of delegation."""
DECIDERS = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value})
HEAD = frozenset({Role.AUTHORITY_HEAD.value})
MANAGEMENT = frozenset({Role.ENTERPRISE_PRINCIPAL.value, Role.ENTERPRISE_MANAGER.value})
COMMITTEE = frozenset({Role.COMMITTEE.value})

OPEN = frozenset(S) - {S.VERIFIED, S.CLOSED, S.DISMISSED, S.VOID}
"""States in which the danger is not known to be gone."""

HAZARD: Machine[S, Verb, Case] = Machine(
    "hazard",
    {
        Verb.CONFIRM: Move(
            sources=frozenset({S.SUSPECTED}),
            target=S.CONFIRMED,
            roles=ON_SITE,
            guards=(g.by_letter_or(g.handles, Power.CONFIRM), g.is_certified),
            checks=(g.two_officers,),
            clock="hazard.assign",
            event="inspection.hazard.confirmed",
            source="T02; WSL art. 118 [L]",
        ),
        Verb.DISMISS: Move(
            sources=frozenset({S.SUSPECTED}),
            target=S.DISMISSED,
            roles=AUTHORITY,
            guards=(g.handles, g.is_certified),
            checks=(g.two_officers,),
            event="inspection.hazard.dismissed",
            source="T03 (D)",
        ),
        Verb.ASSIGN: Move(
            sources=frozenset({S.CONFIRMED, S.ASSIGNED, S.REOPENED}),
            target=S.ASSIGNED,
            roles=DECIDERS | COMMITTEE,
            guards=(g.may_assign,),
            clock="hazard.return_assignment",
            event="inspection.hazard.assigned",
            source="T04; WSL art. 10 [L]",
        ),
        Verb.RETURN_ASSIGNMENT: Move(
            sources=frozenset({S.ASSIGNED}),
            target=S.ASSIGNED,
            roles=DECIDERS,
            guards=(g.leads,),
            clock="hazard.assign",
            event="inspection.hazard.assignment_disputed",
            source="T05 (D)",
        ),
        Verb.ORDER: Move(
            sources=frozenset({S.ASSIGNED}),
            target=S.ORDERED,
            roles=ON_SITE,
            guards=(g.by_letter_or(g.leads, Power.ORDER), g.is_certified),
            checks=(g.two_officers,),
            clock="hazard.plan",
            event="inspection.hazard.ordered",
            source="T06; WSL art. 65 [L]",
        ),
        Verb.START_RECTIFICATION: Move(
            sources=frozenset({S.ORDERED}),
            target=S.RECTIFYING,
            roles=MANAGEMENT,
            guards=(g.owns,),
            event="inspection.hazard.rectification_started",
            source="T08; five certainties 五落实: 鄂安〔2010〕20号 [S]",
        ),
        Verb.REQUEST_RECHECK: Move(
            sources=frozenset({S.RECTIFYING}),
            target=S.RECHECK_REQUESTED,
            roles=MANAGEMENT,
            guards=(g.owns,),
            clock="hazard.recheck",
            event="inspection.hazard.recheck_requested",
            source="T10; Order 15 art. 17 (K)",
        ),
        Verb.OPEN_RECHECK: Move(
            sources=frozenset({S.RECHECK_REQUESTED, S.RECTIFYING, S.ORDERED}),
            target=S.RECHECKING,
            roles=ON_SITE,
            guards=(g.by_letter_or(g.leads, Power.OPEN_RECHECK), g.requested_or_expired),
            event="inspection.hazard.recheck_opened",
            source="T11; also when the enterprise never began and the limit has passed (D)",
        ),
        Verb.PASS_RECHECK: Move(
            sources=frozenset({S.RECHECKING}),
            target=S.VERIFIED,
            roles=ON_SITE,
            guards=(g.by_letter_or(g.leads, Power.PASS_RECHECK), g.is_certified),
            checks=(g.two_officers,),
            clock="hazard.close",
            event="inspection.hazard.recheck_passed",
            source="T12; Penalty Law art. 42 [L]",
        ),
        Verb.FAIL_RECHECK: Move(
            sources=frozenset({S.RECHECKING}),
            target=S.RECTIFYING,
            roles=ON_SITE,
            guards=(g.by_letter_or(g.leads, Power.FAIL_RECHECK), g.is_certified),
            checks=(g.two_officers,),
            event="inspection.hazard.recheck_failed",
            source="T13 (D)",
        ),
        Verb.CLOSE: Move(
            sources=frozenset({S.VERIFIED}),
            target=S.CLOSED,
            roles=DECIDERS,
            guards=(g.leads, g.head_for_major, g.closer_is_another, g.nothing_stands_still, g.every_item_passed),
            event="inspection.hazard.closed",
            source="T14 (D)",
        ),
        Verb.LOOK_BACK: Move(
            sources=frozenset({S.CLOSED}),
            target=S.CLOSED,
            roles=AUTHORITY,
            guards=(g.leads, g.is_certified),
            event="inspection.hazard.looked_back",
            source="T16; two look-backs 两个回头看 (D)",
        ),
        Verb.REOPEN: Move(
            sources=frozenset({S.CLOSED}),
            target=S.REOPENED,
            roles=HEAD,
            guards=(g.leads,),
            clock="hazard.assign",
            event="inspection.hazard.reopened",
            source="T17 (D)",
        ),
        Verb.VOID: Move(
            sources=OPEN,
            target=S.VOID,
            roles=HEAD,
            guards=(g.leads_or_handles,),
            event="inspection.hazard.voided",
            source="T23 (D)",
        ),
    },
    final=frozenset({S.DISMISSED, S.VOID}),
)

_STOPPED = frozenset({Suspension.PARTIAL_STOP, Suspension.FULL_STOP, Suspension.EQUIPMENT_STOP, Suspension.EVACUATED})
SUSPENSION: Machine[Suspension, Verb, Case] = Machine(
    "suspension",
    {
        Verb.ORDER_STOP: Move(
            sources=frozenset({Suspension.NONE, Suspension.RESUMED}),
            target=Suspension.FULL_STOP,
            roles=HEAD,
            guards=(g.leads, g.is_certified, g.is_major, g.is_assigned_and_open),
            event="inspection.hazard.suspended",
            source="T07; WSL art. 65(3) [L]; the order says which kind of stop",
        ),
        Verb.REQUEST_RESUMPTION: Move(
            sources=_STOPPED,
            target=Suspension.RESUME_REQUESTED,
            roles=MANAGEMENT,
            guards=(g.owns,),
            clock="suspension.resumption_review",
            event="inspection.hazard.resumption_requested",
            source="T15; 鄂安〔2010〕20号 [S]",
        ),
        Verb.DECIDE_RESUMPTION: Move(
            sources=frozenset({Suspension.RESUME_REQUESTED}),
            target=Suspension.RESUMED,
            roles=HEAD,
            guards=(g.leads,),
            event="inspection.hazard.resumption_decided",
            source="T15; WSL art. 65(3) [L]; refused, the stop stands",
        ),
    },
)

ENDS: Mapping[Verb, tuple[str, ...]] = {
    Verb.ASSIGN: ("hazard.assign",),
    Verb.RETURN_ASSIGNMENT: ("hazard.assign", "hazard.return_assignment"),
    Verb.ORDER: ("hazard.assign", "hazard.return_assignment"),
    Verb.START_RECTIFICATION: ("hazard.plan",),
    Verb.REQUEST_RECHECK: ("hazard.limit",),
    Verb.OPEN_RECHECK: ("hazard.plan", "hazard.limit"),
    Verb.PASS_RECHECK: ("hazard.recheck",),
    Verb.FAIL_RECHECK: ("hazard.recheck",),
    Verb.CLOSE: ("hazard.close",),
    Verb.DECIDE_RESUMPTION: ("suspension.resumption_review",),
}
"""Which clocks a move meets. Dismissing, voiding and reopening cancel all that run."""
