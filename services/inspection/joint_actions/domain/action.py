"""The law of joint actions: the committee calls, authorities visit; without it co-ordination would become inspection.

Pure. F01: a co-ordinating body may not carry out administrative inspection (国办发〔2024〕54号 [S]).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection import VisitKind
from shared.contracts.inspection.joint_actions import JointActionState as S
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with a joint action."""

    OPEN = "open"
    CHOOSE = "choose"
    RECORD = "record"
    CLOSE = "close"
    CANCEL = "cancel"


CLOSING = "joint_action.close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One joint action before one person."""

    party_id: UUID | None
    convener_id: UUID | None
    joined: frozenset[UUID] = frozenset()
    """The authorities that have accepted a part and not reported yet."""
    live: frozenset[UUID] = frozenset()
    """The authorities of which something is still waited for."""


def convenes(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.convener_id:
        return None
    return Forbidden("not-your-action", "Another body co-ordinates this joint action.", "该联合行动由其他单位组织。")


def in_a_bodys_name(case: Case) -> Problem | None:
    if case.party_id is not None:
        return None
    return Forbidden(
        "no-organisation",
        "A joint action is opened in the name of an organisation, and your account belongs to none.",
        "联合行动以单位名义组织，您的账号未关联单位。",
    )


def has_joined(case: Case) -> Problem | None:
    """Only who accepted its part, and has not reported on it yet, acts within the joint action."""
    if case.party_id is not None and case.party_id in case.joined:
        return None
    return Forbidden(
        "not-taking-part",
        "Your authority has no part in this joint action that it accepted and has not reported on.",
        "贵单位在该联合行动中没有已接受且尚未报告的分工。",
    )


def convenes_or_has_joined(case: Case) -> Problem | None:
    return None if convenes(case) is None else has_joined(case)


def nobody_is_waited_for(case: Case) -> Problem | None:
    if not case.live:
        return None
    return Conflict(
        "parts-open",
        "Not every authority has reported on its part; wait for them, or release them.",
        "尚有参加部门未报告分工完成情况，请等待报告或者解除其分工。",
        authorities=sorted(str(each) for each in case.live),
    )


_COMMITTEE = frozenset({Role.COMMITTEE.value})
_AUTHORITY = frozenset({Role.AUTHORITY.value})

JOINT_ACTION: Machine[S, Verb, Case] = Machine(
    "joint_action",
    {
        Verb.OPEN: Move(
            sources=frozenset(),
            target=S.OPEN,
            roles=_COMMITTEE,
            checks=(in_a_bodys_name,),
            event="inspection.jointaction.opened",
            source="WSL art. 9, 69: governments co-ordinate, authorities inspect jointly [L]",
        ),
        Verb.CHOOSE: Move(
            sources=frozenset({S.OPEN}),
            roles=_COMMITTEE | _AUTHORITY,
            guards=(convenes_or_has_joined,),
            event="inspection.jointaction.targets_chosen",
            source="one combined visit instead of several: 国办发〔2024〕54号 [S]; who is visited is agreed here (D)",
        ),
        Verb.RECORD: Move(
            sources=frozenset({S.OPEN}),
            roles=_AUTHORITY,
            guards=(has_joined,),
            event="inspection.jointaction.visit_recorded",
            source="F01: visits are the authorities' own; the committee makes none (国办发〔2024〕54号 [S])",
        ),
        Verb.CLOSE: Move(
            sources=frozenset({S.OPEN}),
            target=S.CLOSED,
            roles=_COMMITTEE,
            guards=(convenes, nobody_is_waited_for),
            event="inspection.jointaction.closed",
            source="(D)",
        ),
        Verb.CANCEL: Move(
            sources=frozenset({S.OPEN}),
            target=S.CANCELLED,
            roles=_COMMITTEE,
            guards=(convenes,),
            event="inspection.jointaction.cancelled",
            source="(D)",
        ),
    },
    final=frozenset({S.CLOSED, S.CANCELLED}),
)


def number_of(convener: str, year: int, last: int) -> str:
    return f"{convener}联合行动〔{year}〕{last:06d}号"


def period_is_fair(since: date, until: date, today: date, longest: int) -> None:
    """A joint action ends after it begins, is not over yet, and does not last longer than the profile allows."""
    latest = max(today, since) + timedelta(days=longest)
    if since <= until and today <= until <= latest:
        return
    raise BadInput(
        "action-period",
        f"The period must end after it begins, no earlier than {today} and no later than {latest}.",
        f"行动期间的截止日期不得早于开始日期，且须在 {today} 至 {latest} 之间。",
        earliest=today,
        latest=latest,
    )


def lies_within(area_code: str, own: str) -> None:
    """A committee co-ordinates within its own area."""
    if not area_code.startswith(own):
        raise BadInput(
            "action-area",
            "The area lies outside your own.",
            "行动区域不在本辖区内。",
            area_code=area_code,
        )


def all_are_known(enterprises: Sequence[UUID], known: Collection[UUID]) -> None:
    if unknown := [str(each) for each in enterprises if each not in known]:
        raise BadInput(
            "unknown-enterprise",
            "An enterprise is not registered in the area of this joint action.",
            "有企业不在该联合行动的区域内，或未登记。",
            enterprises=unknown,
        )


def not_too_many(targets: int, most: int) -> None:
    if targets > most:
        raise BadInput(
            "too-many-targets",
            f"A joint action has at most {most} targets.",
            f"联合行动的检查对象不超过 {most} 家。",
            most=most,
        )


def drops_no_visited(dropped: Sequence[UUID], visited: Collection[UUID]) -> None:
    """What was visited stays: a list that shrinks afterwards would make every action look complete."""
    if kept := [str(each) for each in dropped if each in visited]:
        raise Conflict(
            "target-visited",
            "A visit of this enterprise is recorded already, so it stays among the targets.",
            "该企业已有检查记录，不能从检查对象中移除。",
            enterprises=kept,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMade:
    """What the rules look at in a visit that shall count for a joint action."""

    ours: bool
    kind: VisitKind
    on: date
    is_target: bool
    counts_elsewhere: bool


def visit_counts(visit: VisitMade, since: date, until: date) -> None:
    """Only an authority's own inspection of a target within the period is a visit of the joint action."""
    if not visit.ours or visit.kind is not VisitKind.ADMIN_INSPECTION:
        raise BadInput(
            "not-your-inspection",
            "Only an inspection that your authority led or joined can be recorded.",
            "仅可登记本部门牵头或参加的行政检查。",
        )
    if visit.counts_elsewhere:
        raise Conflict(
            "visit-counted",
            "This visit is recorded already, by another authority or for another joint action.",
            "该检查已由其他部门登记，或已计入其他联合行动。",
        )
    if not visit.is_target:
        raise BadInput(
            "not-a-target",
            "This enterprise is not among the targets; choose it first.",
            "该企业不在检查对象之列，请先列入。",
        )
    if not since <= visit.on <= until:
        raise BadInput(
            "outside-period",
            f"The visit lies outside the period from {since} to {until}.",
            f"检查日期不在行动期间（{since} 至 {until}）内。",
            on=visit.on,
        )
