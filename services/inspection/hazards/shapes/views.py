"""What each party sees of a hazard: three shapes, so that a field cannot slip to the wrong reader."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.hazards.domain import Verb
from shared.contracts.base import View
from shared.contracts.inspection import (
    ClaimRef,
    Enforcement,
    Extension,
    HazardState,
    Listing,
    RoutingRule,
    Suspension,
)
from shared.contracts.values import Category, Channel, EvidenceRef, Grade, Place


class ClaimantHazardView(View):
    """What an agency sees of a hazard that it reported: how it fares, nothing of who else is behind it."""

    id: UUID
    number: str
    state: HazardState
    category: Category
    what: str
    grade: Grade | None
    enterprise_id: UUID | None
    lead_authority_id: UUID | None
    cycle: int
    offers: list[Verb]


class OwnHazardView(ClaimantHazardView):
    """What the enterprise sees: never a claim, a channel, a reporter's word, nor when or from where it came."""

    suspension: Suspension
    extension: Extension
    extensions: int
    enforcement: Enforcement
    listing: Listing
    recurrent: bool
    self_governed: bool
    delivered: bool
    limit: date | None
    certainties: dict[str, Any] | None
    ordered_at: datetime | None
    closed_at: datetime | None
    next_due: datetime | None
    overdue: bool


class HazardView(OwnHazardView):
    """What authority, township and committee see."""

    area_code: str
    place: Place
    imminent_danger: bool
    handling_authority_id: UUID
    co_authority_ids: list[UUID]
    routing_rule: RoutingRule | None
    returns: int
    criterion_ids: list[UUID]
    expert_opinion: dict[str, Any] | None
    registered_at: datetime
    looked_back: int
    channel: Channel | None
    escalation: int
    listing_level: int | None
    open_parts: int
    recurs_id: UUID | None
    county_decides: bool
    """It is about deaths: nobody ends it until the committee has recorded what the county decided."""
    split_from_id: UUID | None
    merged_into_id: UUID | None


class ItemView(View):
    id: UUID
    ordinal: int
    text: str
    before: list[EvidenceRef]
    after: list[EvidenceRef]
    remark: str
    passed: bool


class OrderView(View):
    id: UUID
    number: str
    kind: str
    basis: str
    basis_ids: list[UUID]
    letter_no: str | None
    """The letter of delegation, when a delegate issued it in the authority's name."""
    items: list[str]
    limit: date
    officers: list[UUID]
    issued_at: datetime


class RecheckView(View):
    id: UUID
    opened_at: datetime
    decided_at: datetime | None
    passed: bool | None
    officers: list[UUID]
    verdicts: list[dict[str, Any]]
    opinion: str
    consequence: str | None
    limit: date | None


class LookBackView(View):
    ordinal: int
    cycle: int
    passed: bool
    remark: str
    at: datetime


class OwnHazardDetail(OwnHazardView):
    items: list[ItemView]
    orders: list[OrderView]
    rechecks: list[RecheckView]
    deadlines: list[DeadlineView]


class HazardDetail(HazardView, OwnHazardDetail):
    claims: list[ClaimRef]
    look_backs: list[LookBackView]


class HazardPage(View):
    items: list[HazardView | OwnHazardView | ClaimantHazardView]
    next: str | None = None


Shown = HazardDetail | OwnHazardDetail | ClaimantHazardView
"""One hazard as its reader may see it."""
