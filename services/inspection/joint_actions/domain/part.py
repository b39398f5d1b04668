"""The law of an authority's part in a joint action: asked, accepted or declined, and reported on. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.joint_actions import JointActionState
from shared.contracts.inspection.joint_actions import JointPartState as S
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class PartVerb(StrEnum):
    """What can be done with a part."""

    ASK = "ask"
    ACCEPT = "accept"
    DECLINE = "decline"
    REPORT = "report"
    RELEASE = "release"


TO_ACCEPT, TO_REPORT = "joint_action.accept", "joint_action.report"
"""The profile's own clock, and that of a day which the committee sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCase:
    """One part before one person."""

    party_id: UUID | None
    convener_id: UUID | None
    asked_id: UUID | None = None
    action: JointActionState = JointActionState.OPEN


def convenes(case: PartCase) -> Problem | None:
    if case.party_id is not None and case.party_id == case.convener_id:
        return None
    return Forbidden("not-your-action", "Another body co-ordinates this joint action.", "该联合行动由其他单位组织。")


def was_asked(case: PartCase) -> Problem | None:
    if case.party_id is not None and case.party_id == case.asked_id:
        return None
    return Forbidden("not-your-part", "This part was asked of another authority.", "该分工由其他部门承担。")


def goes_on(case: PartCase) -> Problem | None:
    if case.action is JointActionState.OPEN:
        return None
    return Conflict("action-over", "This joint action is over.", "该联合行动已结束。")


_COMMITTEE = frozenset({Role.COMMITTEE.value})
_ANSWERING = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value})

JOINT_PART: Machine[S, PartVerb, PartCase] = Machine(
    "joint_part",
    {
        PartVerb.ASK: Move(
            sources=frozenset(),
            target=S.ASKED,
            roles=_COMMITTEE,
            guards=(convenes, goes_on),
            clock=TO_ACCEPT,
            event="inspection.jointaction.part_asked",
            source="WSL art. 69: joint inspection [L]; the clock is ours (D)",
        ),
        PartVerb.ACCEPT: Move(
            sources=frozenset({S.ASKED}),
            target=S.ACCEPTED,
            roles=_ANSWERING,
            guards=(was_asked, goes_on),
            clock=TO_REPORT,
            event="inspection.jointaction.part_accepted",
            source="what is not accepted is not taken on (D)",
        ),
        PartVerb.DECLINE: Move(
            sources=frozenset({S.ASKED}),
            target=S.DECLINED,
            roles=_ANSWERING,
            guards=(was_asked, goes_on),
            event="inspection.jointaction.part_declined",
            source="a committee co-ordinates and does not command: an authority may say why not (D)",
        ),
        PartVerb.REPORT: Move(
            sources=frozenset({S.ACCEPTED}),
            target=S.REPORTED,
            roles=_ANSWERING,
            guards=(was_asked, goes_on),
            event="inspection.jointaction.part_reported",
            source="(D)",
        ),
        PartVerb.RELEASE: Move(
            sources=frozenset({S.ASKED, S.ACCEPTED}),
            target=S.RELEASED,
            roles=_COMMITTEE,
            guards=(convenes, goes_on),
            event="inspection.jointaction.part_released",
            source="the committee does without (D)",
        ),
    },
    final=frozenset({S.DECLINED, S.REPORTED, S.RELEASED}),
)

LIVE = frozenset(S) - JOINT_PART.final
"""States in which something is still waited for."""
STANDING = LIVE | {S.REPORTED}
"""States in which an authority takes part, or was asked to; whoever declined reads no targets any more."""


def report_day_is_fair(report_by: date, until: date, longest: int) -> None:
    """Nobody reports on what is not over yet, nor long after everybody has forgotten."""
    latest = until + timedelta(days=longest)
    if until <= report_by <= latest:
        return
    raise BadInput(
        "report-day",
        f"The last day for the report must lie between {until} and {latest}.",
        f"报告期限须在 {until} 至 {latest} 之间。",
        earliest=until,
        latest=latest,
    )


def not_an_authority(authority_id: UUID) -> BadInput:
    return BadInput(
        "not-an-authority",
        "Only an authority of your area can take part: it is authorities that inspect.",
        "参加单位须为本辖区的监管部门：检查由监管部门实施。",
        authority_id=authority_id,
    )


def asked_already(authority_id: UUID) -> Conflict:
    return Conflict(
        "part-exists",
        "This authority has a part already.",
        "该部门已有分工。",
        authority_id=authority_id,
    )
