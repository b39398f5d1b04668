"""What an ask about parts must hold: who can be asked for what, on which day, and what a refusal says."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from services.inspection.copies.domain import Officer, all_enforce
from services.inspection.copies.domain.officers import MIN_OFFICERS
from shared.contracts.inspection import (
    PartTask,
    ReturnReason,
)
from shared.contracts.values import PartyKind
from shared.errors import BadInput

OF_A_TOWNSHIP = frozenset({PartTask.MEASURE, PartTask.INFORMATION})
"""A township guards and clears its own area (WSL art. 9 [L]); to inspect or to judge, it needs a letter (F01, F09)."""


def can_assist(kind: PartyKind | None, its_area: str, area_code: str, task: PartTask) -> None:
    """Only bodies with duties of their own are asked; `kind` None: a party that is unknown, or an enterprise."""
    if kind not in {PartyKind.AUTHORITY, PartyKind.TOWNSHIP}:
        raise BadInput(
            "cannot-assist",
            "Only supervising authorities and townships can be asked to assist.",
            "只能商请监管部门或乡镇（街道）协办。",
        )
    if kind == PartyKind.TOWNSHIP and task not in OF_A_TOWNSHIP:
        raise BadInput(
            "not-for-a-township",
            "A township can be asked for measures and told of the matter; it does not inspect or judge.",
            "乡镇（街道）可承担采取措施和接受情况通报，不承担检查和专业认定。",
            tasks=sorted(OF_A_TOWNSHIP),
        )
    if not area_code.startswith(its_area):
        raise BadInput(
            "outside-its-area",
            "That body is not responsible for the place of this hazard.",
            "隐患所在地不属于该单位管辖区域。",
        )


def another_than_the_lead(authority_id: UUID, lead_authority_id: UUID | None) -> None:
    if authority_id == lead_authority_id:
        raise BadInput(
            "lead-does-it-itself",
            "The lead authority does its own part without being asked.",
            "牵头部门的工作由其自行办理，无需商请。",
        )


def day_is_possible(task: PartTask, on: date | None, today: date, max_days: int) -> None:
    """A joint inspection has a day from today on, and nothing else has one."""
    if (task == PartTask.JOINT_INSPECTION) != (on is not None):
        raise BadInput(
            "joint-inspection-has-a-day",
            "A joint inspection has a day, and no other part has one.",
            "联合检查须确定日期，其他协办事项不填日期。",
        )
    latest = today + timedelta(days=max_days)
    if on is not None and not today <= on <= latest:
        raise BadInput(
            "joint-day-not-possible",
            f"The day of a joint inspection lies between {today} and {latest}.",
            f"联合检查日期须在 {today} 至 {latest} 之间。",
            earliest=today,
            latest=latest,
        )


def names_an_owner(code: ReturnReason, suggested: UUID | None) -> None:
    """“Not ours” says whose it is (peers N04); only where no law names anybody the committee decides at once."""
    if suggested is None and code != ReturnReason.NO_POWER:
        raise BadInput(
            "suggest-an-owner",
            "Say which authority is responsible instead.",
            "请提出应当承担的部门。",
            code=code,
        )


def names_another(suggested: UUID | None, refusing: UUID | None) -> None:
    if suggested is not None and suggested == refusing:
        raise BadInput("suggest-another", "Suggest another body than your own.", "请提出本单位以外的单位。")


def each_another_body(named: Sequence[UUID], own: Collection[UUID | None]) -> None:
    """Joint officers are of other bodies, and of each body they are named together."""
    if len(set(named)) < len(named) or set(named) & set(own):
        raise BadInput(
            "joint-officers-of-others",
            "Name the officers of each other authority once; your own are the officers.",
            "请按部门分别列出其他部门参加人员，本部门人员请填入执法人员。",
        )


def officers_took_part(task: PartTask, officers: Collection[Officer]) -> None:
    """Each body inspects with two certified officers of its own (Shandong Reg. art. 42 [L]; F07)."""
    if task == PartTask.JOINT_INSPECTION and len({each.id for each in officers}) < MIN_OFFICERS:
        raise BadInput("two-officers", "At least two officers must act together.", "须由两名以上执法人员共同实施。")
    if (problem := all_enforce(officers)) is not None:
        raise problem
