"""What an enterprise removes itself, and when an authority takes it over; without these nobody would hear of it."""

from datetime import datetime

from shared.contracts.inspection.hazards import HazardFact


class OwnFixVerified(HazardFact, subject="inspection.hazard.own_fix_verified", tier="parties"):
    """The enterprise proved every item that it had set itself; somebody else of it, or the principal, closes it."""

    in_time: bool


class HazardTakenOver(HazardFact, subject="inspection.hazard.taken_over", tier="parties"):
    """An authority governs from now on what the enterprise found itself, and verifies it first."""

    reason: str
    """Meant for supervisors; the enterprise is not told, for it may speak of a report."""
    verify_by: datetime
