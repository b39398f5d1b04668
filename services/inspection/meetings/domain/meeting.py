"""The law of meetings: who convenes, when one may be held and minuted; without it minutes could precede the meeting.

Pure. Names from practice (D08: members, meetings and resolutions as trackable tasks).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.meetings import MeetingState as S
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with a meeting."""

    CONVENE = "convene"
    MOVE = "move"
    CANCEL = "cancel"
    HOLD = "hold"
    MINUTE = "minute"


CALLED = frozenset({PartyKind.AUTHORITY, PartyKind.TOWNSHIP, PartyKind.ENTERPRISE})
"""Who is called: authorities, townships, and enterprises by their principals."""
MINUTES = "meeting.minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One meeting before one person at one instant."""

    party_id: UUID | None
    convener_id: UUID | None
    now: datetime
    starts_at: datetime | None = None
    """When it begins as it stands."""
    asked: datetime | None = None
    """When it shall begin by what is asked."""
    ahead_days: int = 0
    """How far ahead a meeting may lie."""


def is_ours(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.convener_id:
        return None
    return Forbidden("not-your-meeting", "Another body convened this meeting.", "该会议由其他单位召集。")


def in_a_bodys_name(case: Case) -> Problem | None:
    if case.party_id is not None:
        return None
    return Forbidden(
        "no-organisation",
        "A meeting is convened in the name of an organisation, and your account belongs to none.",
        "会议以单位名义召集，您的账号未关联单位。",
    )


def lies_ahead(case: Case) -> Problem | None:
    """A meeting is called for an instant that is still to come, and not for one that nobody can foresee."""
    latest = case.now + timedelta(days=case.ahead_days)
    if case.asked is not None and case.now <= case.asked <= latest:
        return None
    return BadInput(
        "meeting-time",
        f"A meeting is called for a time that is still to come, at most {case.ahead_days} days ahead.",
        f"会议时间须晚于当前时间，且不超过 {case.ahead_days} 天。",
        latest=latest,
    )


def has_begun(case: Case) -> Problem | None:
    if case.starts_at is not None and case.starts_at <= case.now:
        return None
    return Conflict(
        "meeting-not-begun",
        "Who came is recorded once the meeting has begun.",
        "会议开始后方可登记到会情况。",
        starts_at=case.starts_at,
    )


_COMMITTEE = frozenset({Role.COMMITTEE.value})

MEETING: Machine[S, Verb, Case] = Machine(
    "meeting",
    {
        Verb.CONVENE: Move(
            sources=frozenset(),
            target=S.CONVENED,
            roles=_COMMITTEE,
            checks=(in_a_bodys_name, lies_ahead),
            clock=MINUTES,
            event="inspection.meeting.convened",
            source="D08: meetings as trackable records (D); the clock of the minutes runs from the hour of the meeting",
        ),
        Verb.MOVE: Move(
            sources=frozenset({S.CONVENED}),
            roles=_COMMITTEE,
            guards=(is_ours,),
            checks=(lies_ahead,),
            clock=MINUTES,
            event="inspection.meeting.moved",
            source="(D)",
        ),
        Verb.CANCEL: Move(
            sources=frozenset({S.CONVENED}),
            target=S.CANCELLED,
            roles=_COMMITTEE,
            guards=(is_ours,),
            event="inspection.meeting.cancelled",
            source="(D)",
        ),
        Verb.HOLD: Move(
            sources=frozenset({S.CONVENED}),
            target=S.HELD,
            roles=_COMMITTEE,
            guards=(is_ours, has_begun),
            event="inspection.meeting.held",
            source="attendance of everybody who was called (D)",
        ),
        Verb.MINUTE: Move(
            sources=frozenset({S.HELD}),
            target=S.MINUTED,
            roles=_COMMITTEE,
            guards=(is_ours,),
            event="inspection.meeting.minuted",
            source="minutes are written once; what changes afterwards is resolved by another meeting (D)",
        ),
    },
    final=frozenset({S.MINUTED, S.CANCELLED}),
)


def number_of(convener: str, year: int, last: int) -> str:
    """Write the number of a meeting's notice, by which its minutes are cited as well."""
    return f"{convener}会议〔{year}〕{last:06d}号"


def everybody_is_known(called: Sequence[UUID], kinds: Collection[UUID]) -> None:
    """Call only whom the register knows as an authority, a township or an enterprise of the area."""
    if unknown := [str(each) for each in called if each not in kinds]:
        raise BadInput(
            "unknown-party",
            "Called are authorities, townships and enterprises of your area; one of these is none.",
            "可通知本辖区的监管部门、乡镇（街道）和企业，所列单位中有不属于此范围的。",
            parties=unknown,
        )


def everybody_is_accounted_for(called: Collection[UUID], recorded: Sequence[UUID]) -> None:
    """Each of those who were called is recorded exactly once, and nobody else is."""
    if len(recorded) == len(set(recorded)) and set(recorded) == set(called):
        return
    raise BadInput(
        "attendance-incomplete",
        "Say of each of those who were called, and of nobody else, how it took part.",
        "须逐一登记每个被通知单位的到会情况，且不得登记其他单位。",
        missing=sorted(str(each) for each in set(called) - set(recorded)),
        not_called=sorted(str(each) for each in set(recorded) - set(called)),
    )
