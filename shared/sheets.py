"""Writes tables as CSV and XLSX piece by piece; without it a long export would have to fit into memory.

What a stranger typed is written such that no spreadsheet takes it for a formula.

The XLSX writer is our own because the libraries keep the whole sheet, on disk or in memory, until its last row, and
the edge ends an answer that has not begun in ten seconds.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from xml.sax.saxutils import escape

Cell = str | int | float | None
CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES: Mapping[str, str] = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BLANK = " \t\r\n\v\f\u00a0\u3000\u200b\u2060\ufeff"
_DANGEROUS = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767


def download(name: str, form: str) -> dict[str, str]:
    """Give the headers of a table that is taken home."""
    return {"Content-Type": MEDIA_TYPES[form], "Content-Disposition": f'attachment; filename="{name}.{form}"'}


class Writer(Protocol):
    """Takes rows, gives bytes."""

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes: ...
    def end(self) -> bytes: ...


def guarded(text: str) -> str:
    """Put a quote before what a spreadsheet could take for a formula (OWASP, CSV injection); a number is none."""
    if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """Undo `guarded`."""
    return text[1:] if _GUARDED.match(text) else text


def writer(form: str, title: str) -> Writer:
    return XlsxWriter(title) if form == XLSX else CsvWriter()


class CsvWriter:
    """UTF-8 with a byte order mark, by which spreadsheet programs know it."""

    def __init__(self) -> None:
        self._begun = False

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([_written(cell) for cell in row] for row in rows)
        mark, self._begun = "" if self._begun else "\ufeff", True
        return (mark + text.getvalue()).encode()

    def end(self) -> bytes:
        return b""


class XlsxWriter:
    """One sheet of inline texts and numbers; texts are formatted as text, so that codes stay codes when edited."""

    def __init__(self, title: str) -> None:
        self._sink = _Sink()
        sink: Any = self._sink  # of a stream that cannot be wound back the archive asks no more than `write`
        self._archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        for name, content in _parts(title).items():
            self._archive.writestr(name, content)
        self._sheet = self._archive.open("xl/worksheets/sheet1.xml", "w")
        self._sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        self._sheet.write("".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows).encode())
        return self._sink.taken()

    def end(self) -> bytes:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._archive.close()
        return self._sink.taken()


class _Sink:
    """Where the archive is written, piece by piece taken away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Have nothing to do: what is written is there."""

    def taken(self) -> bytes:
        whole, self._pieces = b"".join(self._pieces), []
        return whole


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return guarded(_UNWRITABLE.sub("\ufffd", cell)) if isinstance(cell, str) else str(cell)


def _cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if not isinstance(cell, str):
        return f"<c><v>{cell!r}</v></c>"
    return f'<c s="1" t="inlineStr"><is><t xml:space="preserve">{escape(_written(cell)[:_LONGEST])}</t></is></c>'


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _parts(title: str) -> Mapping[str, str]:
    """Give the parts of a workbook around its one sheet."""
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf numFmtId="49" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    }
