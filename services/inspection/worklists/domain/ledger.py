"""The ledger of hazards 台账: its columns (domain reference §4.2, one list, four systems) and who is shown which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.inspection.hazards.domain.readers import Reader
from services.inspection.worklists.domain import words

Cell = str | int | float | None
Line = Mapping[str, Any]
_ALL = frozenset(Reader)
_OFFICIALS = frozenset({Reader.OFFICIAL})
_OWN = frozenset({Reader.OFFICIAL, Reader.ENTERPRISE})
TITLE = ("Ledger of hazards", "隐患台账")


@dataclass(frozen=True, slots=True)
class Reading:
    """In which language and time zone a ledger is written."""

    language: str
    zone: ZoneInfo

    def name(self, name: Mapping[str, str] | None) -> str:
        return "" if name is None else name["zh" if self.language.startswith("zh") else "en"]

    def day(self, at: datetime | date | None) -> str:
        if isinstance(at, datetime):
            at = at.astimezone(self.zone).date()
        return "" if at is None else at.isoformat()

    def say(self, en: str, zh: str) -> str:
        return zh if self.language.startswith("zh") else en


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the ledger; `readers` are those to whom a hazard shows what it holds."""

    en: str
    zh: str
    cell: Callable[[Line, Reading], Cell]
    readers: frozenset[Reader] = _OFFICIALS


def _word(name: str, names: Mapping[str, str]) -> Callable[[Line, Reading], Cell]:
    return lambda line, reading: words.called(line[name], names, reading.language)


def _day(name: str) -> Callable[[Line, Reading], Cell]:
    return lambda line, reading: reading.day(line[name])


def _place(line: Line, _: Reading) -> Cell:
    return f"{line['area_code']} {line['place']['address']}".strip()


def _criteria(line: Line, reading: Reading) -> Cell:
    """Cite what makes it major: the catalogue's entries, or the experts who signed."""
    cited = [f"{each['document']} {each['item']} {reading.name(each)}" for each in line["criteria"] or ()]
    if line["expert_opinion"]:
        experts = "、".join(line["expert_opinion"]["experts"])
        cited.append(reading.say(f"expert opinion: {experts}", f"专家意见：{experts}"))
    return "；".join(cited)


def _certainties(line: Line, reading: Reading) -> Cell:
    """Name the five certainties 五落实: who, how, with what, by when, and what if not."""
    plan = line["certainties"]
    if not plan:
        return ""
    labels = {
        "responsible_person": ("person", "责任人"),
        "measures": ("measures", "措施"),
        "funds_yuan": ("funds (yuan)", "资金（元）"),
        "limit": ("limit", "时限"),
        "contingency_plan": ("contingency plan", "应急预案"),
    }
    return "；".join(f"{reading.say(*label)}: {plan[name]}" for name, label in labels.items() if name in plan)


def _extension(line: Line, reading: Reading) -> Cell:
    said = words.called(line["extension"], words.EXTENSIONS, reading.language)
    return f"{said} ({line['extensions']})" if line["extensions"] else said


def _recheck(line: Line, reading: Reading) -> Cell:
    recheck = line["recheck"]
    if recheck is None:
        return ""
    return reading.say("passed", "合格") if recheck["passed"] else reading.say("failed", "不合格")


def _rechecked_on(line: Line, reading: Reading) -> Cell:
    return "" if line["recheck"] is None else reading.day(datetime.fromisoformat(line["recheck"]["at"]))


COLUMNS: Sequence[Column] = (
    Column("Number", "编号", lambda line, _: line["number"], _ALL),
    Column("State", "状态", _word("state", words.STATES), _ALL),
    Column("Unit", "单位", lambda line, reading: reading.name(line["enterprise_name"]), _ALL),
    Column("Place", "地点", _place),
    Column("Content", "隐患内容", lambda line, _: line["what"], _ALL),
    Column("Category", "类别", _word("category", words.CATEGORIES), _ALL),
    Column("Grade", "等级", _word("grade", words.GRADES), _ALL),
    Column("Criterion", "判定依据", _criteria),
    Column("Found by", "发现来源", _word("channel", words.CHANNELS)),
    Column("Found on", "发现日期", _day("claimed_at")),
    Column("Lead department", "牵头部门", lambda line, reading: reading.name(line["lead_name"]), _ALL),
    Column("Leader", "责任人", lambda line, _: "、".join(each["name"] for each in line["officers"] or ())),
    Column("Five certainties", "五落实", _certainties, _OWN),
    Column("Limit", "整改期限", _day("limit"), _OWN),
    Column("Extension", "延期", _extension, _OWN),
    Column("Re-checked on", "复查日期", _rechecked_on, _OWN),
    Column("Result of the re-check", "复查结果", _recheck, _OWN),
    Column("Closed on", "销号日期", _day("closed_at"), _OWN),
    Column("Listing", "挂牌督办", _word("listing", words.LISTINGS), _OWN),
)


def columns_for(reader: Reader) -> list[Column]:
    return [column for column in COLUMNS if reader in column.readers]


def headings(columns: Sequence[Column], reading: Reading) -> list[Cell]:
    return [reading.say(column.en, column.zh) for column in columns]


def cells(columns: Sequence[Column], line: Line, reading: Reading) -> list[Cell]:
    return [column.cell(line, reading) for column in columns]


def cut_short(most: int, reading: Reading) -> list[Cell]:
    """Give the last line of a ledger that is not whole."""
    return [
        reading.say(
            f"Cut short: only the first {most} hazards are given. Narrow the list.",
            f"未完：仅导出前 {most} 条，请缩小筛选范围。",
        )
    ]
