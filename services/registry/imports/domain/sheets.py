"""What any table file is once it is opened; without it CSV and XLSX would be checked by two different rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.registry.imports.domain.faults import Fault

MAX_ROWS = 300_000
MAX_COLUMNS = 200
HEADINGS_WITHIN = 20
"""The headings stand in one of the first rows; titles above them are passed over."""
NO_SPOILS: Mapping[int, Fault] = {}


class Line(NamedTuple):
    """A row as read: its line in the file, its cells as text, and cells that the file itself spoilt, by position."""

    number: int
    cells: Sequence[str]
    spoilt: Mapping[int, Fault] = NO_SPOILS


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open table. `share` tells how much of the file has been read, from 0 to 1."""

    lines: Iterator[Line]
    share: Callable[[], float]
    title: str = ""
    ragged: bool = True
    """Whether a row with fewer cells than headings is at fault; spreadsheets leave empty cells out."""
    close: Callable[[], None] = field(default=lambda: None)


def too_many_rows() -> Fault:
    return Fault(
        "too-many-rows",
        f"The file has more than {MAX_ROWS:,} rows.",
        f"文件超过 {MAX_ROWS:,} 行。",
        "Divide it into several files.",
        "请拆分为多个文件。",
    )
