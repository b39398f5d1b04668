"""What a penalty case goes through from its filing to its end: rights, hearing, review, service, payment, contest."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.hazards import HazardFact
from shared.contracts.inspection.orders import DeliveryHow


class PenaltyKind(StrEnum):
    """What a penalty consists of (Penalty Law art. 9; the list is ours, check before use (K))."""

    WARNING = "warning"
    PUBLIC_CRITICISM = "public_criticism"
    FINE = "fine"
    CONFISCATION = "confiscation"
    LICENCE_SUSPENDED = "licence_suspended"
    QUALIFICATION_LOWERED = "qualification_lowered"
    LICENCE_REVOKED = "licence_revoked"
    STOP_WORK = "stop_work"
    CLOSURE = "closure"
    BAN = "ban"


class CaseDocument(StrEnum):
    """What of a case is served on the party."""

    RIGHTS_NOTICE = "rights_notice"
    DECISION = "decision"
    DEMAND = "demand"


class DropCause(StrEnum):
    """Why a case ends without a penalty."""

    DEFENCE_ACCEPTED = "defence_accepted"
    MINOR_AND_CORRECTED = "minor_and_corrected"
    """Penalty Law art. 33."""
    NOT_PROVEN = "not_proven"
    OUT_OF_TIME = "out_of_time"
    """Penalty Law art. 36."""
    OTHER = "other"


class ContestKind(StrEnum):
    """How a party fights a decision."""

    OBJECTION = "objection"
    RECONSIDERATION = "reconsideration"
    SUIT = "suit"


class ContestOutcome(StrEnum):
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"
    """The decision stands."""
    CHANGED = "changed"
    REVOKED = "revoked"


class CaseFact(HazardFact):
    """Base of what happens in a case between its filing and its end."""

    case_id: UUID
    case_number: str


class CaseRightsTold(CaseFact, subject="inspection.hazard.case_rights_told", tier="parties"):
    """T20: the party was told what is meant to be decided, why, and its rights (Penalty Law art. 44)."""

    kinds: tuple[PenaltyKind, ...]
    hearing_right: bool
    answer_until: date
    how: DeliveryHow
    signature_refused: bool = False


class CaseAnswered(CaseFact, subject="inspection.hazard.case_answered", tier="parties"):
    """T20: the party made a statement or a defence (Penalty Law art. 45)."""

    statement_id: UUID
    late: bool = False
    """It came after the days that it was given; it is read all the same."""


class HearingRequested(CaseFact, subject="inspection.hazard.case_hearing_requested", tier="parties"):
    """T20: the party asked for a hearing in time (Penalty Law art. 63, 64)."""


class HearingWaived(CaseFact, subject="inspection.hazard.case_hearing_waived", tier="parties"):
    """T20: the party does without a hearing, or withdrew its request."""


class HearingCalled(CaseFact, subject="inspection.hazard.case_hearing_called", tier="parties"):
    """T20: day and place of the hearing are set, or set anew."""

    held_at: datetime
    venue: str


class HearingHeld(CaseFact, subject="inspection.hazard.case_hearing_held", tier="parties"):
    """T20: the hearing was held; a party that did not come has waived it."""

    attended: bool


class CaseReviewed(CaseFact, subject="inspection.hazard.case_reviewed", tier="authority"):
    """T20: legal review, by somebody who does not investigate (Penalty Law art. 58)."""

    agrees: bool


class CaseServed(CaseFact, subject="inspection.hazard.case_served", tier="parties"):
    """T20: the decision was served, or left where its signature was refused (Penalty Law art. 61)."""

    how: DeliveryHow
    signature_refused: bool = False
    served_at: datetime
    pay_until: date | None = None
    appeal_until: date


class PaymentRecorded(CaseFact, subject="inspection.hazard.case_paid", tier="parties"):
    """T20: something of the fine was paid."""

    paid_yuan: int
    total_yuan: int


class PaymentDeferred(CaseFact, subject="inspection.hazard.case_payment_deferred", tier="parties"):
    """T20: the party may pay later, or by instalments (Penalty Law art. 66 (K))."""

    pay_until: date
    instalments: int


class CaseDemanded(CaseFact, subject="inspection.hazard.case_demanded", tier="parties"):
    """T20: the party was called upon to obey the decision (Compulsion Law art. 54)."""

    how: DeliveryHow
    signature_refused: bool = False
    obey_until: date


class CaseContested(CaseFact, subject="inspection.hazard.case_contested", tier="parties"):
    """T20: the party objected, or asked for reconsideration or went to court; until it is final nobody enforces."""

    kind: ContestKind
    suspends: bool
    """The time to pay stands still, too."""


class ContestEnded(CaseFact, subject="inspection.hazard.case_contest_ended", tier="parties"):
    """T20: what became of it; revoked, the case is over and no penalty stands."""

    outcome: ContestOutcome
    amount_yuan: int
    final_on: date
