"""What volunteer promises the other services: people's reports, without the people."""

from shared.contracts.base import Event
from shared.contracts.values import HazardClaim


class ReportSubmitted(Event, HazardClaim, subject="volunteer.report.submitted"):
    """A person told us of a hazard. Carries no identity: only `reporter_ref`. Aggregate: the report (= claim_id)."""


class EvidenceAdded(Event, HazardClaim, subject="volunteer.report.evidence_added"):
    """The same person added pictures or words to a report; the claim is repeated whole."""
