"""What is sent to the docket: claims of organisations, and what desks, heads and the committee decide."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Ask
from shared.contracts.inspection import (
    CountyFinding,
    RejectReason,
)
from shared.contracts.values import Category, Channel, Day, EvidenceRef, Grade, Place, Prose

MOST_FURTHER = 10
Evidence = Annotated[tuple[EvidenceRef, ...], Field(max_length=20)]


class Claim(Ask):
    """An organisation's own claim. The id in the address makes a repeated one the same."""

    place: Place
    category: Category
    what: Prose
    enterprise_id: UUID | None = None
    evidence: Evidence = ()
    imminent_danger: bool = False
    suspected_grade: Grade | None = None
    fatalities: bool = False
    """It speaks of deaths: the county decides (Work Safety Law art. 73)."""
    channel: Channel | None = None


class FurtherHazard(Ask):
    """One hazard more that the same claim names, in the desk's own words."""

    what: Prose
    category: Category | None = None
    """None: as the claim's."""
    enterprise_id: UUID | None = None


class Accept(Ask):
    """`what` is the desk's own wording: it will be read by the enterprise, the reporter's must not be."""

    what: Prose
    category: Category | None = None
    enterprise_id: UUID | None = None
    further: Annotated[tuple[FurtherHazard, ...], Field(max_length=MOST_FURTHER)] = ()
    """What else the claim names: each becomes a hazard of its own."""


class Reject(Ask):
    reason: RejectReason
    explanation: Prose


class Transfer(Ask):
    to_authority_id: UUID
    explanation: Prose


class Bounce(Ask):
    explanation: Prose
    suggested_authority_id: UUID | None = None
    """Who is responsible, as far as this authority can tell."""


class Arbitrate(Ask):
    authority_id: UUID
    explanation: Prose


class Merge(Ask):
    into_entry_id: UUID


class Answer(Ask):
    """Meant for the reporter."""

    answer: Prose


class ExtendVerification(Ask):
    """Meant for the reporter as well."""

    explanation: Prose


class ContestResult(Ask):
    """What the claimant disagrees with, or what is not fixed."""

    statement: Prose
    evidence: Evidence = ()


class UpholdReview(Ask):
    """The result does not stand; the reasons are meant for the reporter."""

    explanation: Prose
    hazard_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_FURTHER + 1)] = ()
    """Which closed hazards begin again; none named: all that the claim names."""
    what: Prose | None = None
    """Where none is closed or open: the hazard that is registered anew, in the authority's own words."""


class DismissReview(Ask):
    """The result stands; the reasons are meant for the reporter."""

    explanation: Prose


class EscalateFatality(Ask):
    explanation: Prose


class RecordCountyVerdict(Ask):
    """What the county government, or a higher one, found out."""

    finding: CountyFinding
    decided_on: Day
    statement: Prose
