"""The table of enterprises' safety records: one for all kinds, which differ in their detail only."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.dossiers import RecordKind, RecordState
from shared.db import Aggregate, document, moment, word


class Record(Aggregate, Row, table=True):
    """One record of one enterprise. Ended ones stay, for the record."""

    __tablename__ = "records"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="term"),
        Index(
            "uq_records_single",
            "enterprise_id",
            "kind",
            unique=True,
            postgresql_where=text("kind in ('organisation', 'features', 'dual_prevention') and state <> 'ended'"),
        ),
        Index("ix_records_to_expire", "valid_to", postgresql_where=text("expired_on is null and state <> 'ended'")),
        Index("ix_records_ending", "kind", "valid_to", postgresql_where=text("state <> 'ended'")),
    )

    enterprise_id: UUID = Field(foreign_key="enterprises.id", index=True)
    kind: RecordKind = word(RecordKind)
    state: RecordState = word(RecordState)
    number: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    detail: dict[str, Any] = document()
    kept_by: UUID
    kept_at: datetime = moment()
    verified_by: UUID | None = None
    verified_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = None
    expired_on: date | None = None
    """The day on which its expiry was told; renewing it takes this back."""
