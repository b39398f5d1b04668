"""The main line of a hazard's life, from its registration to the last look back."""

from datetime import date, datetime
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.inspection.words import (
    ClaimRef,
    HazardState,
    RecheckMode,
    ReturnReason,
    RoutingRule,
    Suspension,
)
from shared.contracts.values import Category, Grade


class HazardFact(Event):
    """Base of all hazard events. Aggregate: the hazard."""

    hazard_id: UUID
    number: str
    state: HazardState
    category: Category
    what: str
    """What is wrong, as the authority words it; never the reporter's words."""
    grade: Grade | None = None
    enterprise_id: UUID | None = None
    lead_authority_id: UUID | None = None
    suspension: Suspension = Suspension.NONE
    cycle: int = 1
    claims: tuple[ClaimRef, ...] = ()
    """The submissions behind it, in the order of reporting."""
    by_id: UUID | None = None
    """The person who acted."""
    in_name_of: UUID | None = None
    """The authority in whose name a delegate acted; None when an authority acted itself."""
    delegation_id: UUID | None = None
    letter_no: str | None = None
    """The letter of delegation that allowed it."""


class HazardRegistered(HazardFact, subject="inspection.hazard.registered", tier="parties"):
    """T01: suspected, from an accepted docket entry."""

    self_governed: bool = False
    """The enterprise found it itself and removes it itself, as long as no authority takes it over (§4.6)."""


class HazardConfirmed(HazardFact, subject="inspection.hazard.confirmed", tier="parties"):
    """T02: facts verified and graded; routed to a lead authority, or to arbitration when nobody is responsible."""

    criterion_ids: tuple[UUID, ...] = ()
    routing_rule: RoutingRule
    rule_id: UUID | None = None
    """The very rule of competence that fired, if one did."""
    recurrent: bool = False
    """The same enterprise had the same kind at the same place, closed not long ago (§4.5)."""
    recurs_id: UUID | None = None
    """The closed hazard that came back."""
    self_governed: bool = False
    """The enterprise confirmed what it found itself."""


class HazardDismissed(HazardFact, subject="inspection.hazard.dismissed", tier="parties"):
    """T03."""

    reason: str


class HazardAssigned(HazardFact, subject="inspection.hazard.assigned", tier="parties"):
    """T04."""

    routing_rule: RoutingRule


class AssignmentDisputed(HazardFact, subject="inspection.hazard.assignment_disputed", tier="authority"):
    """T05: `lead_authority_id` is who holds it from now on, None while the committee decides."""

    suggested_authority_id: UUID | None = None
    code: ReturnReason | None = None
    """Facts older than the field have words only."""
    reason: str


class OrderIssued(HazardFact, subject="inspection.hazard.ordered", tier="parties"):
    """T06: an order with items and a limit, by two certified officers."""

    order_id: UUID
    order_number: str
    kind: str
    limit: date
    items: tuple[str, ...]
    officers: tuple[UUID, ...]
    basis_ids: tuple[UUID, ...] = ()
    on_site_only: bool = False
    """The re-check is made on site (domain reference §4.4)."""


class SuspensionImposed(HazardFact, subject="inspection.hazard.suspended", tier="parties"):
    """T07."""

    reason: str
    basis_ids: tuple[UUID, ...] = ()


class RectificationStarted(HazardFact, subject="inspection.hazard.rectification_started", tier="parties"):
    """T08; or the enterprise set itself items and a limit for what it found itself (§4.6)."""

    limit: date
    self_governed: bool = False


class RecheckRequested(HazardFact, subject="inspection.hazard.recheck_requested", tier="parties"):
    """T10."""

    recheck_by: datetime


class RecheckOpened(HazardFact, subject="inspection.hazard.recheck_opened", tier="parties"):
    """T11."""

    recheck_id: UUID


class RecheckPassed(HazardFact, subject="inspection.hazard.recheck_passed", tier="parties"):
    """T12."""

    recheck_id: UUID
    officers: tuple[UUID, ...]
    mode: RecheckMode = RecheckMode.ON_SITE
    drawn: bool = False
    """A remote re-check that the draw sends to the site before it is closed (domain reference §4.4)."""


class RecheckFailed(HazardFact, subject="inspection.hazard.recheck_failed", tier="parties"):
    """T13."""

    recheck_id: UUID
    officers: tuple[UUID, ...]
    consequence: str
    limit: date
    opinion: str
    basis_ids: tuple[UUID, ...] = ()
    mode: RecheckMode = RecheckMode.ON_SITE


class HazardClosed(HazardFact, subject="inspection.hazard.closed", tier="public"):
    """T14: struck off the list; two look-backs are scheduled, or one if the enterprise's own closure was drawn."""

    look_backs: tuple[date, ...]
    self_governed: bool = False
    """The enterprise closed what it found itself (§4.6)."""
    fixed_in_time: bool = False
    """Found by the enterprise itself and put right within its own limit: not penalised (Penalty Law art. 33)."""


class ResumptionRequested(HazardFact, subject="inspection.hazard.resumption_requested", tier="parties"):
    """T15, first half."""

    review_by: datetime


class ResumptionDecided(HazardFact, subject="inspection.hazard.resumption_decided", tier="parties"):
    """T15, second half: granted lifts the suspension; refused leaves it standing."""

    granted: bool
    reason: str


class LookBackDone(HazardFact, subject="inspection.hazard.looked_back", tier="parties"):
    """T16."""

    ordinal: int
    passed: bool
    remark: str


class HazardVoided(HazardFact, subject="inspection.hazard.voided", tier="parties"):
    """T23: what was dangerous no longer exists (the unit ceased, the building is gone); proven."""

    reason: str


class HazardReopened(HazardFact, subject="inspection.hazard.reopened", tier="parties"):
    """T17."""

    reason: str
