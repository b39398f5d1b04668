"""The table of areas."""

from collections.abc import Mapping
from typing import Any

from services.registry.areas.domain import Level, faults, level_of, parent_of
from services.registry.imports.domain import readers
from services.registry.imports.domain.columns import Column, Kind
from services.registry.imports.domain.faults import Fault, told
from services.registry.imports.domain.kinds.names import name_en, name_zh
from shared.contracts.values import area_id

_LEVELS: Mapping[str, tuple[str, ...]] = {
    Level.COUNTY: ("县", "县级", "区县"),
    Level.TOWNSHIP: ("乡镇", "街道", "乡级", "镇"),
    Level.VILLAGE: ("村", "村（社区）", "社区", "村级"),
}


def _is_division(row: Mapping[str, Any]) -> tuple[str, Fault] | None:
    code = row["area_code"]
    wrong = next(faults([code], {parent_of(code) or ""}), None)
    return wrong and ("area_code", told(wrong, "Take the code from the official list.", "请按官方区划代码填写。"))


def _level_fits(row: Mapping[str, Any]) -> tuple[str, Fault] | None:
    level = level_of(row["area_code"])
    if row.get("level") in {None, level}:
        return None
    return "level", Fault(
        "level-does-not-fit",
        f"A code of {len(row['area_code'])} digits is a {level}.",
        f"{len(row['area_code'])} 位编码应为“{_LEVELS[level][0]}”。",
        "Correct the code or the level; the level may be left empty.",
        "请更正编码或级别；级别可不填。",
    )


def _parent_fits(row: Mapping[str, Any]) -> tuple[str, Fault] | None:
    parent = parent_of(row["area_code"])
    if parent is None or row.get("parent_code") in {None, parent}:
        return None
    return "parent_code", Fault(
        "parent-does-not-fit",
        f"An area with the code {row['area_code']} lies in {parent}.",
        f"编码 {row['area_code']} 的上级应为 {parent}。",
        "Correct one of the two codes; the parent may be left empty.",
        "请更正其中一个编码；上级可不填。",
    )


AREAS = Kind(
    name="areas",
    en="areas",
    zh="区划",
    identity=lambda row: area_id(row["area_code"]),
    columns=(
        Column(
            name="area_code",
            en="Code",
            zh="区划编码",
            read=readers.area,
            example="999999001",
            why_en="6 digits a county, 9 a township, 12 a village. What it lies in is registered or in the file.",
            why_zh="县 6 位、乡镇 9 位、村 12 位数字；上级区划须已登记或在本文件中。",
            required=True,
            aliases=("area code", "编码", "代码", "区划代码", "行政区划代码"),
        ),
        name_zh("示例镇", "区划名称"),
        name_en("Example Town"),
        Column(
            name="parent_code",
            en="Parent code",
            zh="上级编码",
            read=readers.line,
            example="999999",
            why_en="May be left empty: it follows from the code and is only compared with it.",
            why_zh="可不填：由编码得出，填写时仅作核对。",
            repeats=True,
            aliases=("parent", "上级区划编码"),
            stored=False,
        ),
        Column(
            name="level",
            en="Level",
            zh="级别",
            read=readers.word(_LEVELS),
            example="乡镇",
            why_en="May be left empty: it follows from the code and is only compared with it.",
            why_zh="可不填：由编码得出，填写时仅作核对。",
            repeats=True,
            words=_LEVELS,
            stored=False,
        ),
    ),
    rules=(_is_division, _level_fits, _parent_fits),
)
