"""What each party sees of a hazard: three shapes, so that a field cannot slip to the wrong reader."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator

from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.hazards.domain import Verb
from services.inspection.hazards.shapes.assisting import PartView
from services.inspection.hazards.shapes.proceedings import OwnProceedings, Proceedings
from services.inspection.holds.shapes import HeldBy
from shared.contracts.base import View
from shared.contracts.inspection import (
    ClaimRef,
    Enforcement,
    Extension,
    HazardState,
    Listing,
    LookBackState,
    PowerCut,
    RoutingRule,
    Stay,
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
    power: PowerCut
    stay: Stay
    """Whether the order is stayed; since when and why, `stays` of the hazard tells."""
    recurrent: bool
    self_governed: bool
    delivered: bool
    limit: date | None
    certainties: dict[str, Any] | None
    ordered_at: datetime | None
    closed_at: datetime | None
    next_due: datetime | None
    next_due_key: str | None
    """Which clock that is; an enterprise is told of its own."""
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
    site_check_due: bool
    contractor_ids: list[UUID]
    recurs_id: UUID | None
    county_decides: bool
    """It is about deaths: nobody ends it until the committee has recorded what the county decided."""
    split_from_id: UUID | None
    merged_into_id: UUID | None


class Name(View):
    en: str
    zh: str


class OfficerView(View):
    id: UUID
    name: str


class HazardLine(HazardView):
    """The same on a list: nobody should have to look up who answers for it, and who is at it just now."""

    lead_name: Name | None
    enterprise_name: Name | None
    officers: Annotated[list[OfficerView], BeforeValidator(lambda given: given or [])]
    """In whose charge it is: the officers whom the newest order, re-check or finding names."""
    held_by: HeldBy | None
    """A colleague has it open; told within the own organisation, and to the committee."""


class ItemView(View):
    id: UUID
    ordinal: int
    text: str
    before: list[EvidenceRef]
    after: list[EvidenceRef]
    remark: str
    passed: bool
    withdrawn: bool
    """The enterprise had set it itself, before an authority took over."""


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
    on_site_only: bool
    officers: list[UUID]
    issued_at: datetime


class LookBackView(View):
    ordinal: int
    cycle: int
    passed: bool
    remark: str
    at: datetime


class TakenIn(View):
    """A hazard that was the same matter and ended in this one."""

    id: UUID
    number: str
    what: str


class ClosedAlike(View):
    """What was closed not long ago and may be what is suspected now."""

    id: UUID
    number: str
    what: str
    closed_at: datetime
    opens_again: bool
    """Confirming opens it again, unless the officers say that theirs is another matter; else it only weighs more."""


class _Whole(View):
    items: list[ItemView]
    orders: list[OrderView]
    deadlines: list[DeadlineView]


class OwnHazardDetail(OwnHazardView, OwnProceedings, _Whole):
    """One hazard as the enterprise sees it, with what stands beside it."""


class HazardDetail(HazardLine, Proceedings, _Whole):
    """One hazard as officials see it, with what stands beside it."""

    claims: list[ClaimRef]
    lookback: LookBackState
    parts: list[PartView]
    look_backs: list[LookBackView]
    taken_in: list[TakenIn]
    closed_alike: ClosedAlike | None
    """Only of what is suspected."""


HazardShown = HazardLine | OwnHazardView | ClaimantHazardView


class HazardPage(View):
    items: list[HazardShown]
    next: str | None = None


Shown = HazardDetail | OwnHazardDetail | ClaimantHazardView
"""One hazard as its reader may see it."""
