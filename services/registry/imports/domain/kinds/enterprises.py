"""The table of enterprises, as wide as the lists that counties keep."""

from collections.abc import Mapping
from typing import Any

from services.registry.areas.domain import Level, level_of
from services.registry.imports.domain import readers
from services.registry.imports.domain.columns import Column, Kind
from services.registry.imports.domain.faults import Fault
from services.registry.imports.domain.kinds.names import area_column, id_column, name_en, name_zh
from services.registry.parties.domain.codes import division_of
from shared.contracts.enterprises import Scale, Sector, Standing

_STANDINGS: Mapping[str, tuple[str, ...]] = {
    Standing.ACTIVE: ("存续", "在业", "开业", "正常", "在营"),
    Standing.SUSPENDED: ("歇业", "停业"),
    Standing.REVOKED: ("吊销",),
    Standing.DEREGISTERED: ("注销",),
    Standing.MOVED_OUT: ("迁出",),
}
_SCALES: Mapping[str, tuple[str, ...]] = {
    Scale.LARGE: ("大型", "大", "大型企业"),
    Scale.MEDIUM: ("中型", "中", "中型企业"),
    Scale.SMALL: ("小型", "小", "小型企业"),
    Scale.MICRO: ("微型", "微", "微型企业"),
}
_SECTORS: Mapping[str, tuple[str, ...]] = {
    Sector.COAL_MINE: ("煤矿",),
    Sector.NON_COAL_MINE: ("非煤矿山",),
    Sector.HAZARDOUS_CHEMICALS: ("危险化学品", "危化品"),
    Sector.FIREWORKS: ("烟花爆竹",),
    Sector.METALLURGY: ("冶金",),
    Sector.NON_FERROUS: ("有色",),
    Sector.BUILDING_MATERIALS: ("建材",),
    Sector.MACHINERY: ("机械",),
    Sector.LIGHT_INDUSTRY: ("轻工",),
    Sector.TEXTILE: ("纺织",),
    Sector.TOBACCO: ("烟草",),
    Sector.COMMERCE: ("商贸",),
    Sector.CONSTRUCTION: ("建筑施工", "建筑"),
    Sector.TRANSPORT: ("交通运输",),
    Sector.GAS: ("燃气",),
    Sector.POWER: ("电力",),
    Sector.CIVIL_EXPLOSIVES: ("民用爆炸物品", "民爆"),
    Sector.FISHERY: ("渔业",),
    Sector.CROWDED_PLACE: ("人员密集场所",),
    Sector.OTHER: ("其他",),
}
YES, NO = "yes", "no"
YES_NO: Mapping[str, tuple[str, ...]] = {
    YES: ("是", "有", "y", "true", "1", "√"),
    NO: ("否", "无", "n", "false", "0", "×"),
}
_yes_or_no = readers.word(YES_NO)


def yes_or_no(cell: str) -> bool | Fault:
    read = _yes_or_no(cell)
    return read if isinstance(read, Fault) else read == YES


def yes_or_no_written(value: bool) -> str:
    return YES if value else NO


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
        Column(
            name="dispatched_workers",
            en="Dispatched workers",
            zh="劳务派遣人数",
            read=readers.whole(0, 10_000_000),
            example="5",
            why_en="Workers of other employers who work here. Empty: none.",
            why_zh="在本企业工作的劳务派遣人员。留空表示 0。",
            absent=0,
            repeats=True,
            aliases=("派遣人数", "劳务派遣工人数"),
        ),
        Column(
            name="phone",
            en="Telephone",
            zh="联系电话",
            read=readers.phone,
            example="0471-1234567",
            why_en="On which the enterprise is reached.",
            why_zh="企业联系电话。",
            aliases=("电话", "企业电话", "phone"),
        ),
        Column(
            name="legal_rep",
            en="Legal representative",
            zh="法定代表人",
            read=readers.line,
            example="王示例",
            why_en="As in the business licence.",
            why_zh="与营业执照一致。",
            aliases=("法人代表", "法定代表人姓名", "法人"),
        ),
        Column(
            name="registered_capital_fen",
            en="Registered capital (yuan)",
            zh="注册资本（元）",
            read=readers.money,
            example="5000000",
            why_en="The heading says in yuan or in ten thousands (万元); or write the unit into the cell: 500万元.",
            why_zh="表头写明单位（元或万元）；也可在单元格中带单位，如 500万元。",
            units=readers.MONEY,
            written=readers.yuan_written,
            aliases=("注册资金",),
        ),
        Column(
            name="established_on",
            en="Established on",
            zh="成立日期",
            read=readers.day,
            example="2015-06-01",
            why_en="As in the business licence.",
            why_zh="与营业执照一致。",
            repeats=True,
            aliases=("注册日期", "成立时间"),
        ),
        Column(
            name="standing",
            en="Standing",
            zh="登记状态",
            read=readers.word(_STANDINGS),
            example="存续",
            why_en="What the registration is worth. Empty: active.",
            why_zh="工商登记状态。留空表示存续。",
            absent=Standing.ACTIVE.value,
            repeats=True,
            words=_STANDINGS,
            aliases=("经营状态", "企业状态", "reg_status", "registration status"),
        ),
        Column(
            name="registered_addr",
            en="Registered address",
            zh="注册地址",
            read=readers.short_line(300),
            example="示例街 2 号",
            why_en="As in the business licence; where it works stands under address.",
            why_zh="营业执照住所；生产经营地址另填。",
            absent="",
            aliases=("住所", "营业执照住所"),
        ),
        Column(
            name="sector",
            en="Supervised sector",
            zh="监管行业领域",
            read=readers.word(_SECTORS),
            example="轻工",
            why_en="For supervision of work safety; which industry it is says the industry code.",
            why_zh="安全生产监管行业领域；国民经济行业另填代码。",
            repeats=True,
            words=_SECTORS,
            aliases=("监管行业", "行业领域", "sector"),
        ),
        Column(
            name="scale",
            en="Scale",
            zh="企业规模",
            read=readers.word(_SCALES),
            example="小型",
            why_en="Large, medium, small or micro.",
            why_zh="大型、中型、小型或微型。",
            repeats=True,
            words=_SCALES,
            aliases=("规模", "企业规模类型"),
        ),
        Column(
            name="output_value_fen",
            en="Output value (yuan)",
            zh="年产值（元）",
            read=readers.money,
            example="12000000",
            why_en="Of the last year. The heading says the unit, (元) or (万元); or write it into the cell.",
            why_zh="上一年度产值。表头写明单位（元或万元），或在单元格中带单位。",
            units=readers.MONEY,
            written=readers.yuan_written,
            aliases=("产值", "上年产值", "年总产值"),
        ),
        Column(
            name="shifts",
            en="Shifts",
            zh="每日班次",
            read=readers.whole(1, 6),
            example="2",
            why_en="Working shifts in a day, 1 to 6. Empty: 1.",
            why_zh="每天班次，1 到 6。留空表示 1。",
            absent=1,
            repeats=True,
            aliases=("班次", "班次数"),
        ),
        Column(
            name="high_hazard",
            en="High-hazard industry",
            zh="高危行业",
            read=yes_or_no,
            example="否",
            why_en="Of the kinds that must have safety staff whatever their size. Empty: no.",
            why_zh="属于无论规模均须配备安全管理人员的行业。留空表示否。",
            absent=False,
            repeats=True,
            words=YES_NO,
            written=yes_or_no_written,
            aliases=("是否高危行业", "高危", "high_hazard"),
        ),
        Column(
            name="crowded",
            en="Crowded place",
            zh="人员密集场所",
            read=yes_or_no,
            example="否",
            why_en="Many people come together there. Empty: no.",
            why_zh="是否人员密集场所。留空表示否。",
            absent=False,
            repeats=True,
            words=YES_NO,
            written=yes_or_no_written,
            aliases=("是否人员密集场所", "人员密集"),
        ),
        Column(
            name="mixed_living",
            en="People live there",
            zh="三合一场所",
            read=yes_or_no,
            example="否",
            why_en="People live where goods are made, stored or sold. Empty: no.",
            why_zh="住宿与生产、仓储、经营合用。留空表示否。",
            absent=False,
            repeats=True,
            words=YES_NO,
            written=yes_or_no_written,
            aliases=("是否三合一", "三合一", "mixed living"),
        ),
    ),
)
