"""What runs beside a hazard's main line: more time, penalty cases, listed supervision, cuts of power, publicity."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.cases import DropCause, PenaltyKind
from shared.contracts.inspection.hazards import HazardFact


class ExtensionGround(StrEnum):
    FORCE_MAJEURE = "force_majeure"
    OTHER = "other"


class Hearing(StrEnum):
    """What became of the party's right to a hearing (Penalty Law art. 63)."""

    WAIVED = "waived"
    HELD = "held"
    NOT_REQUIRED = "not_required"


class ListingGround(StrEnum):
    """Why a hazard is put under listed supervision (domain reference §4.2 T18)."""

    MAJOR = "major"
    RECURRENT = "recurrent"
    PUBLIC_IMPACT = "public_impact"
    OVERDUE_MAJOR = "overdue_major"


class Publication(StrEnum):
    """What has to be said in public, or filed with the upper office, within days."""

    LISTING = "listing"
    LISTING_FILED = "listing_filed"
    DELISTING = "delisting"
    CASE_DECISION = "case_decision"


class StayGround(StrEnum):
    """Why an order is stayed. By law a stop of work is not among what can be."""

    APPEAL = "appeal"
    """Fought, where the law of the place says that this alone stays it."""
    REVIEWING_BODY = "reviewing_body"
    """Whoever reviews it said so 复议机关决定停止执行."""
    COURT = "court"
    OWN_DECISION = "own_decision"


class ExtensionRequested(HazardFact, subject="inspection.hazard.extension_requested", tier="parties"):
    """T09, first half. The limit stands until it is decided."""

    extension_id: UUID
    ground: ExtensionGround
    until: date
    decide_by: datetime


class ExtensionDecided(HazardFact, subject="inspection.hazard.extension_decided", tier="parties"):
    """T09, second half: granted moves the limit; refused leaves it as it was."""

    extension_id: UUID
    granted: bool
    limit: date
    """The limit that holds now."""
    reason: str


class ExtensionLapsed(HazardFact, subject="inspection.hazard.extension_lapsed", tier="parties"):
    """T09: nobody decided before the re-check began or the hazard ended; there is nothing left to extend."""

    extension_id: UUID


class OrderStayed(HazardFact, subject="inspection.hazard.order_stayed", tier="parties"):
    """The order need not be carried out for a while; its days do not run. Stops of work go on."""

    stay_id: UUID
    ground: StayGround
    reference: str
    """The decision or the filing by which it is stayed."""
    since: date
    limit: date
    """The limit that does not run."""
    reason: str


class StayLifted(HazardFact, subject="inspection.hazard.stay_lifted", tier="parties"):
    """The order is to be carried out again, with what was left of its days."""

    stay_id: UUID
    limit: date
    """The limit that holds now."""
    days: int
    """How many days did not count."""
    reason: str


class StayLapsed(HazardFact, subject="inspection.hazard.stay_lapsed", tier="parties"):
    """The enterprise asked for the re-check, or the hazard ended: there is no order left that could be stayed."""

    stay_id: UUID


class CaseOpened(HazardFact, subject="inspection.hazard.case_opened", tier="parties"):
    """T20: a penalty case was filed."""

    case_id: UUID
    case_number: str
    basis: str
    basis_ids: tuple[UUID, ...] = ()


class CaseDecided(HazardFact, subject="inspection.hazard.case_decided", tier="parties"):
    """T20: the penalty, in the authority's own words; no amount is ever computed (§4.8)."""

    case_id: UUID
    case_number: str
    penalty: str
    amount_yuan: int
    basis: str
    basis_ids: tuple[UUID, ...] = ()
    hearing: Hearing
    kinds: tuple[PenaltyKind, ...] = ()


class CaseDropped(HazardFact, subject="inspection.hazard.case_dropped", tier="parties"):
    """T20: no penalty (Penalty Law art. 33, 57)."""

    case_id: UUID
    case_number: str
    reason: str
    cause: DropCause | None = None


class CaseSentToCourt(HazardFact, subject="inspection.hazard.case_sent_to_court", tier="parties"):
    """T20: the court is asked to enforce the decision (Compulsion Law art. 53, 54)."""

    case_id: UUID
    case_number: str
    court: str


class CaseExecuted(HazardFact, subject="inspection.hazard.case_executed", tier="parties"):
    """T20: the decision was carried out, and the case is closed."""

    case_id: UUID
    case_number: str


class ListingProposed(HazardFact, subject="inspection.hazard.listing_proposed", tier="authority"):
    """T18, first half."""

    listing_id: UUID
    ground: ListingGround
    reason: str


class ListingRefused(HazardFact, subject="inspection.hazard.listing_refused", tier="authority"):
    """T18: the committee does not list it."""

    listing_id: UUID
    reason: str


class HazardListed(HazardFact, subject="inspection.hazard.listed", tier="public"):
    """T18, second half: under listed supervision 挂牌督办, with a level and a limit."""

    listing_id: UUID
    level: int
    limit: date


class DelistingRequested(HazardFact, subject="inspection.hazard.delisting_requested", tier="authority"):
    """T19, first half: the lead authority closed it and asks for acceptance."""

    listing_id: UUID
    accept_by: datetime


class DelistingRefused(HazardFact, subject="inspection.hazard.delisting_refused", tier="authority"):
    """T19: it stays listed."""

    listing_id: UUID
    reason: str


class HazardDelisted(HazardFact, subject="inspection.hazard.delisted", tier="public"):
    """T19, second half: accepted on site and taken off the list 摘牌."""

    listing_id: UUID


class NoticePublished(HazardFact, subject="inspection.hazard.notice_published", tier="authority"):
    """What the law wants public was made public, and where."""

    notice: Publication
    where: str
    on: date


class PowerCutAnnounced(HazardFact, subject="inspection.hazard.power_cut_announced", tier="parties"):
    """The enterprise was told when its power supply will be cut (Work Safety Law art. 70)."""

    cut_at: datetime
    urgent: bool
    reason: str


class PowerRestored(HazardFact, subject="inspection.hazard.power_restored", tier="parties"):
    """The cut of power was lifted, or called off before it began."""

    reason: str
