"""What is asked and decided beside the main line: time, resumption, listing, publicity, power, stays."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from services.inspection.hazards.shapes.words import Bases, Evidence, Officers, Proof
from shared.contracts.base import Ask
from shared.contracts.inspection import (
    ExtensionGround,
    ListingGround,
    Publication,
    StayGround,
)
from shared.contracts.values import Day, Line, Prose


class RequestExtension(Ask):
    """T09. `until` is the last day that is asked for."""

    ground: ExtensionGround
    reason: Prose
    interim_measures: Prose
    until: Day
    evidence: Evidence = ()


class DecideExtension(Ask):
    """Granted without `until`: the day that was asked for."""

    granted: bool
    until: Day | None = None
    reason: Prose


class RequestResumption(Ask):
    """T15: what the plan held, its items, and the safety evaluation with its report (Order 16)."""

    statement: Prose
    plan: Prose
    items: Annotated[tuple[Line, ...], Field(min_length=1, max_length=50)]
    evaluation: Prose
    evaluation_files: Proof
    evidence: Evidence = ()


class ItemSeen(Ask):
    """An item of the plan as the reviewers found it; `ordinal` counts from 1."""

    ordinal: Annotated[int, Field(ge=1, le=50)]
    fit: bool
    remark: Line


class SiteReview(Ask):
    """What two certified officers saw on site."""

    officers: Officers
    remarks: Annotated[tuple[ItemSeen, ...], Field(min_length=1, max_length=50)]
    photos: Evidence = ()


class DecideResumption(Ask):
    """Granted only after a review on site."""

    granted: bool
    reason: Prose
    review: SiteReview | None = None


class ProposeListing(Ask):
    """T18. `evidence` shows the effect on the public, where that is the ground."""

    ground: ListingGround
    reason: Prose
    evidence: Evidence = ()


class ListHazard(Ask):
    """The committee's decision; the limit is the hazard's from then on."""

    level: Annotated[int, Field(ge=1, le=4)]
    limit: Day
    reason: Prose


class RefuseListing(Ask):
    reason: Prose


class RequestDelisting(Ask):
    """T19."""

    statement: Prose
    evidence: Evidence = ()


class Delist(Ask):
    """Accepted on site by officers of the authority, for the committee itself inspects nothing (F01)."""

    acceptors: Officers
    accepted_on: Day
    acceptance: Prose
    evidence: Proof


class RefuseDelisting(Ask):
    reason: Prose


class PublishNotice(Ask):
    """Where something was made public: an address on the web, a newspaper, a board; or where it was filed."""

    what: Publication
    where: Line
    on: Day


class CutPower(Ask):
    """WSL art. 70. `urgent` says why there is no time to tell it ahead."""

    cut_at: AwareDatetime
    reason: Prose
    basis: Line
    basis_ids: Bases = ()
    urgent: Prose | None = None


class RestorePower(Ask):
    reason: Prose


class StayOrder(Ask):
    """`reference` names the decision or the filing, `on` its day: from then on the days of the order do not run."""

    ground: StayGround
    reference: Line
    on: Day
    reason: Prose


class LiftStay(Ask):
    reason: Prose
