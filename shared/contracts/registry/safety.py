"""What is known of an enterprise's safety: self-checks, records, funds, risks; the ground of every supervision."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from shared.contracts.base import Event, Shape
from shared.contracts.dossiers import Fen, RecordDetail, RecordState
from shared.contracts.values import HazardClaim


class SelfCheckSubmitted(Event, HazardClaim, subject="registry.selfcheck.submitted"):
    """An enterprise declared a hazard that it found itself. Aggregate: the declared item (= claim_id)."""

    self_check_id: UUID


class RecordFact(Event):
    """Base of what happens to one record of an enterprise. Aggregate: the record."""

    record_id: UUID
    enterprise_id: UUID
    state: RecordState
    number: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day on which it holds."""
    detail: RecordDetail


class RecordKept(RecordFact, subject="registry.record.kept"):
    """A record as declared, entered or verified."""

    verified_on: date | None = None


class RecordEnded(RecordFact, subject="registry.record.ended"):
    """It holds no longer, for a reason other than time."""

    ended_on: date
    reason: str


class RecordExpired(RecordFact, subject="registry.record.expired"):
    """Its last day has passed, told once for each last day. Says enough to find who is competent for the matter."""

    industry_code: str
    name_en: str
    name_zh: str


class FundUse(StrEnum):
    """What safety funds are spent on (domain reference §11; 财资〔2022〕136号 [S])."""

    RISK_AND_HAZARDS = "risk_and_hazards"
    """Monitoring of major sources, grading of risks, rectification of hazards, information systems."""
    EVALUATION = "evaluation"
    """Checks, evaluation, consulting, standardisation."""
    PROTECTIVE_GEAR = "protective_gear"
    EDUCATION = "education"
    """And rewards for workers who report hazards."""
    EQUIPMENT_TESTS = "equipment_tests"
    EMERGENCY = "emergency"
    INSURANCE = "insurance"
    OTHER = "other"


class FundMove(StrEnum):
    EXTRACTION = "extraction"
    USE = "use"
    REVERSAL = "reversal"


class FundFact(Event):
    """Base of what happens to the safety fund of an enterprise. Aggregate: the fund (= enterprise_id)."""

    enterprise_id: UUID
    balance_fen: int
    """Carried over the years; below nothing when more was used than set aside."""
    overdrawn: bool


class FundPlanned(FundFact, subject="registry.fund.planned"):
    """What is to be set aside in a year, and what the rates of the day of planning come to."""

    year: int
    planned_fen: Fen
    due_fen: Fen


class FundEntered(FundFact, subject="registry.fund.entered"):
    """An entry of the ledger; it is never changed, only reversed by another."""

    entry_id: UUID
    move: FundMove
    on: date
    amount_fen: int
    """As it moves the balance: set aside above, used below nothing."""
    use: FundUse | None = None
    reverses: UUID | None = None


class Colour(StrEnum):
    """Degrees of risk (domain reference §6.4)."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class RiskPointFact(Event):
    """Base of what happens to a risk point. Aggregate: the risk point."""

    point_id: UUID
    enterprise_id: UUID
    place: str
    method: Literal["lec", "ls"]
    value: float
    """D of L·E·C, or R of L×S."""
    colour: Colour
    assessed_on: date


class RiskPointAssessed(RiskPointFact, subject="registry.riskpoint.assessed"):
    pass


class RiskPointWithdrawn(RiskPointFact, subject="registry.riskpoint.withdrawn"):
    """What was dangerous there is gone."""


class RiskReason(Shape):
    """One contribution to a score: what was found, what it counts, and by whose rule."""

    part: Literal["inherent", "control", "override"]
    factor: str
    value: str
    points: float
    """Points of the inherent risk, or per cent by which control changes it; an override counts none."""
    source: str
    mark: Literal["L", "S", "K", "D"]


class RiskAssessed(Event, subject="registry.risk.assessed"):
    """The colour or score of an enterprise changed. Aggregate: its risk (= enterprise_id).

    Not for the enterprise's eyes: it counts hazards of which the enterprise is not told yet.
    """

    enterprise_id: UUID
    colour: Colour
    score: int
    reasons: tuple[RiskReason, ...] = ()


# --- Legal bases and delegations --------------------------------------------------------------------------------------
