"""The tables of safety funds: the balance, its entries, which are never changed, and the plan of each year."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from services.registry.models import Row
from shared.contracts.registry import FundMove, FundUse
from shared.db import Aggregate, document, moment, word


class Fund(Aggregate, Row, table=True):
    """The safety fund of one enterprise, under the enterprise's id; its row is the lock of its ledger."""

    __tablename__ = "funds"

    balance_fen: int = Field(default=0, sa_type=BigInteger)

    @property
    def overdrawn(self) -> bool:
        return self.balance_fen < 0


class FundEntry(Row, table=True):
    """One move of the balance. A reversal bears the use of what it takes back."""

    __tablename__ = "fund_entries"
    __table_args__ = (
        CheckConstraint("(move = 'reversal') = (reverses is not null)", name="reversal"),
        Index("ix_fund_entries_ledger", "enterprise_id", "on"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="funds.id")
    move: FundMove = word(FundMove)
    on: date
    amount_fen: int = Field(sa_type=BigInteger)
    """As it moves the balance."""
    use: FundUse | None = word(FundUse, nullable=True)
    reverses: UUID | None = Field(default=None, foreign_key="fund_entries.id", unique=True)
    applied: dict[str, Any] | None = document(nullable=True)
    """The base and the rate that an extraction was computed by."""
    note: str
    entered_by: UUID
    entered_at: datetime = moment()


class FundPlan(Row, table=True):
    """What an enterprise means to set aside in a year, and what the rates of the day of planning come to."""

    __tablename__ = "fund_plans"

    enterprise_id: UUID = Field(foreign_key="funds.id", primary_key=True)
    year: int = Field(primary_key=True)
    planned_fen: int = Field(sa_type=BigInteger)
    due_fen: int = Field(sa_type=BigInteger)
    applied: list[dict[str, Any]] = document()
    planned_at: datetime = moment()
