"""What is said of an order's delivery, of a major hazard, of a look on site and of officers who keep out."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.inspection.hazards.shapes.words import Evidence, Names
from shared.contracts.base import Ask
from shared.contracts.inspection import DeliveryHow
from shared.contracts.values import EvidenceRef, Line, Prose


class Refusal(Ask):
    """The signature was refused 拒签: why, and who saw it (WSL art. 68)."""

    reason: Line
    witnesses: Names = ()


class Delivery(Ask):
    """How an order reached the enterprise; `at` is now unless said. `evidence` is what its form is shown by."""

    how: DeliveryHow
    at: AwareDatetime | None = None
    received_by: Line | None = None
    refused: Refusal | None = None
    evidence: Evidence = ()


class DeliverOrder(Delivery):
    order_id: UUID


class ReportMajor(Ask):
    """T25: the three parts that Order 16 asks for."""

    state_and_cause: Prose
    harm_and_difficulty: Prose
    plan: Prose
    evidence: Evidence = ()


class SiteCheckAsk(Ask):
    """§4.4: what an officer saw on site of what was verified remotely."""

    passed: bool
    remark: Prose
    photos: Annotated[tuple[EvidenceRef, ...], Field(min_length=1, max_length=20)]


class StepAside(Ask):
    reason: Prose


class AskRecusal(Ask):
    officer_id: UUID
    reason: Prose


class DecideRecusal(Ask):
    granted: bool
    reason: Prose
