"""Reads XLSX with the distrust that a file from anywhere deserves; a zip bomb or a macro must not get past here."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from importlib import import_module
from typing import Any

from services.registry.imports.domain.faults import FORMULA, FORMULA_ERROR, LOST_DIGITS, MERGED, Fault, UnreadableFile
from services.registry.imports.domain.sheets import MAX_COLUMNS, MAX_ROWS, NO_SPOILS, Line, Sheet, too_many_rows

MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_MEMBERS = 1_000
EXACT_BELOW = 1e15
"""Beyond it a spreadsheet keeps fewer digits than it shows."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PIECE = 1 << 20
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\"")
_OVERLAP = 200
_MAX_MERGES = 20_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")

openpyxl: Any = import_module("openpyxl")
Merges = Mapping[str, Sequence[tuple[int, int, int, int]]]


def is_book(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", _OLE))


def open_book(data: bytes) -> list[Sheet]:
    """Open the visible sheets of a workbook; raises `UnreadableFile` saying how to save one that can be read."""
    if data.startswith(_OLE):
        raise UnreadableFile(_ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in data else _OLD_FORMAT)
    merges = _vetted(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that we do not read: drawings, styles, validations
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [_sheet(book, sheet, merges.get(_member(sheet), ())) for sheet in visible]
    except Exception as broken:  # a hostile file may break a reader in any way, and each way is the same refusal
        raise UnreadableFile(_BROKEN) from broken


def _sheet(book: Any, sheet: Any, merged: Sequence[tuple[int, int, int, int]]) -> Sheet:
    reached = [0]
    rows = max(1, int(sheet.max_row or 1))
    return Sheet(
        _lines(sheet, merged, reached),
        lambda: min(1.0, reached[0] / rows),
        title=str(sheet.title),
        ragged=False,
        close=book.close,
    )


def _member(sheet: Any) -> str:
    path: str = sheet._worksheet_path  # noqa: SLF001 — the library reads merged cells only together with all others
    return path.lstrip("/")


def _lines(sheet: Any, merged: Sequence[tuple[int, int, int, int]], reached: list[int]) -> Iterator[Line]:
    spoilt_rows = _rows_of(merged)
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    try:
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
            reached[0] = number
            if number > MAX_ROWS:
                break
            yield _line(number, row, spoilt_rows.get(number))
    except Exception as broken:  # as above: XML that ends in the middle, numbers that are none
        raise UnreadableFile(_BROKEN, reached[0] + 1) from broken
    if reached[0] > MAX_ROWS:
        raise UnreadableFile(too_many_rows(), reached[0])


def _line(number: int, row: Sequence[Any], merged: set[int] | None) -> Line:
    cells: list[str] = []
    spoilt: dict[int, Fault] | None = None
    for position, cell in enumerate(row):
        value = cell.value
        if value is None:
            cells.append("")
        elif cell.data_type == "s":
            cells.append(str(value))
        else:
            text, fault = _shown(value, cell.data_type)
            cells.append(text)
            if fault is not None:
                spoilt = spoilt or {}
                spoilt[position] = fault
    if merged:
        spoilt = {**(spoilt or {}), **dict.fromkeys(merged, MERGED)}
    while cells and not cells[-1]:
        cells.pop()
    return Line(number, cells, spoilt or NO_SPOILS)


def _shown(value: Any, data_type: str) -> tuple[str, Fault | None]:
    """Give a cell as text, and what the spreadsheet spoilt of it."""
    if data_type == "f":
        return str(getattr(value, "text", value)), FORMULA
    if data_type == "e":
        return str(value), FORMULA_ERROR
    if data_type == "n" and abs(value) >= EXACT_BELOW:
        return f"{value:.6G}", LOST_DIGITS
    if data_type == "n" and float(value).is_integer():
        return str(int(value)), None
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat(), None
    return str(value), None


def _rows_of(merged: Sequence[tuple[int, int, int, int]]) -> dict[int, set[int]]:
    rows: dict[int, set[int]] = {}
    for left, top, right, bottom in merged:
        for number in range(top, min(bottom, MAX_ROWS) + 1):
            rows.setdefault(number, set()).update(range(left, min(right, MAX_COLUMNS) + 1))
    return rows


def _vetted(data: bytes) -> Merges:
    """Unpack everything once without keeping it, so that sizes are known and not only claimed; find merged cells."""
    merges: dict[str, list[tuple[int, int, int, int]]] = {}
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            _expected(members, names)
            for member in members:
                watched = merges.setdefault(member.filename, []) if _SHEET.fullmatch(member.filename) else None
                with archive.open(member) as unpacked:
                    left = _unpack(unpacked, left, watched)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as broken:
        raise UnreadableFile(_BROKEN) from broken
    return merges


def _expected(members: Sequence[zipfile.ZipInfo], names: set[str]) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile(_ENCRYPTED)
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise UnreadableFile(_BOMB)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise UnreadableFile(_MACROS)
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise UnreadableFile(_OTHER_FORMAT)


def _unpack(unpacked: Any, left: int, merges: list[tuple[int, int, int, int]] | None) -> int:
    tail = b""
    while piece := unpacked.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise UnreadableFile(_BOMB)
        if merges is None:
            continue
        seen = tail + piece
        whole_until = 0
        for found in _MERGE.finditer(seen):
            first, top, last, bottom = found.groups()
            merges.append((_position(first), int(top), _position(last), int(bottom)))
            whole_until = found.end()
            if len(merges) > _MAX_MERGES:
                raise UnreadableFile(_BOMB)
        tail = seen[max(whole_until, len(seen) - _OVERLAP) :]
    return left


def _position(letters: bytes) -> int:
    number = 0
    for one in letters:
        number = number * 26 + one - 64
    return number - 1


_SAVE_EN = "Open it in the spreadsheet program and save it as XLSX without password and macros, or as CSV UTF-8."
_SAVE_ZH = "请用表格软件打开，另存为不带密码和宏的 XLSX，或 CSV UTF-8。"
_ENCRYPTED = Fault(
    "book-encrypted", "The workbook is protected by a password.", "工作簿设有打开密码。", _SAVE_EN, _SAVE_ZH
)
_OLD_FORMAT = Fault(
    "book-old-format",
    "This is an old .xls workbook, which is not read.",
    "这是旧版 .xls 工作簿，不能读取。",
    _SAVE_EN,
    _SAVE_ZH,
)
_OTHER_FORMAT = Fault("book-other-format", "This is not an XLSX workbook.", "这不是 XLSX 工作簿。", _SAVE_EN, _SAVE_ZH)
_MACROS = Fault("book-with-macros", "The workbook holds macros (.xlsm).", "工作簿带有宏（.xlsm）。", _SAVE_EN, _SAVE_ZH)
_BROKEN = Fault("book-broken", "The workbook is damaged or incomplete.", "工作簿已损坏或不完整。", _SAVE_EN, _SAVE_ZH)
_BOMB = Fault(
    "book-too-large",
    f"Unpacked the workbook is larger than {MAX_UNPACKED_BYTES // 1024 // 1024} MB.",
    f"工作簿解压后超过 {MAX_UNPACKED_BYTES // 1024 // 1024} MB。",
    "Divide it, and delete pictures and empty formatted rows.",
    "请拆分文件，并删除图片和带格式的空行。",
)
