"""The law of visits: who may come as what, when, and how often in a year (domain reference F01, F02). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from services.inspection.copies.domain import Officer, acting_together, all_enforce
from shared.contracts.inspection import (
    Undone,
    VisitGround,
    VisitKind,
)
from shared.contracts.inspection import VisitState as S
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict, Forbidden, Problem
from shared.machine import Machine, Move


class Verb(StrEnum):
    """What can be done with a visit."""

    PLAN = "plan"
    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"


COMES_AS: Mapping[VisitKind, frozenset[str]] = {
    VisitKind.ADMIN_INSPECTION: frozenset({Role.AUTHORITY.value}),
    VisitKind.GRID_PATROL: frozenset({Role.TOWNSHIP.value, Role.GRID_WORKER.value}),
}
"""Who comes as what. No `Power` of a letter of delegation is to inspect, so delegates and townships do not."""
VISITORS = frozenset[str]().union(*COMES_AS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One visit before one person on one day. What only planning looks at is empty afterwards."""

    who_id: UUID
    roles: frozenset[str]
    party_id: UUID | None
    leader_id: UUID | None
    kind: VisitKind
    on: date
    today: date
    ahead_days: int
    """How far ahead a visit may be planned."""
    after_days: int
    """How long after its day it may still be begun, or written down."""
    going: frozenset[UUID]
    certified: bool = False
    officers: tuple[Officer, ...] = ()
    joint_ids: frozenset[UUID] = frozenset()
    joint_officers: tuple[Officer, ...] = ()
    """`member` says: acts for one of the authorities that take part."""
    authorities: frozenset[UUID] = frozenset()
    """Those of `joint_ids` that are authorities."""


def comes_from_a_body(case: Case) -> Problem | None:
    """A visit is made in an organisation's name."""
    if case.party_id is not None:
        return None
    return Forbidden(
        "no-organisation",
        "A visit is made in the name of an organisation, and your account belongs to none.",
        "检查、巡查以单位名义开展，您的账号未关联单位。",
    )


def may_come_as_this(case: Case) -> Problem | None:
    """Only enforcement bodies inspect; the co-ordinating body, third parties and grid workers do not (F01)."""
    if case.roles & COMES_AS[case.kind]:
        return None
    if case.kind is VisitKind.ADMIN_INSPECTION:
        return Forbidden(
            "may-not-inspect",
            "Administrative inspections are made by enforcement authorities only; co-ordinating bodies, third parties "
            "and grid workers may not make them, and no letter of delegation includes it "
            "(State Council General Office, 2024, no. 54, seen in a secondary text).",
            "行政检查只能由行政执法主体实施；议事协调机构、第三方机构和网格员不得实施，委托书也不包括此项"
            "（国办发〔2024〕54号，见于二手资料）。",
            source="国办发〔2024〕54号 [S]",
            kind=case.kind,
        )
    return Forbidden(
        "not-a-patrol",
        "Patrols are made by townships and grid workers; an authority makes administrative inspections.",
        "巡查由乡镇（街道）和网格员开展，监管部门开展的是行政检查。",
        kind=case.kind,
    )


def day_is_near(case: Case) -> Problem | None:
    earliest, latest = case.today - timedelta(days=case.after_days), case.today + timedelta(days=case.ahead_days)
    if earliest <= case.on <= latest:
        return None
    return BadInput(
        "visit-day",
        f"The day of a visit must lie between {earliest} and {latest}.",
        f"检查日期须在 {earliest} 至 {latest} 之间。",
        earliest=earliest,
        latest=latest,
    )


def in_lawful_company(case: Case) -> Problem | None:
    """Two certified officers inspect (Penalty Law art. 42, F07); whoever patrols names at most colleagues."""
    if case.kind is VisitKind.ADMIN_INSPECTION:
        return acting_together(case.who_id, case.officers)
    named = {officer.id: officer for officer in case.officers}
    if case.who_id not in named:
        return BadInput("you-are-not-among-them", "You must be one of those who go.", "您必须是巡查人员之一。")
    if strangers := [str(o.id) for o in case.officers if not o.member and o.id != case.who_id]:
        return BadInput(
            "not-a-colleague",
            "A named person does not belong to your organisation.",
            "所列人员不属于本单位。",
            officers=strangers,
        )
    return None


def joined_by_authorities(case: Case) -> Problem | None:
    """Authorities take part by their own certified officers (WSL art. 69); nobody joins a patrol."""
    joined = bool(case.joint_ids or case.joint_officers)
    if joined and case.kind is not VisitKind.ADMIN_INSPECTION:
        return BadInput("no-joint-patrol", "Authorities join inspections, not patrols.", "巡查不设联合检查部门。")
    others = case.authorities - {case.party_id}
    if wrong := sorted(str(each) for each in case.joint_ids - others):
        return BadInput(
            "not-another-authority",
            "Only other authorities can take part.",
            "联合检查的只能是其他监管部门。",
            authorities=wrong,
        )
    return all_enforce(case.joint_officers)


def is_going(case: Case) -> Problem | None:
    if case.who_id in case.going:
        return None
    return Forbidden("not-on-this-visit", "You are not one of those who go.", "您不是本次检查人员。")


def is_ours(case: Case) -> Problem | None:
    if case.party_id is not None and case.party_id == case.leader_id:
        return None
    return Forbidden("not-your-visit", "Another body leads this visit.", "该检查由其他单位牵头。")


def is_certified(case: Case) -> Problem | None:
    if case.certified or case.kind is not VisitKind.ADMIN_INSPECTION:
        return None
    return Forbidden(
        "certificate-expired",
        "Your enforcement certificate is missing or has expired.",
        "您没有有效的行政执法证件。",
    )


def its_day_has_come(case: Case) -> Problem | None:
    """The day that was told, and that the cap counts, is the day on which they come."""
    if case.today < case.on:
        return Conflict("visit-not-today", f"The visit is planned for {case.on}.", f"检查定于 {case.on}。", on=case.on)
    if case.today > case.on + timedelta(days=case.after_days):
        return Conflict(
            "visit-lapsed",
            f"The day of this visit, {case.on}, is too long ago. Cancel it and plan another.",
            f"检查日期 {case.on} 已过太久，请取消后另行安排。",
            on=case.on,
        )
    return None


VISIT: Machine[S, Verb, Case] = Machine(
    "visit",
    {
        Verb.PLAN: Move(
            sources=frozenset(),
            target=S.PLANNED,
            roles=VISITORS,
            checks=(comes_from_a_body, may_come_as_this, day_is_near, in_lawful_company, joined_by_authorities),
            event="inspection.visit.planned",
            source="F01: 国办发〔2024〕54号 [S]; WSL art. 62, 69 [L]",
        ),
        Verb.START: Move(
            sources=frozenset({S.PLANNED}),
            target=S.UNDER_WAY,
            roles=VISITORS,
            guards=(is_going, is_certified, its_day_has_come),
            event="inspection.visit.started",
            source="(D)",
        ),
        Verb.FINISH: Move(
            sources=frozenset({S.UNDER_WAY}),
            target=S.FINISHED,
            otherwise=S.NOT_DONE,
            roles=VISITORS,
            guards=(is_going,),
            event="inspection.visit.finished",
            source="WSL art. 68 [L]: a record is made; coded reasons (D)",
        ),
        Verb.CANCEL: Move(
            sources=frozenset({S.PLANNED}),
            target=S.CANCELLED,
            roles=VISITORS,
            guards=(is_ours,),
            event="inspection.visit.cancelled",
            source="(D)",
        ),
    },
    final=frozenset({S.FINISHED, S.NOT_DONE, S.CANCELLED}),
)


def result_is_whole(findings: str | None, hazards_found: int | None, undone: Undone | None, remark: str) -> None:
    """Ask for what was found and how many hazards, or for why nothing could be inspected; for both is neither."""
    inspected = findings is not None and hazards_found is not None
    nothing = findings is None and hazards_found is None
    if (inspected and undone is None) or (nothing and undone is not None):
        if undone is Undone.OTHER and not remark:
            raise BadInput("undone-needs-words", "Say what stood in the way.", "请说明未能检查的原因。")
        return
    raise BadInput(
        "visit-result",
        "Say either what was found and how many hazards, or why nothing could be inspected.",
        "请填写检查情况和发现隐患数，或者填写未能检查的原因，二者择一。",
    )


OUTSIDE_CAP = frozenset(
    {VisitGround.COMPLAINT, VisitGround.ACCIDENT, VisitGround.RECHECK, VisitGround.SUPERIOR_ASSIGNED}
)
"""Grounds that no cap holds back; such visits are shown beside it (OQ-8 (K))."""
MADE = frozenset({S.PLANNED, S.UNDER_WAY, S.FINISHED})
"""States in which a visit takes its place in the year: one that could not be made gives it back."""


def counts(kind: VisitKind, ground: VisitGround) -> bool:
    """Tell whether a visit takes one of those that the cap allows; a joint one takes one."""
    return kind is VisitKind.ADMIN_INSPECTION and ground not in OUTSIDE_CAP


def cap_holds(cap: int, year: int, counted: Sequence[date]) -> None:
    """Refuse one inspection more than the enterprise may be asked to bear in a year (F02)."""
    if len(counted) < cap:
        return
    raise Conflict(
        "visit-beyond-cap",
        f"{year} already holds {len(counted)} inspections of this enterprise, and the yearly cap is {cap}. Join one of "
        "them. Only complaints, accidents, re-checks and what a superior assigned are outside the cap.",
        f"该企业 {year} 年度已安排行政检查 {len(counted)} 次，年度上限为 {cap} 次，请并入已安排的检查。"
        "仅投诉举报、事故、复查和上级交办的检查不受此限。",
        year=year,
        cap=cap,
        dates=list(counted),
    )
