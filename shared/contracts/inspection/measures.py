"""What an authority holds for a while: goods that it seized, evidence that it registered for preservation."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.hazards import HazardFact
from shared.contracts.inspection.words import MeasureState


class MeasureKind(StrEnum):
    SEIZURE = "seizure"
    """查封、扣押 (Compulsion Law art. 25)."""
    PRESERVATION = "preservation"
    """先行登记保存 (Penalty Law art. 56)."""


class MeasureEnd(StrEnum):
    """What becomes of what was held."""

    RETURNED = "returned"
    SEIZED = "seized"
    """What was only registered is seized now."""
    CONFISCATED = "confiscated"
    DESTROYED = "destroyed"
    TRANSFERRED = "transferred"
    """Handed to the police, or to another body."""


class MeasureFact(HazardFact):
    """Base of the facts about one measure; they are facts of the hazard, so that listeners hear them in order."""

    measure_id: UUID
    kind: MeasureKind
    measure_state: MeasureState
    until: date
    """The last day on which it stands or is decided on."""


class MeasureTaken(MeasureFact, subject="inspection.hazard.measure_taken", tier="parties"):
    """Goods were seized, or evidence was registered for preservation."""

    things: tuple[str, ...]
    basis: str
    approved_by: UUID | None = None
    """The head of the authority who had approved it (Compulsion Law art. 18); None also of what is older."""
    approve_by: datetime | None = None
    """It was urgent, and the head approves or refuses it afterwards, by then (Compulsion Law art. 19)."""


class MeasureApprovalDecided(MeasureFact, subject="inspection.hazard.measure_approval_decided", tier="parties"):
    """The head approved what was seized in urgency, or refused; refused, it is given back at once."""

    approved: bool
    reason: str


class MeasureSentForAppraisal(MeasureFact, subject="inspection.hazard.measure_sent_for_appraisal", tier="parties"):
    """Seized goods are tested; the owner is told how long, and that this time does not count (Compulsion Law art. 25).

    `until` has the days of the test in it already; if it needs fewer, `measure_appraised` says an earlier one.
    """

    appraiser: str
    question: str
    appraisal_until: date


class MeasureAppraised(MeasureFact, subject="inspection.hazard.measure_appraised", tier="parties"):
    """What the test found, and until when the seizure stands now."""

    result: str
    days: int
    """How many days did not count."""


class MeasureExtended(MeasureFact, subject="inspection.hazard.measure_extended", tier="parties"):
    """A seizure was prolonged once, with approval (Compulsion Law art. 25)."""

    reason: str


class MeasureEnded(MeasureFact, subject="inspection.hazard.measure_ended", tier="parties"):
    """It was decided what becomes of what was held."""

    outcome: MeasureEnd
    reason: str
