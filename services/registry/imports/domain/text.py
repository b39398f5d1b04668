"""Reads CSV as offices write it: any of the usual encodings and separators, each fault with its line and column."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from services.registry.imports.domain.faults import Fault, UnreadableFile
from services.registry.imports.domain.sheets import MAX_COLUMNS, MAX_ROWS, Line, Sheet, too_many_rows

ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order after byte order marks; GB 18030 reads GBK and GB 2312."""
SEPARATORS = ",;\t"
MAX_CELL = 32_767
"""What a cell of a spreadsheet holds; a quote that is never closed would swallow the rest of the file."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 1 << 20
_SAMPLE_LINES = 20

csv.field_size_limit(MAX_CELL)


def open_text(data: bytes) -> Sheet:
    """Open a CSV file; raises `UnreadableFile` when it is no text."""
    source = io.BytesIO(data)
    text = io.TextIOWrapper(source, encoding_of(data), newline="")
    sample = [text.readline(MAX_CELL) for _ in range(_SAMPLE_LINES)]
    text.seek(0)
    separator = _separator(sample)
    size = max(1, len(data))
    # `text` closes what it reads from when nothing refers to it any more.
    return Sheet(_lines(text, separator), lambda: text.closed or source.tell() / size, close=text.close)


def encoding_of(data: bytes) -> str:
    """Tell the encoding; raises `UnreadableFile` naming the line and byte that no encoding explains."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if (at := _first_undecodable(data, encoding)) is not None:
                raise UnreadableFile(_NOT_TEXT, *_line_of(data, at))
            return encoding
    furthest = 0
    for encoding in ENCODINGS:
        at = _first_undecodable(data, encoding)
        if at is None:
            return encoding
        furthest = max(furthest, at)
    raise UnreadableFile(_NOT_TEXT, *_line_of(data, furthest))


def _first_undecodable(data: bytes, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    for start in range(0, max(1, len(data)), _PIECE):
        try:
            decoder.decode(view[start : start + _PIECE], start + _PIECE >= len(data))
        except UnicodeDecodeError as fault:
            return min(start + fault.start, len(data) - 1)
    return None


def _line_of(data: bytes, at: int) -> tuple[int, int]:
    """Give line and byte within it, both from 1."""
    return data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)


def _separator(sample: Sequence[str]) -> str:
    """Take the separator that the fullest of the first lines has most of."""
    return max(SEPARATORS, key=lambda separator: max(line.count(separator) for line in sample))


def _lines(text: io.TextIOWrapper, separator: str) -> Iterator[Line]:
    rows = csv.reader(text, delimiter=separator, strict=True)
    number = 1
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            within_one_line = rows.line_num <= number
            raise UnreadableFile(_unreadable_row(str(fault), within_one_line=within_one_line), number) from fault
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFile(_TOO_WIDE, number)
        if number > MAX_ROWS:
            raise UnreadableFile(too_many_rows(), number)
        yield Line(number, cells)
        number = rows.line_num + 1


def _unreadable_row(said: str, *, within_one_line: bool) -> Fault:
    if "field larger" in said and within_one_line:
        return _TOO_LONG
    unclosed = "unexpected end" in said or "field larger" in said
    return Fault(
        "quote-not-closed" if unclosed else "quote-misplaced",
        'A quote (") that opens in this line is never closed.'
        if unclosed
        else 'A quote (") stands in the middle of a cell of this line.',
        '本行的引号（"）没有配对。' if unclosed else '本行单元格中间有单独的引号（"）。',
        'Put the whole cell in quotes and double the quotes within: "the ""old"" mill".',
        '请给整个单元格加引号，其中的引号写两次："所谓""老厂"""。',
    )


_NOT_TEXT = Fault(
    "not-text",
    "The file is neither UTF-8 nor GBK/GB 18030 text.",
    "文件编码既不是 UTF-8 也不是 GBK/GB 18030。",
    "Save it anew as CSV UTF-8, or as XLSX.",
    "请另存为“CSV UTF-8”或 XLSX 后再上传。",
)
_TOO_LONG = Fault(
    "cell-too-long",
    f"A cell of this line has more than {MAX_CELL} characters.",
    f"本行有单元格超过 {MAX_CELL} 个字符。",
    "Shorten the cell, or look whether separators are missing.",
    "请缩短单元格内容，或检查是否缺少分隔符。",
)
_TOO_WIDE = Fault(
    "too-many-columns",
    f"The row has more than {MAX_COLUMNS} columns.",
    f"该行超过 {MAX_COLUMNS} 列。",
    "Keep the columns of the template.",
    "请只保留模板中的列。",
)
