"""A table of the register as one description: reading, templates, documents and export all follow from it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.registry.imports.domain.faults import Fault, UnreadableFile
from services.registry.imports.domain.readers import UNSHOWN, Reader

Row = dict[str, Any]
RowRule = Callable[[Mapping[str, Any]], tuple[str, Fault] | None]
"""Looks at a row whose cells were read; names the column at fault, or None."""

REPORT_COLUMN = "import_faults"
"""The column that a report adds; a mended report may be handed in with it."""
_REPORT_HEADINGS = {"en": "Faults to mend", "zh": "待改正问题"}
_NEEDED_HEADINGS = 2
_UNIT = re.compile(r"[(\[](.*?)[)\]]")
_DECORATION = re.compile(r"[\s*＊_\-]|[(（\[].*?[)）\]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its names, how a cell is read, and what a clerk is told about it."""

    name: str
    en: str
    zh: str
    read: Reader
    example: str
    why_en: str
    why_zh: str
    required: bool = False
    repeats: bool = False
    """Its values recur, so that reading one is remembered."""
    absent: Any = None
    """What an empty cell means."""
    aliases: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] | None = None
    """The words that it may hold, with other names of each; the first is the Chinese one."""
    written: Callable[[Any], str] | None = None
    """How a value is written into an export; None: as it is."""
    units: Mapping[str, Reader] | None = None
    """The unit that a heading tells in brackets → how its cells are read; another unit would be another number."""
    stored: bool = True
    """False: it is only compared (`level` follows from the code) or leads to what is stored."""

    def heading(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One table. A line is about the entry with its `identity`, or else with the same `unique` columns."""

    name: str
    en: str
    zh: str
    columns: tuple[Column, ...]
    identity: Callable[[Mapping[str, Any]], UUID | None]
    unique: tuple[str, ...] = ()
    listed: Callable[[Mapping[str, Any]], object] | None = None
    """By what two lines of one file are about the same one, where `unique` finds one but does not forbid another."""
    rules: tuple[RowRule, ...] = ()
    exported: tuple[str, ...] | None = None
    """The columns of an export; None: all."""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def examples(self) -> list[str]:
        return [column.example for column in self.columns]


@dataclass(frozen=True, slots=True)
class Headings:
    """Where in a file the columns of a kind stand."""

    line: int
    texts: tuple[str, ...]
    places: Mapping[str, int]
    """Column name → position in the file."""
    readers: Mapping[str, Reader]
    """Column name → how its cells are read under this heading, where that is not always the same."""
    ignored: tuple[str, ...]
    """Headings that mean nothing here: told, so that a misspelt one is not lost."""


def _by_unit(kind: Kind, places: Mapping[str, int], texts: Sequence[str], line: int) -> Mapping[str, Reader]:
    found: dict[str, Reader] = {}
    for column in kind.columns:
        if column.units is not None and column.name in places:
            text = texts[places[column.name]]
            unit = "".join(_UNIT.findall(unicodedata.normalize("NFKC", text).casefold())[:1]).strip()
            unit = unit.removeprefix("单位").strip(":： ").removeprefix("人民币")
            if unit not in column.units:
                raise UnreadableFile(_unit_unknown(text, column.units), line, places[column.name] + 1)
            found[column.name] = column.units[unit]
    return found


def report_heading(language: str) -> str:
    return _REPORT_HEADINGS["zh" if language.startswith("zh") else "en"]


def headings(kind: Kind, line: int, texts: Sequence[str]) -> Headings | None:
    """Read a row as the headings of `kind`, or tell that it is none; raises `UnreadableFile` for a half right one."""
    meanings = _meanings(kind)
    places: dict[str, int] = {}
    ignored: list[str] = []
    twice: list[str] = []
    for position, text in enumerate(texts):
        name = meanings.get(_bare(text))
        if name is None:
            ignored += [UNSHOWN.sub("\ufffd", text.strip())] if text.strip() else []
        elif name in places:
            twice.append(text)
        else:
            places[name] = position
    places.pop(REPORT_COLUMN, None)
    if len(places) < min(_NEEDED_HEADINGS, len(kind.columns)):
        return None
    if twice:
        raise UnreadableFile(_heading_twice(twice[0]), line)
    if lacking := [column for column in kind.columns if column.required and column.name not in places]:
        raise UnreadableFile(_heading_missing(lacking), line)
    return Headings(line, tuple(texts), places, _by_unit(kind, places, texts, line), tuple(ignored))


def no_headings(kind: Kind) -> Fault:
    return Fault(
        "headings-not-found",
        f"None of the first rows holds the headings of {kind.en}.",
        f"前若干行中没有“{kind.zh}”的表头。",
        "Take the template, copy your rows into it and hand it in again.",
        "请下载模板，把数据复制到模板中再上传。",
    )


def _meanings(kind: Kind) -> dict[str, str]:
    known = {_bare(text): REPORT_COLUMN for text in (REPORT_COLUMN, *_REPORT_HEADINGS.values())}
    for column in kind.columns:
        for text in (column.name, column.en, column.zh, *column.aliases):
            assert known.setdefault(_bare(text), column.name) == column.name, f"two columns are headed {text!r}"
    return known


def _bare(text: str) -> str:
    """Give a heading without what people add to it: stars, units in brackets, spaces, full-width letters."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _heading_twice(text: str) -> Fault:
    return Fault(
        "heading-twice",
        f"Two columns mean the same: “{text}”.",
        f"有两列含义相同：“{text}”。",
        "Delete one of them.",
        "请删除其中一列。",
    )


def _heading_missing(lacking: Sequence[Column]) -> Fault:
    return Fault(
        "heading-missing",
        f"Columns are missing: {', '.join(column.en for column in lacking)}.",
        f"缺少列：{'、'.join(column.zh for column in lacking)}。",
        "Add the columns, or copy your rows into the template.",
        "请补上这些列，或把数据复制到模板中。",
    )


def _unit_unknown(text: str, units: Mapping[str, object]) -> Fault:
    known = ", ".join(filter(None, units))
    return Fault(
        "unit-unknown",
        f"The unit in the heading “{text}” is none of: {known}.",
        f"表头“{text}”中的单位无法识别，可用：{known}。",
        "Correct the unit in the brackets of the heading.",
        "请更正表头括号中的单位。",
    )
