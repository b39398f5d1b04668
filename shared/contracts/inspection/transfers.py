"""What inspection promises of transfers 移送 (T21): who handed what to whom, and what became of it there.

None of these names the enterprise: who is under criminal investigation does not learn of it by a feed.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import PartyKind


class TransferGround(StrEnum):
    """Why it is handed over."""

    SUSPECTED_CRIME = "suspected_crime"
    """涉嫌犯罪: to the police."""
    NEGLECTED_DUTY = "neglected_duty"
    """失职渎职: to the discipline inspection or the procurator (Work Safety Law art. 71)."""
    PUBLIC_INTEREST = "public_interest"
    """公益诉讼: to the procurator (Work Safety Law art. 74)."""
    NOT_COMPETENT = "not_competent"
    """不属于本部门职责: sideways (Work Safety Law art. 69)."""
    HIGHER_POWER = "higher_power"
    """须由上级处理: upward."""


class TransferState(StrEnum):
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    ANSWERED = "answered"
    """The receiver told what came of it."""
    WITHDRAWN = "withdrawn"
    KEPT = "kept"
    """The committee decided that it stays with whoever sent it."""


class TransferFact(Event):
    """Base of all facts about a transfer. Aggregate: the transfer. What was handed over is read on the platform."""

    transfer_id: UUID
    number: str
    state: TransferState
    ground: TransferGround
    sender_id: UUID
    receiver_id: UUID
    receiver_kind: PartyKind
    hazard_id: UUID | None = None
    case_id: UUID | None = None
    by_id: UUID | None = None
    """The person who acted."""


class FileTransferred(TransferFact, subject="inspection.transfer.sent"):
    acknowledge_by: date
    attempt: int = 1
    """2 and more: it was refused, and is handed over again with what was missing."""


class FileAcknowledged(TransferFact, subject="inspection.transfer.acknowledged"):
    """Only now is it handed over."""

    answer_by: date


class FileRefused(TransferFact, subject="inspection.transfer.refused"):
    """It bounces back to whoever sent it; why is read on the platform."""

    refusals: int
    to_committee: bool = False
    """It was refused so often between authorities that the committee decides whose it is."""


class FileAnswered(TransferFact, subject="inspection.transfer.answered"):
    """The result was told back; its words are read on the platform."""


class FileWithdrawn(TransferFact, subject="inspection.transfer.withdrawn"):
    """It is not handed over after all."""


class FileArbitrated(TransferFact, subject="inspection.transfer.arbitrated"):
    """Refused twice: the committee decided whose it is; `state` says whose."""

    reason: str
