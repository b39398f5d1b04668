"""What becomes of an order beside the main line: how it reached the enterprise, what is registered, who steps aside."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.hazards import HazardFact


class DeliveryHow(StrEnum):
    """How an order reached the enterprise (Penalty Law art. 61, by the Civil Procedure Law's forms (K))."""

    IN_PERSON = "in_person"
    LEFT_AT_PREMISES = "left_at_premises"
    """留置送达: the signature was refused, and witnesses saw it."""
    POSTED = "posted"
    ELECTRONIC = "electronic"
    TAKEN_IN_HAND = "taken_in_hand"
    """The enterprise itself began to act on it."""


class RecusalState(StrEnum):
    """How far it has come that an officer keeps out of a matter (Penalty Law art. 43)."""

    ASKED = "asked"
    EFFECTIVE = "effective"
    REFUSED = "refused"


class OrderDelivered(HazardFact, subject="inspection.hazard.order_delivered", tier="parties"):
    """T06: the order reached the enterprise, or its refusal to sign was recorded (Work Safety Law art. 68)."""

    order_id: UUID
    order_number: str
    how: DeliveryHow
    signature_refused: bool = False
    delivered_at: datetime


class MajorRegistered(HazardFact, subject="inspection.hazard.major_registered", tier="authority"):
    """T25: the enterprise reported its major hazard: state and cause, harm and difficulty, plan (WSL art. 41)."""

    report_id: UUID


class SiteChecked(HazardFact, subject="inspection.hazard.site_checked", tier="parties"):
    """§4.4: a remote re-check that was drawn was checked on site; failed, the re-check is open again."""

    recheck_id: UUID
    passed: bool
    remark: str


class RecusalDeclared(HazardFact, subject="inspection.hazard.recusal_declared", tier="authority"):
    """An officer stepped aside. Why is between the officer and the authority."""

    recusal_id: UUID
    officer_id: UUID


class RecusalAsked(HazardFact, subject="inspection.hazard.recusal_asked", tier="authority"):
    """The enterprise asked that an officer keep out; until it is decided the officer goes on."""

    recusal_id: UUID
    officer_id: UUID


class RecusalDecided(HazardFact, subject="inspection.hazard.recusal_decided", tier="authority"):
    """The head decided what the enterprise asked for; the enterprise is told."""

    recusal_id: UUID
    officer_id: UUID
    granted: bool
    reason: str
