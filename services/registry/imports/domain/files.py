"""Finds the one table of a kind in a file of any sort; a clerk need not say what the program can see."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from services.registry.imports.domain.book import is_book, open_book
from services.registry.imports.domain.columns import Headings, Kind, headings, no_headings
from services.registry.imports.domain.faults import Fault, UnreadableFile
from services.registry.imports.domain.sheets import HEADINGS_WITHIN, Line, Sheet
from services.registry.imports.domain.text import open_text

_PDF, _MARKUP = b"%PDF", (b"<!doctype", b"<html", b"<?xml", b"<table")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the headings of one sheet."""

    headings: Headings
    lines: Iterator[Line]
    sheet: Sheet


def open_table(kind: Kind, data: bytes) -> Table:
    """Find the headings of `kind`; raises `UnreadableFile` when there is not exactly one table of it."""
    if not data.removeprefix(BOM_UTF8).strip():
        raise UnreadableFile(_EMPTY)
    if is_book(data):
        sheets = open_book(data)
    elif data.startswith(_PDF) or data.lstrip()[:9].lower().startswith(_MARKUP) or _binary(data):
        raise UnreadableFile(_NO_TABLE)
    else:
        sheets = [open_text(data)]
    found = [table for sheet in sheets if (table := _table(kind, sheet)) is not None]
    if not found:
        raise UnreadableFile(no_headings(kind))
    if len(found) == 1:
        return found[0]
    filled = [table.sheet.title for table in found if _filled(table)] or [found[0].sheet.title]
    if len(filled) > 1:
        raise UnreadableFile(_several(filled))
    [sheet] = [sheet for sheet in open_book(data) if sheet.title == filled[0]]  # the look went past its first rows
    table = _table(kind, sheet)
    assert table is not None
    return table


def _table(kind: Kind, sheet: Sheet) -> Table | None:
    for line in islice(sheet.lines, HEADINGS_WITHIN):
        if (found := headings(kind, line.number, line.cells)) is not None:
            return Table(found, sheet.lines, sheet)
    return None


def _filled(table: Table) -> bool:
    return any(any(cell.strip() for cell in line.cells) for line in table.lines)


def _binary(data: bytes) -> bool:
    head = data[:64]
    return not head.startswith((b"\xff\xfe", b"\xfe\xff")) and sum(byte < 9 for byte in head) > len(head) // 8  # noqa: PLR2004 — control characters below the tabulator


def _several(titles: list[str]) -> Fault:
    return Fault(
        "several-sheets",
        f"Several sheets hold such a table: {', '.join(titles)}.",
        f"多个工作表都有此类数据：{'、'.join(titles)}。",
        "Put all rows into one sheet, or hand the sheets in one by one.",
        "请把数据合并到一个工作表，或分开上传。",
    )


_EMPTY = Fault("file-empty", "The file is empty.", "文件是空的。", "Choose the file again.", "请重新选择文件。")
_NO_TABLE = Fault(
    "not-a-table",
    "The file is neither CSV nor XLSX.",
    "文件既不是 CSV 也不是 XLSX。",
    "Save the table as XLSX or as CSV UTF-8; its name alone does not make it one.",
    "请将表格另存为 XLSX 或 CSV UTF-8；只改扩展名无效。",
)
