"""Templates to fill in, made from the description of the table, so that they cannot ask for what is not read."""

import io
from collections.abc import Sequence
from typing import Any

from services.registry.imports.domain.book import openpyxl
from services.registry.imports.domain.columns import Column, Kind
from shared.sheets import XLSX, CsvWriter

_ROWS_WITH_CHOICE = 5_000
_WIDTH = 22
_WIDE = 70


def template(kind: Kind, form: str, language: str) -> bytes:
    """Give a file with headings, an example row and, in a workbook, explanations and lists to choose from."""
    if form == XLSX:
        return _book(kind, language)
    return CsvWriter().rows([_headings(kind, language), kind.examples()])


def _headings(kind: Kind, language: str) -> list[str]:
    return [column.heading(language) + ("*" if column.required else "") for column in kind.columns]


def _book(kind: Kind, language: str) -> bytes:
    chinese = language.startswith("zh")
    book: Any = openpyxl.Workbook()
    rows = book.active
    rows.title = kind.zh if chinese else kind.en
    _fill(rows, [_headings(kind, language), kind.examples()])
    rows.freeze_panes = "A2"
    about = book.create_sheet("填写说明" if chinese else "How to fill in")
    titles = (
        ["列", "必填", "说明", "示例", "可填内容"] if chinese else ["column", "required", "what", "example", "one of"]
    )
    _fill(about, [titles, *(_explained(column, language) for column in kind.columns)])
    lists = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    for position, column in enumerate(kind.columns, 1):
        if column.words is not None:
            _offer(rows, lists, position, _words(column, language))
    for sheet, widths in ((rows, [_WIDTH] * len(kind.columns)), (about, [_WIDTH, 10, _WIDE, _WIDTH, _WIDE])):
        for position, width in enumerate(widths, 1):
            sheet.column_dimensions[_letter(position)].width = width
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    """Write texts as texts: a code that looks like a number must stay a code when its neighbour is typed."""
    for line, row in enumerate(rows, 1):
        for position, text in enumerate(row, 1):
            cell = sheet.cell(line, position)
            cell.number_format = "@"
            cell.value = text or None
    for position in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[_letter(position)].number_format = "@"
        sheet.cell(1, position).font = openpyxl.styles.Font(bold=True)


def _explained(column: Column, language: str) -> list[str]:
    chinese = language.startswith("zh")
    needed = ("是" if chinese else "yes") if column.required else ""
    words = "" if column.words is None else ("、" if chinese else ", ").join(_words(column, language))
    return [column.heading(language), needed, column.why_zh if chinese else column.why_en, column.example, words]


def _words(column: Column, language: str) -> list[str]:
    """Give the words that a column may hold, as this reader calls them."""
    assert column.words is not None
    return [names[0] if language.startswith("zh") else word for word, names in column.words.items()]


def _offer(rows: Any, lists: Any, position: int, words: Sequence[str]) -> None:
    letter = _letter(position)
    for line, word in enumerate(words, 1):
        lists.cell(line, position).value = word
    choice = openpyxl.worksheet.datavalidation.DataValidation(
        type="list", formula1=f"lists!${letter}$1:${letter}${len(words)}", allow_blank=True
    )
    rows.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}{_ROWS_WITH_CHOICE}")


def _letter(position: int) -> str:
    name: str = openpyxl.utils.get_column_letter(position)
    return name
