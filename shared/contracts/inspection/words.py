"""The states and codes of the docket and of hazards; without these every listener would spell its own."""

from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Shape


class ReportState(StrEnum):
    """States of a docket entry (domain reference §3.2)."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    SUBSTANTIATED = "substantiated"
    UNFOUNDED = "unfounded"
    ANSWERED = "answered"
    REVIEW_REQUESTED = "review_requested"
    """Its result is contested, and the authority's head decides on that; a stage of `answered` in §3.2 (D)."""
    CLOSED = "closed"


class RejectReason(StrEnum):
    """Why a report is not accepted (domain reference §3.3)."""

    SAME_MATTER = "same_matter_already_accepted"
    NO_TARGET = "no_identifiable_target_or_facts"
    NOT_A_REPORT = "not_a_report"
    NOT_IN_SCOPE = "not_in_scope"
    INSUFFICIENT = "insufficient_after_enquiry"
    WITHDRAWN = "withdrawn"


class ReturnReason(StrEnum):
    """Why an authority gives back what it was given: the lead of a hazard, or a part in one (T05; peers N04)."""

    NOT_IN_SCOPE = "not_in_scope"
    OTHER_INDUSTRY = "other_industry"
    OTHER_AREA = "other_area"
    OTHER_CATEGORY = "other_category"
    NO_POWER = "no_power"
    """No law gives it the power; the only reason that may come without naming another owner (WSL art. 10)."""


class ReviewRefusal(StrEnum):
    """Why a result cannot be contested, or not any more."""

    CASE_STILL_OPEN = "case_still_open"
    TOO_LATE = "too_late"
    UNDER_REVIEW = "under_review"
    ALREADY_REVIEWED = "already_reviewed"


class CountyFinding(StrEnum):
    """What the county government, or a higher one, found of a report about deaths (Work Safety Law art. 73)."""

    DEATHS_CONFIRMED = "deaths_confirmed"
    NO_DEATHS = "no_deaths"


class HazardState(StrEnum):
    """Main states of a hazard (domain reference §4.2)."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    ASSIGNED = "assigned"
    ORDERED = "ordered"
    RECTIFYING = "rectifying"
    RECHECK_REQUESTED = "recheck_requested"
    RECHECKING = "rechecking"
    VERIFIED = "verified"
    CLOSED = "closed"
    REOPENED = "reopened"
    DISMISSED = "dismissed"
    VOID = "void"
    MERGED = "merged"
    """The same matter as another hazard, which goes on; not in the table of §4.2 (D)."""


class Suspension(StrEnum):
    """Overlay: whether work is stopped (domain reference §4.2)."""

    NONE = "none"
    PARTIAL_STOP = "partial_stop"
    FULL_STOP = "full_stop"
    EQUIPMENT_STOP = "equipment_stop"
    EVACUATED = "evacuated"
    RESUME_REQUESTED = "resume_requested"
    RESUMED = "resumed"


class Extension(StrEnum):
    """Overlay: whether the enterprise was given more time (domain reference §4.2 T09)."""

    NONE = "none"
    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"


class Enforcement(StrEnum):
    """Overlay: how far a penalty case has come (domain reference §4.2 T20)."""

    NONE = "none"
    CASE_OPEN = "case_open"
    RIGHTS_TOLD = "rights_told"
    """The party knows what is meant to be decided and why, and what it may say to it."""
    HEARING_ASKED = "hearing_asked"
    HEARD = "heard"
    REVIEWED = "reviewed"
    """Somebody who did not investigate found the decision lawful; what is left is to decide."""
    PENALTY_DECIDED = "penalty_decided"
    SERVED = "served"
    DEMANDED = "demanded"
    """Not obeyed in time, and called upon to obey 催告."""
    EXECUTED = "executed"
    COURT = "court"


class MeasureState(StrEnum):
    """How far a measure about goods or evidence has come (Compulsion Law art. 25; Penalty Law art. 56)."""

    STANDING = "standing"
    EXTENDED = "extended"
    ENDED = "ended"


class Listing(StrEnum):
    """Overlay: listed supervision 挂牌督办 (domain reference §4.2 T18, T19)."""

    NONE = "none"
    PROPOSED = "proposed"
    LISTED = "listed"
    DELIST_REQUESTED = "delist_requested"
    DELISTED = "delisted"


class PowerCut(StrEnum):
    """Overlay: whether the power supply is to be cut (Work Safety Law art. 70)."""

    NONE = "none"
    ANNOUNCED = "announced"
    LIFTED = "lifted"


class Stay(StrEnum):
    """Overlay: whether the order is stayed, so that its days do not run."""

    NONE = "none"
    STAYED = "stayed"
    LIFTED = "lifted"


class RecheckMode(StrEnum):
    """How officers looked again (domain reference §4.4)."""

    ON_SITE = "on_site"
    REMOTE = "remote"


class LookBackState(StrEnum):
    """Overlay: which of the two look-backs is due or done (domain reference §4.2 T16); computed."""

    NONE = "none"
    LB1_DUE = "lb1_due"
    LB1_OK = "lb1_ok"
    LB2_DUE = "lb2_due"
    LB2_OK = "lb2_ok"
    FAILED = "failed"


class RoutingRule(StrEnum):
    """Which step of competence routing fired (domain reference §2.2); stored with every decision."""

    ENTERPRISE = "enterprise"
    CATEGORY = "category"
    INDUSTRY = "industry"
    TOWNSHIP = "township"
    ARBITRATION = "arbitration"
    TRANSFER = "transfer"
    """Not a routing step: an authority passed the matter on and the other acknowledged it."""


class ClaimRef(Shape):
    """Leads an outcome back to the channel that reported: `service` owns the submission `claim_id`."""

    service: str
    claim_id: UUID
    source_party_id: UUID | None = None


class PartyName(Shape):
    """What a party is called, for readers who have no register of parties."""

    en: str
    zh: str
