"""The lists that are taken home but never brought in as tables: their columns, and what those are called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a list."""

    name: str
    en: str
    zh: str
    written: Callable[[Any], str] | None = None
    words: None = None

    def heading(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class List:
    """One list; its rows are those of the list in the API."""

    name: str
    en: str
    zh: str
    columns: tuple[Shown, ...]


def _joined(words: Iterable[object]) -> str:
    return "、".join(map(str, words))


def _yes_or_no(value: object) -> str:
    return "yes 是" if value else "no 否"


_ID = Shown("id", "Id", "编号")
_AREA = Shown("area_code", "Area", "区划编码")
_ENTERPRISE = Shown("enterprise_id", "Enterprise", "企业编号")
_PERSON = Shown("person_id", "Person", "人员编号")
_NAMES = (Shown("name_zh", "Name in Chinese", "中文名称"), Shown("name_en", "Name in English", "英文名称"))
_TERM = (Shown("valid_from", "Valid from", "起始日期"), Shown("valid_to", "Valid to", "截止日期"))

LISTS: Mapping[str, List] = {
    each.name: each
    for each in (
        List("grids", "grids", "网格", (Shown("code", "Code", "网格编码"), *_NAMES, _AREA)),
        List(
            "competence",
            "competence",
            "职责分工",
            (
                Shown("by", "By", "依据方式"),
                Shown("key", "Key", "键"),
                _AREA,
                Shown("authority_id", "Responsible", "牵头部门编号"),
                Shown("co_authority_ids", "Co-operating", "配合部门编号", _joined),
                Shown("in_force", "In force", "有效", _yes_or_no),
                *_TERM,
                Shown("basis", "Basis", "依据"),
            ),
        ),
        List(
            "criteria",
            "criteria of major hazards",
            "重大隐患判定标准",
            (
                Shown("document", "Document", "文件"),
                Shown("item", "Item", "条款"),
                Shown("text_zh", "Text in Chinese", "中文内容"),
                Shown("text_en", "Text in English", "英文内容"),
                Shown("categories", "Categories", "类别", _joined),
                *_TERM,
            ),
        ),
        List(
            "bases",
            "legal bases",
            "法律依据",
            (
                Shown("short_name", "Short name", "简称"),
                Shown("title_zh", "Title in Chinese", "中文名称"),
                Shown("title_en", "Title in English", "英文名称"),
                Shown("number", "Number", "文号"),
                Shown("article", "Article", "条款"),
                Shown("level", "Level", "层级"),
                Shown("mark", "Mark", "来源标记"),
                *_TERM,
                Shown("date_verified", "Date verified", "日期已核实", _yes_or_no),
            ),
        ),
        List(
            "delegations",
            "letters of delegation",
            "委托书",
            (
                Shown("letter_no", "Letter", "文书编号"),
                Shown("state", "State", "状态"),
                Shown("kind", "Kind", "类型"),
                Shown("authority_id", "Authority", "委托部门编号"),
                Shown("delegate_id", "Delegate", "受委托单位编号"),
                Shown("powers", "Powers", "权限", _joined),
                Shown("categories", "Categories", "类别", _joined),
                Shown("industries", "Industries", "行业", _joined),
                _AREA,
                *_TERM,
                Shown("publication_url", "Published at", "公布地址"),
            ),
        ),
        List(
            "records",
            "safety records",
            "安全档案",
            (
                _ID,
                _ENTERPRISE,
                Shown("kind", "Kind", "类型"),
                Shown("state", "State", "状态"),
                Shown("number", "Number", "编号"),
                *_TERM,
                Shown("verified_on", "Verified on", "核实日期"),
            ),
        ),
        List(
            "training",
            "training",
            "培训",
            (
                _PERSON,
                Shown("course", "Course", "课程"),
                Shown("held_on", "Held on", "日期"),
                Shown("hours", "Hours", "学时"),
                Shown("score", "Score", "成绩"),
            ),
        ),
        List(
            "risks",
            "enterprises by risk",
            "企业风险等级",
            (
                Shown("id", "Enterprise", "企业编号"),
                _AREA,
                Shown("colour", "Colour", "颜色"),
                Shown("score", "Score", "得分"),
            ),
        ),
        List(
            "self-checks",
            "self-checks",
            "企业自查",
            (
                _ID,
                _ENTERPRISE,
                _AREA,
                Shown("date", "Date", "自查日期"),
                Shown("submitted_at", "Submitted at", "提交时间"),
            ),
        ),
    )
}
"""Name of a list → its columns."""
