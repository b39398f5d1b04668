"""How grids are numbered, who may answer for one, what may stand in it (安委办〔2017〕30号 [S]; numbering is ours, D).

A grid's code is the 12 digits of its village (000 for one that belongs to a township as a whole) and a serial of three.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from services.registry.domain import Fault
from shared.contracts.values import Role
from shared.errors import BadInput, Conflict

GridCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{15}$"), Field(json_schema_extra={"format": "grid-code"})]
CODE_LENGTH = 15
VILLAGE = 12
TOWNSHIP = 9


class Post(StrEnum):
    """The three who answer for a grid."""

    WORKER = "worker"
    """网格员: patrols, reports, educates; no power to inspect or order."""
    SUPERVISOR = "supervisor"
    """安全监管员."""
    LEADER = "leader"
    """联系领导."""


FITTING: Mapping[Post, frozenset[str]] = {
    Post.WORKER: frozenset({Role.GRID_WORKER}),
    Post.SUPERVISOR: frozenset({Role.TOWNSHIP, Role.AUTHORITY}),
    Post.LEADER: frozenset({Role.TOWNSHIP, Role.AUTHORITY, Role.COMMITTEE}),
}
"""In which capacities one is fit for a post: the role's word before the dot."""


def area_of(code: str) -> str:
    """Give the village, or the township, in which a grid lies."""
    return code[:TOWNSHIP] if code[TOWNSHIP:VILLAGE] == "000" else code[:VILLAGE]


def faults(codes: Sequence[str], areas: Collection[str]) -> Iterator[Fault]:
    """Say all that is wrong with a list of grids; `areas` are those of theirs that are in use."""
    first: dict[str, int] = {}
    for index, code in enumerate(codes):
        if first.setdefault(code, index) != index:
            yield Fault(index, "code", "listed-twice", "The list names this grid twice.", "列表中该网格重复。")
        if code[VILLAGE:] == "000":
            yield Fault(
                index,
                "code",
                "no-grid",
                "The serial of a grid begins with 001.",
                "网格顺序号应从 001 开始。",
            )
        if area_of(code) not in areas:
            yield Fault(
                index,
                "code",
                "unknown-area",
                f"There is no area {area_of(code)}; register it first.",
                f"没有编码为 {area_of(code)} 的区划，请先登记。",
            )


def lies_in(grid_area: str, object_area: str) -> bool:
    """Tell whether an object may stand in a grid: one of the two areas lies in the other, or they are the same."""
    return grid_area.startswith(object_area) or object_area.startswith(grid_area)


def term_fault(since: date, present_since: date | None, today: date) -> BadInput | None:
    """A post passes on a day that has come, and not before the day on which the present holder came into it."""
    if since > today:
        return BadInput(
            "not-yet-in-post", f"{since} has not come yet.", f"任职日期 {since} 尚未到来。", since=str(since)
        )
    if present_since is not None and since < present_since:
        return BadInput(
            "before-present-holder",
            f"The present holder came into the post on {present_since}.",
            f"现任人员自 {present_since} 起任职，新任日期不能更早。",
            since=str(present_since),
        )
    return None


def unfit(post: Post) -> BadInput:
    takes = sorted(FITTING[post])
    return BadInput(
        "unfit-for-post",
        f"This person holds no membership there that fits: {', '.join(takes)}.",
        f"该人员在当地没有相应身份（{'、'.join(takes)}）。",
        roles=takes,
    )


def elsewhere(index: int, code: str, object_area: str) -> Fault:
    return Fault(
        index,
        "object_id",
        "grid-elsewhere",
        f"The object stands in {object_area}, which is not where the grid {code} lies.",
        f"该对象位于 {object_area}，不在网格 {code} 所在区域。",
    )


def placed_already(index: int, code: str, name_en: str, name_zh: str) -> Fault:
    """Nothing stands in two grids: whoever wants to move it says from where."""
    return Fault(
        index,
        "object_id",
        "object-in-grid",
        f"This already stands in the grid {name_en} ({code}). To move it, say so: moved_from.",
        f"该对象已在网格“{name_zh}”（{code}）中；如需调整，请填写 moved_from。",
        taken=True,
    )


def still_in_use(en: str, zh: str, count: int) -> Conflict:
    return Conflict(
        "still-in-use",
        f"It cannot be retired: {count} {en} still lie in it.",
        f"不能停用：其中仍有 {count} 个{zh}。",
        count=count,
    )
