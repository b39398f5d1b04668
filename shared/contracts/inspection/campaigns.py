"""What inspection promises of look-back campaigns: what was drawn, who looks, what was found, how it was summed up."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.values import Grade


class CampaignKind(StrEnum):
    """What a campaign 回头看 looks back on (domain reference D06)."""

    FIRST_LOOK = "first_look"
    """Effect: is the closed hazard still closed?"""
    SECOND_LOOK = "second_look"
    """Root and spread: was the cause removed, is the same found elsewhere?"""
    POLICY = "policy"
    """政策落实回头看: were the measures of a document carried out?"""


class CampaignState(StrEnum):
    OPENED = "opened"
    """The list is frozen, and nobody can know yet who will be drawn."""
    UNDER_WAY = "under_way"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class LookState(StrEnum):
    """What became of one drawn hazard."""

    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    UNDONE = "undone"
    """Its authority said why it could not look."""
    MISSED = "missed"
    """Nobody had looked when the campaign was closed."""


class Unlooked(StrEnum):
    """Why a drawn hazard could not be looked at."""

    ENTERPRISE_GONE = "enterprise_gone"
    NO_ENTRY = "no_entry"
    AT_A_STANDSTILL = "at_a_standstill"
    """Work stands still, so that nothing can be seen."""
    OPEN_AGAIN = "open_again"
    """It is not closed any more."""
    OTHER = "other"


class PolicyMeasureState(StrEnum):
    """How far the look at one measure of a policy has come."""

    ASKED = "asked"
    REPORTED = "reported"
    JUDGED = "judged"
    MISSED = "missed"
    """Nobody had judged it when the campaign was closed."""


class Carried(StrEnum):
    """The committee's verdict on a measure."""

    CARRIED_OUT = "carried_out"
    PARTLY = "partly"
    NOT_CARRIED_OUT = "not_carried_out"


class CampaignFact(Event):
    """Base of all facts about a campaign. Aggregate: the campaign. Enterprises and reporters are told none of them."""

    campaign_id: UUID
    number: str
    kind: CampaignKind
    title: str
    state: CampaignState
    party_id: UUID
    """The committee that organises it."""
    results_by: date
    by_id: UUID | None = None
    """The person who acted."""


class CampaignOpened(CampaignFact, subject="inspection.campaign.opened"):
    """The list is frozen and bound to a secret that is not known yet: neither can be changed to suit a draw."""

    candidates: int
    list_hash: str | None = None
    commitment: str | None = None
    """SHA-256 of the secret; None: nothing is drawn, a policy names its measures."""


class CampaignDrawn(CampaignFact, subject="inspection.campaign.drawn"):
    """Whoever has the list can draw it again from this, and must come to the same."""

    list_hash: str
    commitment: str
    secret: str
    public_value: str
    seed: str
    drawn: int


class CampaignAssigned(CampaignFact, subject="inspection.campaign.assigned"):
    """One authority, or township, learns how many hazards it must look at, or measures account for."""

    assisting_id: UUID
    items: int


class CampaignLooked(CampaignFact, subject="inspection.campaign.looked"):
    """A drawn hazard was looked at, or its authority said why it could not be."""

    item_id: UUID
    hazard_id: UUID
    grade: Grade
    lead_authority_id: UUID
    result: LookState
    why: Unlooked | None = None


class MeasureReported(CampaignFact, subject="inspection.campaign.measure_reported"):
    """The owner of a measure accounted for it; what it said is read on the platform."""

    measure_id: UUID
    assisting_id: UUID


class MeasureJudged(CampaignFact, subject="inspection.campaign.measure_judged"):
    """The committee gave its verdict; None: what was said does not suffice, and is waited for anew."""

    measure_id: UUID
    assisting_id: UUID
    verdict: Carried | None = None
    reason: str
    next_by: date | None = None
    """Until when the next account is due."""


class CampaignClosed(CampaignFact, subject="inspection.campaign.closed"):
    """It was summed up. A rate whose denominator is empty is missing, and not 100 % (F10)."""

    items: int
    done: int
    failed: int
    """Looks that failed, or measures not wholly carried out."""
    done_rate: float | None = None
    failed_rate: float | None = None
    assisting_ids: tuple[UUID, ...] = ()


class CampaignWithdrawn(CampaignFact, subject="inspection.campaign.withdrawn"):
    """It is not carried on; what was found already stands."""

    reason: str
    assisting_ids: tuple[UUID, ...] = ()
