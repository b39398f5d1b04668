"""Whatever lies in a file that is handed in, it is read rightly or refused by name; no file may break its reader."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.registry.imports.domain.book import openpyxl
from services.registry.imports.domain.faults import Fault, UnreadableFile
from services.registry.imports.domain.kinds import KINDS
from services.registry.imports.domain.reading import Batch, Reading
from services.registry.imports.domain.reports import report

CERTIFICATES, ENTERPRISES, AREAS = (KINDS[name] for name in ("certificates", "enterprises", "areas"))
HEADINGS = ["uscc", "name", "industry_code", "area_code", "employees", "established_on"]
GOOD = ["911502210000001740", "晨光面粉有限公司", "C1310", "999901001201", 120, "2015-06-01"]
CSV = ",".join(HEADINGS)
LINE = ",".join(map(str, GOOD))
Sheets = dict[str, list[list[Any]]]


def book(sheets: Sheets, change: Callable[[Any], None] = lambda _: None) -> bytes:
    made: Any = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    change(made)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def one_sheet(*rows: list[Any], change: Callable[[Any], None] = lambda _: None) -> bytes:
    return book({"rows": [HEADINGS, *rows]}, change)


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """Give the workbook with parts replaced or added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return written.getvalue()


def read(data: bytes, kind: str = "enterprises") -> Batch:
    """Read the whole file as one batch."""
    reading, whole = Reading(KINDS[kind], data), Batch()
    while (batch := reading.next()) is not None:
        whole.entries += batch.entries
        whole.bad += batch.bad
        whole.rows += batch.rows
    return whole


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(data)
    assert all((refused.value.fault.zh, refused.value.fault.mend_zh, refused.value.fault.mend_en))
    return refused.value.fault.slug


def slugs(data: bytes) -> list[tuple[int, str | None, str]]:
    return [(cell.line, cell.column, cell.fault.slug) for cell in read(data).bad]


def replaced(column: str, value: Any) -> list[Any]:
    return [value if name == column else cell for name, cell in zip(HEADINGS, GOOD, strict=True)]


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("employees", "=SUM(1,2)", "formula"),
        ("name", '=HYPERLINK("http://x")', "formula"),
        ("uscc", 9.15022100000174e17, "number-lost-digits"),
        ("uscc", "9.15E+17", "number-lost-digits"),
        ("established_on", "31/02/2015", "day-unclear"),
        ("established_on", "2015-02-31", "no-such-day"),
        ("name", "#REF!", "cell-error"),
        ("employees", True, "number-malformed"),
        ("name", None, "value-missing"),
    ],
)
def test_what_a_spreadsheet_spoils_is_told_at_its_cell(column: str, cell: Any, why: str) -> None:
    [(line, where, slug)] = slugs(one_sheet(GOOD, replaced(column, cell)))
    assert (line, where, slug) == (3, {"name": "name_zh"}.get(column, column), why)


@pytest.mark.parametrize(
    "cell",
    [date(2015, 6, 1), datetime(2015, 6, 1), "2015-06-01", "2015/6/1", "2015.06.01", "2015年6月1日", "20150601", 42156],  # noqa: DTZ001 — spreadsheets know no zones
)
def test_a_day_is_read_however_the_spreadsheet_keeps_it(cell: Any) -> None:
    batch = read(one_sheet(replaced("established_on", cell)))
    assert [entry.given["established_on"] for entry in batch.entries] == [date(2015, 6, 1)], batch.bad


def test_merged_cells_are_told_in_every_row_they_cover() -> None:
    rows = [replaced("uscc", f"X99990100000000{n}") for n in range(3)]
    merged = one_sheet(*rows, change=lambda made: made["rows"].merge_cells("D2:D3"))
    assert [(line, column) for line, column, why in slugs(merged) if why == "merged-cell"] == [
        (2, "area_code"),
        (3, "area_code"),
    ]


def test_hidden_and_foreign_sheets_are_passed_over_and_two_tables_refused() -> None:
    def hide(made: Any) -> None:
        made["old"].sheet_state = "hidden"

    notes: list[list[Any]] = [["notes"], ["to whom it may concern"]]
    both: Sheets = {"notes": notes, "rows": [HEADINGS, GOOD], "old": [HEADINGS, replaced("name", "old")]}
    assert [entry.given["name_zh"] for entry in read(book(both, hide)).entries] == [GOOD[1]]
    assert refusal(book(both)) == "several-sheets"
    assert refusal(book({"notes": notes})) == "headings-not-found"


def test_only_headings_is_a_table_without_rows() -> None:
    assert (read(one_sheet()).rows, read(CSV.encode()).rows) == (0, 0)


def _bomb() -> bytes:
    sheet = b"<worksheet><sheetData>" + b" " * (301 * 1024 * 1024) + b"</sheetData></worksheet>"
    return repacked(one_sheet(GOOD), {"xl/worksheets/sheet1.xml": sheet})


def _laughs(part: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><x>&l9;</x>'
    good = one_sheet(GOOD)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    strings = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{openpyxl.xml.constants.SHARED_STRINGS}"/>'
    known = types if "sharedStrings" in types else types.replace("</Types>", f"{strings}</Types>")
    return repacked(good, {part: text.encode(), "[Content_Types].xml": known.encode()})


def _without_claims() -> bytes:
    """Give a bomb whose directory says that it is small."""
    data = bytearray(_bomb())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return bytes(data).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (lambda: repacked(one_sheet(GOOD), {"xl/vbaProject.bin": b"macro"}), "book-with-macros"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "book-old-format"),
        (
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "book-encrypted",
        ),
        (_bomb, "book-too-large"),
        (_without_claims, "book-broken"),
        (lambda: _laughs("xl/worksheets/sheet1.xml"), "book-broken"),
        (lambda: _laughs("xl/sharedStrings.xml"), "book-broken"),
        (lambda: _laughs("xl/workbook.xml"), "book-broken"),
        (lambda: one_sheet(GOOD)[:-200], "book-broken"),
        (
            lambda: repacked(one_sheet(GOOD), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}),
            "book-broken",
        ),
        (lambda: b"PK\x03\x04" + bytes(100), "book-broken"),
        (lambda: b"%PDF-1.7", "not-a-table"),
        (lambda: b"<html><table><tr><td>uscc", "not-a-table"),
        (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "not-a-table"),
        (lambda: b"", "file-empty"),
        (lambda: b" \r\n\t ", "file-empty"),
        (lambda: b"\xef\xbb\xbf", "file-empty"),
        (f'{CSV}\n"{LINE}\n'.encode, "quote-not-closed"),
        (f"{CSV}\n{LINE.replace('晨光', '光' * 1_000_000)}\n".encode, "cell-too-long"),
        (f"{CSV},uscc\n{LINE},1\n".encode, "heading-twice"),
        (lambda: b"uscc,name\n1,2\n", "heading-missing"),
        (lambda: b"colour,shape\nred,round\n", "headings-not-found"),
        (lambda: f"{CSV}\n{LINE}".encode("gbk") + b"\xff\xff\n", "not-text"),
        (lambda: b"\xff\xfe" + f"{CSV}\n".encode("utf-16-le") + b"\x00", "not-text"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_by_name(data: Callable[[], bytes], why: str) -> None:
    assert refusal(data()) == why


@pytest.mark.parametrize(
    "data",
    [
        f"{CSV}\n{LINE}\n".encode("gbk"),
        f"{CSV}\n{LINE}\n".encode("utf-8-sig"),
        f"{CSV}\n{LINE}\n".encode("utf-16"),
        f"{CSV}\n{LINE}\n".replace(",", ";").encode(),
        f"{CSV}\n{LINE}\n".replace(",", "\t").encode(),
        f"{CSV}\r{LINE}\r".encode(),
        f"list of 2026,,,,,\n\n{CSV}\n{LINE}\n,,,,,\n".encode(),
        f"{CSV},colour\n{LINE},red\n".encode(),
    ],
)
def test_csv_is_read_as_offices_write_it(data: bytes) -> None:
    batch = read(data)
    assert [entry.given["name_zh"] for entry in batch.entries] == [GOOD[1]], batch.bad


def test_a_nul_and_a_ragged_row_are_told_in_their_lines() -> None:
    nul = f"{CSV}\n{LINE}\n".replace("晨", "晨\0")
    assert slugs(nul.encode()) == [(2, "name_zh", "control-character")]
    assert slugs(f"{CSV}\n{LINE},surplus\n{LINE[:40]}\n".encode()) == [
        (2, None, "ragged-row"),
        (3, None, "ragged-row"),
    ]


def test_a_heading_that_means_nothing_is_told() -> None:
    assert Reading(ENTERPRISES, f"{CSV},colour\n".encode()).headings.ignored == ("colour",)


@given(st.text(), st.sampled_from([column for kind in KINDS.values() for column in kind.columns]))
@example("９" * 15, AREAS.column("area_code"))
@example("1" * 400, ENTERPRISES.column("lon"))
@example("99999", ENTERPRISES.column("established_on"))
@example("0000-01-01", ENTERPRISES.column("established_on"))
@example("²", ENTERPRISES.column("employees"))
def test_a_reader_gives_a_value_or_a_fault_and_never_raises(cell: str, column: Any) -> None:
    for reader in (column.read, *(column.units or {}).values()):
        value = reader(cell)
        if isinstance(value, Fault):
            assert all((value.slug, value.en, value.zh, value.mend_en, value.mend_zh))
        elif isinstance(value, str) and column.stored:
            value.encode()


@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=400).map(lambda text: f"{CSV}\n{text}".encode("utf-8", "replace"))
    )
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for kind in ("enterprises", "areas", "certificates", "memberships"):
        try:
            batch = read(data, kind)
        except UnreadableFile:
            continue
        assert len(batch.entries) <= batch.rows
        told = {cell.line: cell.fault.en for cell in batch.bad}
        assert b"".join(report(KINDS[kind], data, told, "csv", "en", only_bad=False))


@given(
    st.lists(
        st.lists(
            st.one_of(st.text(max_size=9), st.integers(), st.booleans(), st.datetimes(), st.none()),
            min_size=6,
            max_size=6,
        ),
        max_size=3,
    )
)
def test_any_cells_of_a_workbook_are_read_or_told(rows: list[list[Any]]) -> None:
    made: Any = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("rows")
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(
            [openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in row]
        )
    written = io.BytesIO()
    made.save(written)
    batch = read(written.getvalue())
    assert batch.rows <= len(rows)
    assert {cell.line for cell in batch.bad}.isdisjoint(entry.line for entry in batch.entries)
