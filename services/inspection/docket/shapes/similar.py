"""How two claims are laid side by side, so that one can judge whether they are the same matter (peers N07)."""

from datetime import datetime
from uuid import UUID

from services.inspection.docket.domain import Why
from shared.contracts.base import View
from shared.contracts.inspection import ReportState
from shared.contracts.values import Category, Channel, EvidenceRef, Place


class Photo(EvidenceRef):
    """A picture, and the address of its small form."""

    thumbnail: str


class ComparedView(View):
    """An entry with what is compared."""

    id: UUID
    number: str
    state: ReportState
    channel: Channel
    category: Category
    what: str
    place: Place
    enterprise_id: UUID | None
    claimed_at: datetime
    imminent_danger: bool
    photos: list[Photo]
    """The first pictures that came with the claim."""


class SimilarView(ComparedView):
    """An open entry that may be the same matter."""

    hazard_id: UUID | None
    same_enterprise: bool
    distance_m: float | None
    similarity: float
    why: list[Why]


class SimilarList(View):
    entry: ComparedView
    """The one that the others are compared with."""
    items: list[SimilarView]
