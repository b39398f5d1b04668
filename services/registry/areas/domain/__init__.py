"""How division codes nest: 6 digits a county, 9 a township, 12 a village (GB/T 2260, GB/T 10114)."""

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

from services.registry.domain import Fault
from shared.errors import BadInput


class Level(StrEnum):
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


_LEVELS = {6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
LENGTHS = tuple(_LEVELS)


def level_of(code: str) -> Level:
    return _LEVELS[len(code)]


def parent_of(code: str) -> str | None:
    """Give the code of the area that this one lies in; a county's is not kept here."""
    return None if level_of(code) is Level.COUNTY else code[:-3]


def path_of(code: str) -> list[str]:
    """Give the codes from the county down to this one."""
    return [code[:length] for length in _LEVELS if length <= len(code)]


def faults(codes: Sequence[str], known: Collection[str]) -> Iterator[Fault]:
    """Say all that is wrong with a list of areas; `known` are those of their parents that are registered and in use."""
    first: dict[str, int] = {}
    for index, code in enumerate(codes):
        if first.setdefault(code, index) != index:
            yield Fault(
                index,
                "code",
                "listed-twice",
                f"Entry {index} has the same code as entry {first[code]} of the list.",
                f"第 {index} 条（从 0 起）与第 {first[code]} 条的区划代码相同。",
            )
    listed = set(first)
    for index, code in enumerate(codes):
        if not _names_a_division(code):
            yield Fault(
                index,
                "code",
                "no-division",
                f"“{code}” is no county, township or village: 6, 9 or 12 digits, not filled up with zeros.",
                f"“{code}”不是县级及以下区划代码：应为6、9或12位，不以零补足。",
            )
        elif (parent := parent_of(code)) is not None and parent not in known and parent not in listed:
            yield Fault(
                index,
                "code",
                "unknown-area",
                f"There is no area {parent}, in which {code} would lie; register it first.",
                f"没有编码为 {parent} 的上级区划，请先登记。",
            )


def _names_a_division(code: str) -> bool:
    """Statistics fill codes up with zeros for "the whole of it": no county, township or village has them as its own."""
    parts = [code[2:4], code[4:6], *(code[start : start + 3] for start in range(6, len(code), 3))]
    return code >= "11" and all(part.strip("0") for part in parts)


def unknown_area(code: str, index: int) -> BadInput:
    """Refuse what stands in no registered area: it would be nobody's business."""
    return BadInput(
        "unknown-area",
        f"There is no area {code}; register it first.",
        f"没有编码为 {code} 的区划，请先登记。",
        area_code=code,
        index=index,
    )
