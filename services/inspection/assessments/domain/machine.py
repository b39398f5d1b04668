"""The law of assessments: nobody is judged unheard, and nothing is published while it may still be contested. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.inspection.assessments import AssessmentState as S
from shared.contracts.values import PartyKind, Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with an assessment."""

    OPEN = "open"
    SCORE = "score"
    PROPOSE = "propose"
    STATE = "state"
    DECIDE = "decide"
    OBJECT = "object"
    ANSWER = "answer"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


ASSESSED = frozenset({PartyKind.AUTHORITY, PartyKind.TOWNSHIP})
"""Departments and townships (§10.2). Enterprises have a risk score; figures about reports would tell them of some."""
TO_STATE, TO_ANSWER = "assessment.statement", "assessment.answer"
OBJECTION = "assessment.objection"
"""How long one may object. A right and no duty: nobody is reminded of it, so it is no deadline of the party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One assessment before one person at one instant."""

    party_id: UUID | None
    convener_id: UUID | None
    now: datetime
    assessed_id: UUID | None = None
    scored: bool = True
    state_until: datetime | None = None
    object_until: datetime | None = None
    answered: bool = False


def convenes(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.convener_id:
        return None
    return Forbidden("not-your-assessment", "Another body assesses here.", "该考核由其他单位组织。")


def in_a_bodys_name(case: Case) -> Problem | None:
    if case.party_id is not None:
        return None
    return Forbidden(
        "no-organisation",
        "An assessment is made in the name of an organisation, and your account belongs to none.",
        "考核以单位名义组织，您的账号未关联单位。",
    )


def is_assessed(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.assessed_id:
        return None
    return Forbidden("not-about-you", "This assessment is of another party.", "该考核的对象不是贵单位。")


def has_indicators(case: Case) -> Problem | None:
    if case.scored:
        return None
    return Conflict("nothing-scored", "Write down the indicators first.", "请先登记考核指标。")


def was_heard(case: Case) -> Problem | None:
    """The party has spoken, or has let its time pass."""
    if case.state_until is None or case.state_until < case.now:
        return None
    return Conflict(
        "statement-awaited",
        "The party may still make its statement.",
        "被考核单位的陈述期限尚未届满。",
        until=case.state_until,
    )


def may_still_object(case: Case) -> Problem | None:
    if case.object_until is not None and case.now <= case.object_until:
        return None
    return Conflict(
        "objection-too-late",
        "The time for an objection has passed.",
        "异议期限已届满。",
        until=case.object_until,
    )


def nothing_can_be_contested(case: Case) -> Problem | None:
    if case.answered or (case.object_until is not None and case.object_until < case.now):
        return None
    return Conflict(
        "objection-awaited",
        "The party may still object; publish when that time has passed.",
        "被考核单位的异议期限尚未届满，届满后方可公布。",
        until=case.object_until,
    )


_COMMITTEE = frozenset({Role.COMMITTEE.value})
_SPEAKING = frozenset({Role.AUTHORITY_DESK.value, Role.AUTHORITY_HEAD.value, Role.TOWNSHIP.value})

ASSESSMENT: Machine[S, Verb, Case] = Machine(
    "assessment",
    {
        Verb.OPEN: Move(
            sources=frozenset(),
            target=S.DRAFT,
            roles=_COMMITTEE,
            checks=(in_a_bodys_name,),
            event="inspection.assessment.opened",
            source="D08: the committee assesses (D)",
        ),
        Verb.SCORE: Move(
            sources=frozenset({S.DRAFT, S.STATED}),
            roles=_COMMITTEE,
            guards=(convenes,),
            event="inspection.assessment.scored",
            source="§10.2: bounded points, each with its source (D); what a statement shows may still be mended",
        ),
        Verb.PROPOSE: Move(
            sources=frozenset({S.DRAFT}),
            target=S.PROPOSED,
            roles=_COMMITTEE,
            guards=(convenes, has_indicators),
            clock=TO_STATE,
            event="inspection.assessment.proposed",
            source="nobody is judged unheard (D)",
        ),
        Verb.STATE: Move(
            sources=frozenset({S.PROPOSED}),
            target=S.STATED,
            roles=_SPEAKING,
            guards=(is_assessed,),
            event="inspection.assessment.stated",
            source="(D)",
        ),
        Verb.DECIDE: Move(
            sources=frozenset({S.PROPOSED, S.STATED}),
            target=S.DECIDED,
            roles=_COMMITTEE,
            guards=(convenes, was_heard),
            event="inspection.assessment.decided",
            source="(D)",
        ),
        Verb.OBJECT: Move(
            sources=frozenset({S.DECIDED}),
            target=S.OBJECTED,
            roles=_SPEAKING,
            guards=(is_assessed, may_still_object),
            clock=TO_ANSWER,
            event="inspection.assessment.objected",
            source="one objection, within the time that the profile gives (D)",
        ),
        Verb.ANSWER: Move(
            sources=frozenset({S.OBJECTED}),
            target=S.ANSWERED,
            roles=_COMMITTEE,
            guards=(convenes,),
            event="inspection.assessment.answered",
            source="an upheld objection comes with new scores (D)",
        ),
        Verb.PUBLISH: Move(
            sources=frozenset({S.DECIDED, S.ANSWERED}),
            target=S.PUBLISHED,
            roles=_COMMITTEE,
            guards=(convenes, nothing_can_be_contested),
            event="inspection.assessment.published",
            source="D08: rankings are published, never while they may be contested (D)",
        ),
        Verb.WITHDRAW: Move(
            sources=frozenset({S.DRAFT, S.PROPOSED, S.STATED}),
            target=S.WITHDRAWN,
            roles=_COMMITTEE,
            guards=(convenes,),
            event="inspection.assessment.withdrawn",
            source="(D)",
        ),
    },
    final=frozenset({S.PUBLISHED, S.WITHDRAWN}),
)

_LAST_DAY = {0: (12, 31), 1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def period_is_over(year: int, quarter: int, today: date) -> None:
    """Only what is over can be assessed; quarter 0 is the whole year."""
    last = date(year, *_LAST_DAY[quarter])
    if last < today:
        return
    raise BadInput(
        "period-not-over",
        f"The period ends on {last}; it can be assessed afterwards.",
        f"考核期至 {last} 止，期满后方可考核。",
        until=last,
    )


def scores_fit_the_answer(*, upheld: bool, rescored: bool) -> None:
    """An upheld objection changes the scores; a dismissed one leaves them."""
    if upheld is rescored:
        return
    raise BadInput(
        "scores-and-answer",
        "An upheld objection comes with new scores, a dismissed one without.",
        "异议成立的须附重新评定的得分，异议不成立的不得变更得分。",
    )


def cannot_be_assessed(party_id: UUID) -> BadInput:
    return BadInput(
        "unknown-party",
        "Assessed are authorities and townships of your area; this is none.",
        "考核对象须为本辖区的监管部门或乡镇（街道）。",
        party_id=party_id,
    )


def assessed_already(year: int) -> Conflict:
    return Conflict(
        "assessed-already",
        "There is an assessment of this party for this period already.",
        "该单位在该考核期内已有考核记录。",
        year=year,
    )
