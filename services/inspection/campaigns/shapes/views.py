"""How campaigns are read: by the committee whole, by a body what is its own, by those who help a place and no more."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.inspection.campaigns.domain.machine import LookVerb, MeasureVerb, Verb
from services.inspection.deadlines.shapes import DeadlineView
from services.inspection.history.shapes import HappeningView
from shared.contracts.base import View
from shared.contracts.inspection.campaigns import (
    CampaignKind,
    CampaignState,
    Carried,
    LookState,
    PolicyMeasureState,
    Unlooked,
)
from shared.contracts.values import Category, EvidenceRef, Grade, Place


class CountView(View):
    """A rate is null where nothing was due (F10)."""

    items: int
    done: int
    not_done: int
    failed: int
    undone: int
    waiting: int
    done_rate: float | None
    failed_rate: float | None


class BodyCount(CountView):
    """What one authority or township had to do, and did."""

    party_id: UUID


class Results(View):
    """What has come in so far, or had come in when the campaign was closed."""

    total: CountView
    by_grade: dict[Grade, CountView]
    """Empty for a policy."""
    by_body: list[BodyCount]


class Found(View):
    """A look that failed, or a measure that was not wholly carried out: what the report is about."""

    item_id: UUID
    party_id: UUID
    number: str
    remark: str


class Report(View):
    """What the campaign came to, as it stood when it was closed."""

    remark: str
    results: Results
    failed: list[Found]
    not_done: list[Found]


class CampaignView(View):
    id: UUID
    number: str
    kind: CampaignKind
    state: CampaignState
    title: str
    basis: str
    area_code: str
    party_id: UUID
    closed_from: date | None
    closed_to: date | None
    category: Category | None
    grade: Grade | None
    results_by: date
    photos_wanted: bool
    opened_at: datetime
    drawn_at: datetime | None
    ended_at: datetime | None
    offers: list[Verb]


class CampaignPage(View):
    items: list[CampaignView]
    next: UUID | None = None


class MeasureView(View):
    id: UUID
    ordinal: int
    document: str
    measure: str
    owner_id: UUID
    state: PolicyMeasureState
    account: str
    files: list[EvidenceRef]
    reported_at: datetime | None
    verdict: Carried | None
    reason: str
    judged_at: datetime | None
    deadlines: list[DeadlineView]
    offers: list[MeasureVerb]


class CampaignDetail(CampaignView):
    """`results` and `measures` are those of the reader's own body, and all of them for the committee."""

    candidates: int | None
    """How many the frozen list holds; None for a policy."""
    list_hash: str | None
    commitment: str | None
    results: Results
    measures: list[MeasureView]
    report: Report | None = None
    history: list[HappeningView] = Field(default_factory=list[HappeningView])
    """The committee's own."""


class EntryView(View):
    """One candidate of the frozen list."""

    id: UUID
    stratum: str


class DrawView(View):
    """All that it takes to draw again. The secret is told once the draw is made."""

    campaign_id: UUID
    entries: list[EntryView]
    list_hash: str
    commitment: str
    shares: dict[str, float]
    secret: str | None
    public_value: str | None
    witness: str | None
    seed: str | None
    drawn: list[UUID]


class PhotoView(View):
    photo: EvidenceRef
    capacity: str
    party_id: UUID | None
    remark: str
    at: datetime


class ItemView(View):
    id: UUID
    campaign_id: UUID
    hazard_id: UUID
    area_code: str
    number: str
    ordinal: int
    grade: Grade
    lead_authority_id: UUID
    state: LookState
    why: Unlooked | None
    remark: str
    drawn_at: datetime
    done_at: datetime | None
    next_due: datetime | None
    overdue: bool
    photos: list[PhotoView]
    offers: list[LookVerb]


class ItemPage(View):
    items: list[ItemView]
    next: UUID | None = None


class PhotoRequest(View):
    """A place of which a photo would help. Nothing of the case: not who reported, found or ordered what."""

    id: UUID
    campaign_id: UUID
    area_code: str
    place: Place
    category: Category


class PhotoRequests(View):
    items: list[PhotoRequest]
    next: UUID | None = None


class PhotosTaken(View):
    """How many photos of this place there are now."""

    item_id: UUID
    photos: int
