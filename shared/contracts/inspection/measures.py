"""What an authority holds for a while: goods that it seized, evidence that it registered for preservation."""

from datetime import date
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


class MeasureExtended(MeasureFact, subject="inspection.hazard.measure_extended", tier="parties"):
    """A seizure was prolonged once, with approval (Compulsion Law art. 25)."""

    reason: str


class MeasureEnded(MeasureFact, subject="inspection.hazard.measure_ended", tier="parties"):
    """It was decided what becomes of what was held."""

    outcome: MeasureEnd
    reason: str
