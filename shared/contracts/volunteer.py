"""What volunteer promises the other services: people's reports, without the people."""

from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import EvidenceRef, HazardClaim, Prose


class ReportSubmitted(Event, HazardClaim, subject="volunteer.report.submitted"):
    """A person told us of a hazard. Carries no identity: only `reporter_ref`. Aggregate: the report (= claim_id)."""


class EvidenceAdded(Event, HazardClaim, subject="volunteer.report.evidence_added"):
    """The same person added pictures or words to a report; the claim is repeated whole."""


class ReportContested(Event, subject="volunteer.report.contested"):
    """The same person disagrees with the result, or says that the danger is still there. Aggregate: the report."""

    contest_id: UUID
    claim_id: UUID
    statement: Prose
    evidence: tuple[EvidenceRef, ...] = ()
