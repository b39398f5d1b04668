"""What is sent and read about safety funds. Money is in fen, hundredths of a yuan."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.base import Ask, View
from shared.contracts.dossiers import Fen
from shared.contracts.registry import FundMove, FundUse
from shared.contracts.values import Day

Sector = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")]
PositiveFen = Annotated[Fen, Field(gt=0)]
Note = Annotated[str, StringConstraints(max_length=1000)]


class Base(Ask):
    """What the rate of a sector is taken of: last year's revenue or the cost of the construction."""

    sector: Sector
    base_fen: Fen


class PlanFund(Ask):
    planned_fen: Fen
    bases: Annotated[tuple[Base, ...], Field(min_length=1, max_length=10)]


class EnterExtraction(Ask):
    move: Literal[FundMove.EXTRACTION]
    on: Day
    sector: Sector
    base_fen: Fen
    amount_fen: PositiveFen | None = None
    """None: all that is due by the rate of the day; less, for one month of a year."""
    note: Note = ""


class EnterUse(Ask):
    move: Literal[FundMove.USE]
    on: Day
    use: FundUse
    amount_fen: PositiveFen
    note: Note = ""


class EnterReversal(Ask):
    move: Literal[FundMove.REVERSAL]
    on: Day
    reverses: UUID
    note: Note = ""


EnterFund = Annotated[EnterExtraction | EnterUse | EnterReversal, Field(discriminator="move")]


class AppliedView(View):
    sector: str
    base: str
    base_fen: int
    due_fen: int
    source: str
    mark: str
    """L: law. S, K and D are not: secondary text, general knowledge, our own default."""
    valid_from: date


class FundEntryView(View):
    id: UUID
    move: FundMove
    on: date
    amount_fen: int
    use: FundUse | None
    reverses: UUID | None
    applied: AppliedView | None
    note: str
    entered_at: datetime


class YearView(View):
    year: int
    opening_fen: int
    planned_fen: int | None
    due_fen: int | None
    extracted_fen: int
    used_fen: int
    used_by_class: dict[FundUse, int]
    closing_fen: int
    overdrawn: bool


class FundPlanView(View):
    year: int
    planned_fen: int
    due_fen: int
    applied: list[AppliedView]


class FundView(View):
    enterprise_id: UUID
    balance_fen: int
    overdrawn: bool
    """More was used than set aside."""
    years: list[YearView]
