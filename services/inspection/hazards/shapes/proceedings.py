"""What is shown of what stands beside a hazard: to officials the whole, to the enterprise its own part.

Two shapes of each, so that a witness, a reviewer or an inner reason cannot slip to the wrong reader.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.inspection.hazards.shapes.cased import (
    CaseView,
    ContestView,
    OwnCaseView,
    OwnContestView,
    OwnServiceView,
    OwnStatementView,
    ServiceView,
    StatementView,
)
from shared.contracts.base import View
from shared.contracts.inspection import (
    DeliveryHow,
    ExtensionGround,
    Listing,
    ListingGround,
    Publication,
    RecheckMode,
    RecusalState,
    StayGround,
)
from shared.contracts.values import EvidenceRef


class OwnDeliveryView(View):
    order_id: UUID
    how: DeliveryHow
    received_by: str | None
    refused: str | None
    at: datetime


class DeliveryView(OwnDeliveryView):
    witnesses: list[str]
    evidence: list[EvidenceRef]
    by_id: UUID
    recorded_at: datetime


class OwnRecheckView(View):
    id: UUID
    opened_at: datetime
    decided_at: datetime | None
    passed: bool | None
    mode: RecheckMode
    officers: list[UUID]
    certificates: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    opinion: str
    unit_refused: str | None
    consequence: str | None
    limit: date | None


class RecheckView(OwnRecheckView):
    joint_officers: list[dict[str, Any]]
    drawn: bool
    place: dict[str, Any] | None
    attachments: list[EvidenceRef]
    unit_signature: list[EvidenceRef]
    opinion_by: dict[str, Any] | None


class SiteCheckView(View):
    recheck_id: UUID
    cycle: int
    passed: bool
    remark: str
    evidence: list[EvidenceRef]
    by_id: UUID
    at: datetime


class MajorReportView(View):
    id: UUID
    cycle: int
    state_and_cause: str
    harm_and_difficulty: str
    plan: str
    evidence: list[EvidenceRef]
    at: datetime


class OwnExtensionView(View):
    id: UUID
    cycle: int
    ground: ExtensionGround
    reason: str
    interim_measures: str
    evidence: list[EvidenceRef]
    limit_before: date
    until_asked: date
    asked_at: datetime
    decide_by: datetime
    granted: bool | None
    until_granted: date | None
    decision: str | None
    decided_at: datetime | None
    lapsed_at: datetime | None


class ExtensionView(OwnExtensionView):
    asked_by: UUID
    decided_by: UUID | None


class OwnResumptionView(View):
    id: UUID
    cycle: int
    statement: str
    plan: str
    items: list[str]
    evaluation: str
    evaluation_files: list[EvidenceRef]
    evidence: list[EvidenceRef]
    asked_at: datetime
    granted: bool | None
    decision: str | None
    remarks: list[dict[str, Any]]
    decided_at: datetime | None


class ResumptionView(OwnResumptionView):
    asked_by: UUID
    reviewers: list[UUID]
    certificates: list[dict[str, Any]]
    photos: list[EvidenceRef]
    decided_by: UUID | None


class OwnListingView(View):
    """A listing as the listed enterprise sees it, from the day it was listed."""

    id: UUID
    cycle: int
    level: int
    limit: date
    decided_at: datetime
    delisted_at: datetime | None


class ListingView(View):
    id: UUID
    cycle: int
    state: Listing
    ground: ListingGround
    reason: str
    evidence: list[EvidenceRef]
    proposed_by: UUID
    proposed_at: datetime
    level: int | None
    limit: date | None
    decision: str | None
    decided_by: UUID | None
    decided_at: datetime | None
    delisting_statement: str | None
    delisting_evidence: list[EvidenceRef]
    delisting_asked_at: datetime | None
    acceptors: list[UUID]
    acceptance: str | None
    acceptance_evidence: list[EvidenceRef]
    accepted_on: date | None
    delisted_by: UUID | None
    delisted_at: datetime | None


class PublicNoticeView(View):
    what: Publication
    where: str
    on: date


class PowerCutView(View):
    told_at: datetime
    cut_at: datetime
    urgent: str | None
    reason: str
    basis: str
    lifted_at: datetime | None
    lift_reason: str | None


class OwnStayView(View):
    """Why the days of an order do not run, and since when; `limit_after` is the limit that held from the lifting on."""

    id: UUID
    cycle: int
    order_id: UUID
    ground: StayGround
    reference: str
    reason: str
    on: date
    since: datetime
    limit_before: date
    limit_after: date | None
    lift_reason: str | None
    lifted_at: datetime | None
    lapsed_at: datetime | None


class StayView(OwnStayView):
    recorded_by: UUID
    recorded_at: datetime
    lifted_by: UUID | None


class OwnRecusalView(View):
    """What an enterprise asked for, and what was decided; the officers' own reasons are not its business."""

    id: UUID
    officer_id: UUID
    state: RecusalState
    reason: str
    asked_at: datetime
    decision: str | None
    decided_at: datetime | None


class RecusalView(OwnRecusalView):
    asked_by: UUID | None
    decided_by: UUID | None


class Recusals(View):
    items: list[RecusalView | OwnRecusalView]


class OwnProceedings(View):
    """What stands beside the enterprise's own hazard."""

    rechecks: list[OwnRecheckView]
    deliveries: list[OwnDeliveryView]
    registrations: list[MajorReportView]
    extension_requests: list[OwnExtensionView]
    resumptions: list[OwnResumptionView]
    cases: list[OwnCaseView]
    statements: list[OwnStatementView]
    services: list[OwnServiceView]
    contests: list[OwnContestView]
    listings: list[OwnListingView]
    notices: list[PublicNoticeView]
    power_cuts: list[PowerCutView]
    stays: list[OwnStayView]


class Proceedings(View):
    """What stands beside a hazard, for officials."""

    rechecks: list[RecheckView]
    deliveries: list[DeliveryView]
    registrations: list[MajorReportView]
    site_checks: list[SiteCheckView]
    extension_requests: list[ExtensionView]
    resumptions: list[ResumptionView]
    cases: list[CaseView]
    statements: list[StatementView]
    services: list[ServiceView]
    contests: list[ContestView]
    listings: list[ListingView]
    notices: list[PublicNoticeView]
    power_cuts: list[PowerCutView]
    stays: list[StayView]
