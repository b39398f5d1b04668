"""The law of the docket (domain reference §3): who decides on a claim, when, and which claims look alike. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import cos, radians
from uuid import UUID

from shared.contracts.inspection import RejectReason
from shared.contracts.inspection import ReportState as S
from shared.contracts.values import Channel, Role
from shared.errors import BadInput, Forbidden, Problem
from shared.machine import Machine, Move

SYSTEM = "system"
"""The capacity in which the platform itself draws a consequence."""


class Verb(StrEnum):
    """What can be done with a docket entry."""

    ACCEPT = "accept"
    REJECT = "reject"
    TRANSFER = "transfer"
    ACKNOWLEDGE = "acknowledge"
    BOUNCE = "bounce"
    ARBITRATE = "arbitrate"
    MERGE = "merge"
    ANSWER = "answer"
    SUBSTANTIATE = "substantiate"
    FIND_UNFOUNDED = "find_unfounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry before one person."""

    party_id: UUID | None
    authority_id: UUID | None
    to_authority_id: UUID | None = None
    reason: RejectReason | None = None


def is_ours(case: Case) -> Problem | None:
    if case.authority_id is not None and case.party_id == case.authority_id:
        return None
    return Forbidden("not-your-docket", "This entry belongs to another authority.", "该登记属于其他部门。")


def came_to_us(case: Case) -> Problem | None:
    if case.to_authority_id is not None and case.party_id == case.to_authority_id:
        return None
    return Forbidden("not-sent-to-you", "This entry was passed to another authority.", "该登记移送的是其他部门。")


def nobody_is_responsible(case: Case) -> Problem | None:
    if case.authority_id is None:
        return None
    return Forbidden(
        "not-in-arbitration",
        "An authority is responsible; the committee decides only where none is.",
        "已有负责部门，安委会仅在无明确部门时裁定。",
    )


def is_a_reason_to_reject(case: Case) -> Problem | None:
    """Out of scope is a reason to pass on, not to turn away (domain reference §3.3; WSL art. 69 [L])."""
    if case.reason != RejectReason.NOT_IN_SCOPE:
        return None
    return BadInput(
        "transfer-instead",
        "Outside your scope? Transfer it to the authority in charge instead of rejecting it.",
        "不属于本部门职责的，应当移送主管部门，不得不予受理。",
        do="transfer",
    )


_DESK = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value})
_PLATFORM = frozenset({SYSTEM})

DOCKET: Machine[S, Verb, Case] = Machine(
    "docket",
    {
        Verb.ACCEPT: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.ACCEPTED,
            roles=_DESK | _PLATFORM,
            guards=(is_ours,),
            clock="report.verify",
            event="inspection.report.accepted",
            source="§3.2; 安监总财〔2012〕63号 [S]; §4.6: by the platform, and then with no clock",
        ),
        Verb.REJECT: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.REJECTED,
            roles=_DESK,
            guards=(is_ours,),
            checks=(is_a_reason_to_reject,),
            event="inspection.report.rejected",
            source="§3.3 [S]",
        ),
        Verb.TRANSFER: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.TRANSFERRED,
            roles=_DESK,
            guards=(is_ours,),
            clock="report.transfer_ack",
            event="inspection.report.transferred",
            source="WSL art. 69 [L]",
        ),
        Verb.ACKNOWLEDGE: Move(
            sources=frozenset({S.TRANSFERRED}),
            target=S.RECEIVED,
            roles=_DESK,
            guards=(came_to_us,),
            clock="report.decide_acceptance",
            event="inspection.report.acknowledged",
            source="§3.2 (D)",
        ),
        Verb.BOUNCE: Move(
            sources=frozenset({S.TRANSFERRED}),
            target=S.RECEIVED,
            roles=_DESK,
            guards=(came_to_us,),
            clock="competence.arbitrate",
            event="inspection.report.bounced",
            source="§3.2; WSL art. 10 [L]",
        ),
        Verb.ARBITRATE: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.RECEIVED,
            roles=frozenset({Role.COMMITTEE.value}),
            guards=(nobody_is_responsible,),
            clock="report.decide_acceptance",
            event="inspection.report.received",
            source="WSL art. 10 [L]",
        ),
        Verb.MERGE: Move(
            sources=frozenset({S.RECEIVED}),
            target=S.MERGED,
            roles=_DESK,
            guards=(is_ours,),
            event="inspection.report.merged",
            source="§3.2; keeps its order for the reward",
        ),
        Verb.SUBSTANTIATE: Move(
            sources=frozenset({S.ACCEPTED, S.MERGED}),
            target=S.SUBSTANTIATED,
            roles=_PLATFORM,
            clock="report.feedback",
            event="inspection.report.substantiated",
            source="consequence of confirming the hazard (T02)",
        ),
        Verb.FIND_UNFOUNDED: Move(
            sources=frozenset({S.ACCEPTED, S.MERGED}),
            target=S.UNFOUNDED,
            roles=_PLATFORM,
            clock="report.feedback",
            event="inspection.report.unfounded",
            source="consequence of dismissing the hazard (T03), or of voiding it unverified (T23)",
        ),
        Verb.ANSWER: Move(
            sources=frozenset({S.SUBSTANTIATED, S.UNFOUNDED}),
            target=S.ANSWERED,
            roles=_DESK,
            guards=(is_ours,),
            event="inspection.report.answered",
            source="安监总财〔2012〕63号 art. 10(3) [S]",
        ),
    },
    final=frozenset({S.REJECTED, S.ANSWERED}),
)

_DECIDED = ("report.decide_acceptance", "hazard.danger_call")
_VERIFIED = ("report.verify", "hazard.verify.inspection")
ENDS: Mapping[Verb, tuple[str, ...]] = {
    Verb.ACCEPT: _DECIDED,
    Verb.REJECT: _DECIDED,
    Verb.TRANSFER: _DECIDED,
    Verb.ACKNOWLEDGE: ("report.transfer_ack",),
    Verb.BOUNCE: ("report.transfer_ack",),
    Verb.ARBITRATE: ("competence.arbitrate",),
    Verb.MERGE: _DECIDED,
    Verb.SUBSTANTIATE: _VERIFIED,
    Verb.FIND_UNFOUNDED: _VERIFIED,
    Verb.ANSWER: ("report.feedback",),
}
"""Which clocks a move meets."""

OPEN = frozenset({S.RECEIVED, S.ACCEPTED, S.TRANSFERRED, S.SUBSTANTIATED})
"""States of entries that a new claim may repeat."""

MERGES_INTO = frozenset({S.RECEIVED, S.ACCEPTED, S.SUBSTANTIATED})
"""States of entries that still take in a later claim of the same matter."""

CLAIMANTS: Mapping[str, tuple[Channel, ...]] = {
    Role.AUTHORITY: (
        Channel.INSPECTION,
        Channel.MEDIA,
        Channel.SUPERIOR_ASSIGNED,
        Channel.ACCIDENT_DERIVED,
    ),
    Role.COMMITTEE: (Channel.SUPERIOR_ASSIGNED, Channel.MEDIA),
    Role.TOWNSHIP: (Channel.TRANSFER_IN,),
    Role.PARTNER: (Channel.TRANSFER_IN,),
}
"""Who claims here, and by which channels; the first is meant when none is named."""


def channel_for(roles: frozenset[str], named: Channel | None) -> Channel:
    """Give the channel of an organisation's claim; raises 403 for people, who report in their own channel."""
    for role, channels in CLAIMANTS.items():
        if role in roles:
            if named is not None and named not in channels:
                raise BadInput(
                    "not-your-channel",
                    f"Your claims come in by: {', '.join(channels)}.",
                    f"您的登记渠道为：{'、'.join(channels)}。",
                    channels=list(channels),
                )
            return named or channels[0]
    raise Forbidden(
        "claims-are-for-authorities",
        "Only authorities, the committee, townships and partner agencies claim here.",
        "仅监管部门、安委会、乡镇和协作单位可在此登记。",
    )


_METRES_PER_DEGREE = 111_320


def box(lon: float, lat: float, radius_m: float) -> tuple[float, float, float, float]:
    """Give (west, south, east, north) around a point: what an index can look up before distances are measured."""
    high = radius_m / _METRES_PER_DEGREE
    wide = high / max(cos(radians(lat)), 0.01)
    return lon - wide, lat - high, lon + wide, lat + high
