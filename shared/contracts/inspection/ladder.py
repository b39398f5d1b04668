"""What inspection promises of the supervision ladder: which step was climbed for what, and what is put to decision."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.inspection.hazards import HazardFact


class Instrument(StrEnum):
    """The steps of the ladder above the reminder of the system itself (domain reference §10.3)."""

    REMINDER = "reminder"
    """提醒函, L1."""
    WARNING = "warning"
    """警示函, L2."""
    SUPERVISION = "supervision"
    """督办函, L3."""
    INTERVIEW = "interview"
    """约谈, L4: drawn up by the platform, called by its sender."""
    PROPOSAL = "proposal"
    """L5: listing, circular or transfer. The law wants a decision, so that the platform only proposes."""


class ProposalState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    DISMISSED = "dismissed"


class Measure(StrEnum):
    """What the committee may decide on when an interview had no result."""

    CIRCULAR = "circular"
    LISTING = "listing"
    TRANSFER = "transfer"


class HazardEscalated(HazardFact, subject="inspection.hazard.escalated", tier="authority"):
    """A clock of this hazard was missed, and the ladder climbed: once for each step."""

    level: int
    """How high the hazard stands now, 0 to 5."""
    instrument: Instrument
    deadline_id: UUID
    key: str
    """The clock that was missed."""
    due_at: datetime
    owed_by: UUID | None = None
    letter_id: UUID | None = None
    """None: nothing was written, because a higher step was due at the same time, or nobody could be written to."""


class ProposalFact(Event):
    """Base of all facts about a proposal of the ladder. Aggregate: the proposal."""

    proposal_id: UUID
    state: ProposalState
    about_id: UUID
    """The party without result."""
    letter_id: UUID | None = None
    """The letter that had no result."""
    hazard_ids: tuple[UUID, ...] = ()
    by_id: UUID | None = None


class ProposalMade(ProposalFact, subject="inspection.proposal.made", tier="internal"):
    """An interview had no result: the committee is to decide on a circular, listed supervision or a transfer."""

    decide_by: datetime


class ProposalDecided(ProposalFact, subject="inspection.proposal.decided", tier="internal"):
    """The committee chose a measure, or found that none is called for."""

    measure: Measure | None = None
    reason: str
