"""The tables of transfers: what was handed over, word for word, and each refusal."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.inspection.domain import About, Kind
from services.inspection.models import Row
from shared.contracts.inspection.transfers import (
    TransferGround,
    TransferState,
)
from shared.contracts.values import PartyKind
from shared.db import Aggregate, document, moment, several, word


class Transfer(Aggregate, Row, table=True):
    """One transfer. The receiver reads this row and nothing behind it: `file` was copied when it was sent."""

    __tablename__ = "transfers"
    __table_args__ = (
        UniqueConstraint("sender_id", "number"),
        Index("ix_transfers_sent", "sent_at", "id"),
        Index("ix_transfers_refused", "state", "receiver_kind"),
    )

    state: TransferState = word(TransferState)
    number: str
    ground: TransferGround = word(TransferGround)
    sender_id: UUID = Field(index=True)
    receiver_id: UUID = Field(index=True)
    receiver_kind: PartyKind = word(PartyKind)
    subject: str
    reason: str
    basis: str
    hazard_id: UUID | None = Field(default=None, index=True, foreign_key="hazards.id")
    case_id: UUID | None = None
    file: dict[str, Any] | None = document(nullable=True)
    """The parts of the hazard's file that were handed over; none of them names or quotes who reported."""
    evidence: list[dict[str, Any]] = several()
    additions: list[dict[str, Any]] = several()
    """What was said when it was handed over again."""
    content_hash: str
    """Of what was asked: the same again is the same transfer."""
    sent_by: UUID
    sent_at: datetime = moment()
    refusals: int = 0
    result: str = ""
    result_files: list[dict[str, Any]] = several()
    acknowledged_at: datetime | None = moment(nullable=True)
    ended_at: datetime | None = moment(nullable=True)

    @property
    def about(self) -> About:
        return About(Kind.TRANSFER, self.id, self.area_code)


class TransferRefusal(Row, table=True):
    """One refusal: it bounced back with these words."""

    __tablename__ = "transfer_refusals"
    __table_args__ = (UniqueConstraint("transfer_id", "ordinal"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    transfer_id: UUID = Field(index=True, foreign_key="transfers.id")
    ordinal: int
    reason: str
    suggested_id: UUID | None = None
    """Whose it is instead, in the receiver's opinion."""
    by_id: UUID
    at: datetime = moment()
