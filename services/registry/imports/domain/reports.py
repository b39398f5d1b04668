"""Gives a file back with what is wrong in it beside each row, so that a clerk mends it there and hands it in again."""

from collections.abc import Iterator, Mapping

from services.registry.imports.domain.columns import Kind, report_heading
from services.registry.imports.domain.files import open_table
from shared.sheets import unguarded, writer

ROWS_AT_ONCE = 500


def report(
    kind: Kind, data: bytes, faults: Mapping[int, str], form: str, language: str, *, only_bad: bool
) -> Iterator[bytes]:
    """Write the original rows with a column of reasons; `faults` is by line. The file was read before."""
    table = open_table(kind, data)
    old = {n for n, text in enumerate(table.headings.texts) if text == report_heading(language)}
    kept = [n for n in range(len(table.headings.texts)) if n not in old]
    out = writer(form, kind.zh if language.startswith("zh") else kind.en)
    rows: list[list[str]] = [[*(table.headings.texts[n] for n in kept), report_heading(language)]]
    for line in table.lines:
        told = faults.get(line.number, "")
        if not told and (only_bad or not any(cell.strip() for cell in line.cells)):
            continue
        cells = [unguarded(line.cells[n]) if n < len(line.cells) else "" for n in kept]
        rows.append([*cells, told])
        if len(rows) >= ROWS_AT_ONCE:
            yield out.rows(rows)
            rows = []
    yield out.rows(rows)
    yield out.end()
