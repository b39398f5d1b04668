"""What an ask about a hazard must hold; without these an order could be endless and a grade without a reason."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from shared.contracts.values import Category, Grade
from shared.errors import BadInput, Conflict

MIN_EXPERTS = 2
RECHECK, RECHECK_OF_EQUIPMENT = "hazard.recheck", "hazard.recheck.special_equipment"


def recheck_clock(category: Category) -> str:
    """Name the clock of a re-check: special equipment is looked at sooner (国质检特函〔2007〕910号 art. 29 [S])."""
    return RECHECK_OF_EQUIPMENT if category is Category.SPECIAL_EQUIPMENT else RECHECK


class Graded(Protocol):
    """A hazard, as far as these rules look at it."""

    grade: Grade | None
    enterprise_id: UUID | None


def grade_is_reasoned(grade: Grade, cited: Collection[UUID], valid: Collection[UUID], experts: Collection[str]) -> None:
    """Major is a matter of the catalogue, not of opinion: a valid criterion, or two experts (WSL art. 118 [L])."""
    if unknown := [str(each) for each in cited if each not in valid]:
        raise BadInput(
            "criterion-not-valid",
            "A criterion is unknown or not valid today.",
            "所引判定标准不存在或当日无效。",
            criteria=unknown,
        )
    if grade == Grade.MAJOR and not cited and len(set(experts)) < MIN_EXPERTS:
        raise BadInput(
            "major-needs-a-reason",
            "A major hazard names a valid criterion, or carries the opinion of two experts.",
            "认定重大隐患须引用有效判定标准，或附两名以上专家意见。",
        )


def may_take_in(into: Graded, merged: Graded) -> None:
    """What was verified does not vanish in what is only suspected, nor the major in the general (T22 (D))."""
    if merged.grade is None:
        return
    if into.grade is None:
        raise Conflict(
            "merge-into-the-verified",
            "This one is verified and the other is not: merge the other into this one.",
            "本隐患已核实而对方尚未核实，请将对方并入本隐患。",
        )
    if merged.grade == Grade.MAJOR and into.grade != Grade.MAJOR:
        raise Conflict(
            "merge-into-the-graver",
            "A major hazard is not merged into a general one.",
            "重大隐患不得并入一般隐患。",
        )
    if merged.enterprise_id != into.enterprise_id and into.enterprise_id is not None:
        raise Conflict(
            "other-enterprise",
            "Both were verified, and of different enterprises.",
            "两项隐患均已核实，且责任单位不同，不能并案。",
        )


def may_be_cited(cited: Sequence[UUID], citable: Collection[UUID]) -> None:
    """An order cites legal bases that hold on its day (D03)."""
    if out := [str(each) for each in cited if each not in citable]:
        raise BadInput(
            "basis-not-in-force",
            "A legal basis is unknown or was not in force on the day of the order.",
            "所引法律依据不存在，或在作出之日未施行、已失效。",
            bases=out,
        )


def limit_is_lawful(last_day: date, today: date, max_days: int, *, min_days: int = 0, at_once: bool = False) -> None:
    """A limit lies between the shortest and the longest that the profile allows; “at once” is today."""
    earliest = today if at_once else today + timedelta(days=min_days)
    latest = today if at_once else today + timedelta(days=max_days)
    if not earliest <= last_day <= latest:
        raise BadInput(
            "limit-not-lawful",
            f"The limit must lie between {earliest} and {latest}.",
            f"整改期限须在 {earliest} 至 {latest} 之间。",
            earliest=earliest,
            latest=latest,
        )


def each_exactly_once(wanted: Collection[UUID], given: Sequence[UUID]) -> None:
    """Evidence and verdicts speak of every open item, once."""
    if sorted(wanted) != sorted(given):
        raise BadInput(
            "every-item-once",
            "Every open item must be named exactly once.",
            "每个未完成项目须且仅须列出一次。",
            items=sorted(str(each) for each in wanted),
        )
