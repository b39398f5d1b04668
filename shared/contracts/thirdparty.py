"""What thirdparty promises the other services: audits under an engagement, and their findings."""

from datetime import date
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import HazardClaim


class EngagementRegistered(Event, subject="thirdparty.engagement.registered", tier="authority"):
    """An agency and a client agreed on a service for a term. Aggregate: the engagement."""

    engagement_id: UUID
    agency_id: UUID
    client_id: UUID
    kind: str
    valid_from: date
    valid_to: date


class AuditSubmitted(Event, subject="thirdparty.audit.submitted", tier="authority"):
    """An agency delivered results. Aggregate: the audit. `results = findings + satisfactory`."""

    audit_id: UUID
    engagement_id: UUID
    agency_id: UUID
    results: int
    findings: int


class FindingSubmitted(Event, HazardClaim, subject="thirdparty.finding.submitted"):
    """A result that names a hazard. Aggregate: the finding (= claim_id)."""

    audit_id: UUID
