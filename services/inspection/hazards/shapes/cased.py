"""What is shown of a penalty case: to officials the whole, to the party what is its own to know."""

from datetime import date, datetime
from uuid import UUID

from shared.contracts.base import View
from shared.contracts.inspection import (
    CaseDocument,
    ContestKind,
    ContestOutcome,
    DeliveryHow,
    DropCause,
    Enforcement,
    Hearing,
    PenaltyKind,
)
from shared.contracts.values import EvidenceRef


class InstalmentView(View):
    until: date
    amount_yuan: int


class PaymentView(View):
    on: date
    amount_yuan: int
    evidence: list[EvidenceRef]


class OwnCaseView(View):
    """What the party to a penalty case is told of it: its rights, the decision and what follows.

    Never the ground on which it was filed: that may hint at where it came from.
    """

    id: UUID
    cycle: int
    number: str
    state: Enforcement
    basis: str
    basis_ids: list[UUID]
    opened_at: datetime
    told_facts: str | None
    told_reasons: str | None
    told_penalty: str | None
    told_kinds: list[PenaltyKind]
    told_amount_yuan: int | None
    told_basis: str | None
    told_basis_ids: list[UUID]
    rights_told_at: datetime | None
    answer_until: date | None
    hearing_right: bool
    hearing_asked_on: date | None
    hearing_asked_for: str | None
    hearing_waived_on: date | None
    hearing_at: datetime | None
    hearing_place: str | None
    hearing_presider: UUID | None
    hearing_held_at: datetime | None
    hearing_attended: bool | None
    hearing_record: str | None
    hearing: Hearing | None
    penalty: str | None
    kinds: list[PenaltyKind]
    amount_yuan: int | None
    decision_basis: str | None
    decision_basis_ids: list[UUID]
    decided_at: datetime | None
    drop_cause: DropCause | None
    drop_reason: str | None
    dropped_at: datetime | None
    served_at: datetime | None
    appeal_until: date | None
    pay_until: date | None
    instalments: list[InstalmentView]
    terms_reason: str | None
    payments: list[PaymentView]
    demand: str | None
    demand_served_on: date | None
    court: str | None
    sent_to_court_at: datetime | None
    executed_at: datetime | None
    revoked_on: date | None


class CaseView(OwnCaseView):
    ground: str
    officers: list[UUID]
    opened_by: UUID
    violation_ended_on: date | None
    """None: it went on when the case was filed."""
    life_or_health: bool
    limitation_until: date | None
    """Until when a penalty is possible: it had to come to light by then. None: no limit ran."""
    complicated: bool
    hearing_files: list[EvidenceRef]
    legal_review_by: UUID | None
    review_agrees: bool | None
    review_opinion: str | None
    reviewed_at: datetime | None
    discussed_on: date | None
    discussed_by: list[UUID]
    discussion: str | None
    decided_by: UUID | None
    execution: str | None
    execution_evidence: list[EvidenceRef]


class OwnStatementView(View):
    id: UUID
    case_id: UUID
    statement: str
    on: date
    late: bool
    evidence: list[EvidenceRef]


class StatementView(OwnStatementView):
    by_id: UUID
    by_party_id: UUID | None
    recorded_at: datetime


class OwnServiceView(View):
    case_id: UUID
    document: CaseDocument
    how: DeliveryHow
    received_by: str | None
    refused: str | None
    at: datetime


class ServiceView(OwnServiceView):
    witnesses: list[str]
    evidence: list[EvidenceRef]
    by_id: UUID
    recorded_at: datetime


class OwnContestView(View):
    case_id: UUID
    kind: ContestKind
    body: str
    number: str | None
    filed_on: date
    suspends: bool
    why_suspended: str | None
    outcome: ContestOutcome | None
    document: str | None
    reason: str | None
    decided_on: date | None
    final_on: date | None


class ContestView(OwnContestView):
    evidence: list[EvidenceRef]
    by_id: UUID
    recorded_at: datetime
    ended_by: UUID | None
    ended_at: datetime | None
