"""The tables of parties and enterprises."""

from collections.abc import Mapping
from typing import Any

from services.registry.areas.domain import Level, level_of
from services.registry.imports.domain import readers
from services.registry.imports.domain.columns import Column, Kind
from services.registry.imports.domain.faults import Fault
from services.registry.imports.domain.kinds.names import area_column, id_column, name_en, name_zh
from services.registry.parties.domain.codes import division_of
from shared.contracts.values import PartyKind

_PARTY_KINDS: Mapping[str, tuple[str, ...]] = {
    PartyKind.COMMITTEE: ("安委会",),
    PartyKind.AUTHORITY: ("监管部门", "部门"),
    PartyKind.TOWNSHIP: ("乡镇政府", "乡镇（街道）"),
    PartyKind.AGENCY: ("第三方机构", "技术服务机构"),
    PartyKind.ASSOCIATION: ("协会", "社会组织"),
    PartyKind.INSURER: ("保险机构", "保险公司"),
    PartyKind.PARTNER: ("协作单位",),
}


def _place_is_near(row: Mapping[str, Any]) -> tuple[str, Fault] | None:
    return ("area_code", _TOO_WIDE) if level_of(row["area_code"]) is Level.COUNTY else None


def _temporary_code_is_of_here(row: Mapping[str, Any]) -> tuple[str, Fault] | None:
    code = row["uscc"]
    if code[0] != "X" or division_of(code) == row["area_code"][:6]:
        return None
    return "uscc", Fault(
        "temporary-code-elsewhere",
        f"The temporary code “{code}” is of another county.",
        f"临时编号“{code}”与所在县不符。",
        "Write X, the 6 digits of the county that the area code begins with, and a serial.",
        "应为 X + 所在县区划代码 6 位 + 顺序号。",
    )


_TOO_WIDE = Fault(
    "place-too-wide",
    "Give the township or village of the enterprise, not only its county.",
    "请填写企业所在的乡镇（街道）或村（社区），不能只到县级。",
    "Fill in the code of 9 or 12 digits; export `areas` to find it.",
    "请填 9 位或 12 位编码（可导出 areas 查询）。",
)

PARTIES = Kind(
    name="parties",
    en="parties",
    zh="单位",
    identity=lambda row: row.get("id"),
    unique=("kind", "name_zh", "area_code"),
    columns=(
        id_column(
            "Stands in exports. Empty: the party is found by kind, name and area, or is new.",
            "导出文件中带有。留空时按类型、名称和区划查找，没有则新增。",
        ),
        Column(
            name="kind",
            en="Kind",
            zh="单位类型",
            read=readers.word(_PARTY_KINDS),
            example="监管部门",
            why_en="What the party is; enterprises have a table of their own.",
            why_zh="单位的类型；企业另有专表。",
            required=True,
            repeats=True,
            aliases=("类型",),
            words=_PARTY_KINDS,
        ),
        name_zh("示例县应急管理局", "单位名称"),
        name_en("Example County Emergency Bureau"),
        area_column("999999", "Where, and below, it is responsible.", "单位负责的区划。"),
    ),
)


ENTERPRISES = Kind(
    name="enterprises",
    en="enterprises",
    zh="企业",
    identity=lambda row: row.get("id"),
    unique=("uscc",),
    rules=(_place_is_near, _temporary_code_is_of_here),
    columns=(
        id_column(
            "Stands in exports. Empty: found by credit code, or new. With it the code itself can be changed.",
            "导出文件中带有。留空时按信用代码查找，没有则新增；填写则可更改信用代码。",
        ),
        Column(
            name="uscc",
            en="Credit code",
            zh="统一社会信用代码",
            read=readers.uscc,
            example="91999999MA0EXAMP5Y",
            why_en="18 characters; without one: X, the county's 6 digits and a serial. Keep the column as text.",
            why_zh="18 位；没有代码的填 X、县级区划 6 位和顺序号。该列须为文本格式。",
            required=True,
            aliases=("信用代码", "社会信用代码", "unified social credit code"),
        ),
        name_zh("示例面粉有限公司", "企业名称", "单位名称"),
        name_en("Example Flour Mill"),
        Column(
            name="industry_code",
            en="Industry code",
            zh="行业代码",
            read=readers.industry,
            example="C1310",
            why_en="GB/T 4754-2017: a letter and up to four digits.",
            why_zh="GB/T 4754-2017：门类字母加至多四位数字。",
            required=True,
            repeats=True,
            aliases=("国民经济行业代码", "industry"),
        ),
        area_column(
            "999999001", "Its township (9 digits) or village (12 digits).", "所在乡镇（9 位）或村（12 位）的编码。"
        ),
        Column(
            name="address",
            en="Address",
            zh="地址",
            read=readers.short_line(300),
            example="示例路 1 号",
            why_en="Where it works.",
            why_zh="生产经营地址。",
            absent="",
            aliases=("生产经营地址", "经营地址", "详细地址"),
        ),
        Column(
            name="lon",
            en="Longitude",
            zh="经度",
            read=readers.degrees(180),
            example="110.5243",
            why_en="Degrees with decimals (CGCS2000).",
            why_zh="十进制度（CGCS2000）。",
        ),
        Column(
            name="lat",
            en="Latitude",
            zh="纬度",
            read=readers.degrees(90),
            example="40.5569",
            why_en="Degrees with decimals (CGCS2000).",
            why_zh="十进制度（CGCS2000）。",
        ),
        Column(
            name="employees",
            en="Employees",
            zh="从业人数",
            read=readers.whole(0, 10_000_000),
            example="120",
            why_en="A whole number.",
            why_zh="整数。",
            required=True,
            repeats=True,
            aliases=("职工人数", "员工人数", "从业人员数"),
        ),
    ),
)
