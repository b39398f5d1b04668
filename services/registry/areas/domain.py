"""How division codes nest: 6 digits a county, 9 a township, 12 a village (GB/T 2260, GB/T 10114)."""

from enum import StrEnum

from shared.errors import BadInput


class Level(StrEnum):
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


_LEVELS = {6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}


def level_of(code: str) -> Level:
    return _LEVELS[len(code)]


def parent_of(code: str) -> str | None:
    """Give the code of the area that this one lies in; a county's is not kept here."""
    return None if level_of(code) is Level.COUNTY else code[:-3]


def unknown_area(code: str, index: int) -> BadInput:
    """Refuse what stands in no registered area: it would be nobody's business."""
    return BadInput(
        "unknown-area",
        f"There is no area {code}; register it first.",
        f"没有编码为 {code} 的区划，请先登记。",
        area_code=code,
        index=index,
    )
