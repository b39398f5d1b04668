"""Reads a table in batches, column by column, and finds every fault that the file alone can show.

Column by column, because most columns repeat few values, and one loop over a column costs a third of ten over rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any, cast

from services.registry.imports.domain.columns import Column, Headings, Kind, Row
from services.registry.imports.domain.faults import MISSING, BadCell, Fault, listed_twice, ragged
from services.registry.imports.domain.files import open_table
from services.registry.imports.domain.readers import MAX_LINE, UNSHOWN
from services.registry.imports.domain.readers import line as one_line
from services.registry.imports.domain.sheets import Line
from shared.sheets import BLANK, unguarded

BATCH_ROWS = 1_000
MAX_REMEMBERED = 20_000
MAX_SHOWN = 200


@dataclass(slots=True)
class Entry:
    """A row whose cells were read."""

    line: int
    given: Row


@dataclass(slots=True)
class Batch:
    """Some rows of the file: the good ones, the faults of the others, and how far the file is read."""

    entries: list[Entry] = field(default_factory=list[Entry])
    bad: list[BadCell] = field(default_factory=list[BadCell])
    rows: int = 0
    share: float = 0.0


class Reading:
    """One reading of one file; remembers what it has met, because a line may repeat one far above it."""

    def __init__(self, kind: Kind, data: bytes) -> None:
        """Open the table; raises `UnreadableFile`."""
        self.kind = kind
        self._table = open_table(kind, data)
        self.headings: Headings = self._table.headings
        self._width = 1 + max(n for n, text in enumerate(self.headings.texts) if text.strip())
        self._columns = [column for column in kind.columns if column.name in self.headings.places]
        self._readers = [_cell_reader(column, self.headings) for column in self._columns]
        self._lines = self._filled()
        self._keys: list[Callable[[Row], object]] = [kind.identity] if self._identified() else []
        if kind.listed is not None:
            self._keys.append(kind.listed)
        elif kind.unique:
            self._keys.append(cast("Callable[[Row], object]", itemgetter(*kind.unique)))
        self._listed: dict[object, int] = {}

    def next(self, size: int = BATCH_ROWS) -> Batch | None:
        """Read some more rows; None at the end. Raises `UnreadableFile` where the file breaks off."""
        lines = list(islice(self._lines, size))
        if not lines:
            self._table.sheet.close()
            return None
        batch = Batch(rows=len(lines), share=self._table.sheet.share())
        whole = [line for line in lines if self._has_its_width(line, batch)]
        if whole:
            self._read(whole, batch)
        return batch

    def bad(self, entry: Entry, column: str | None, fault: Fault) -> BadCell:
        """Tell a fault of a row that was read."""
        value = "" if column is None else str(entry.given.get(column) or "")
        return self._bad(entry.line, column, value, fault)

    def _identified(self) -> bool:
        """Tell whether the file's own columns can name an entry of the register; a table without ids need not ask."""
        return not self.kind.unique or "id" in self.headings.places

    def _filled(self) -> Iterator[Line]:
        """Pass over empty rows and the template's example."""
        example = [(self.headings.places[column.name], column.example) for column in self._columns]
        named, name = next((position, text) for position, text in example if text)
        for line in self._table.lines:
            cells = line.cells
            if not (len(cells) > named and cells[named].strip(BLANK)) and not "".join(cells).strip(BLANK):
                continue
            named_so = len(cells) > named and unguarded(cells[named]) == name
            if not named_so or any(
                unguarded(cells[position] if position < len(cells) else "") != text for position, text in example
            ):
                yield line

    def _has_its_width(self, line: Line, batch: Batch) -> bool:
        found = len(line.cells)
        if found == self._width:
            return True
        if found > self._width:
            surplus = next((n for n in range(self._width, found) if line.cells[n].strip(BLANK)), None)
            if surplus is None:
                return True
            fault = BadCell(line.number, None, surplus, _shown(line.cells[surplus]), ragged(found, self._width))
            batch.bad.append(fault)
            return False
        if not self._table.sheet.ragged:
            return True
        batch.bad.append(BadCell(line.number, None, found, "", ragged(found, self._width)))
        return False

    def _read(self, lines: list[Line], batch: Batch) -> None:
        width = self._width
        rows = [
            cells if len(cells) == width else [*cells[:width], *([""] * (width - len(cells)))] for _, cells, _ in lines
        ]
        columns = list(zip(*rows, strict=True))
        read: list[Sequence[Any]] = []
        faulty: set[int] = set()
        spoilt = [(index, line.spoilt) for index, line in enumerate(lines) if line.spoilt]
        for column, reader in zip(self._columns, self._readers, strict=True):
            position = self.headings.places[column.name]
            values = _column(columns[position], reader)
            for index, faults in spoilt:
                if position in faults:
                    values[index] = faults[position]
            if Fault in set(map(type, values)):
                for index, value in enumerate(values):
                    if type(value) is Fault:
                        faulty.add(index)
                        shown = columns[position][index]
                        batch.bad.append(self._bad(lines[index].number, column.name, shown, value))
            read.append(values)
        names = [column.name for column in self._columns]
        for index, values in enumerate(zip(*read, strict=True)):
            entry = Entry(lines[index].number, dict(zip(names, values, strict=True)))
            if index not in faulty and self._holds(entry, batch):
                batch.entries.append(entry)

    def _holds(self, entry: Entry, batch: Batch) -> bool:
        """Ask what one cell alone cannot tell: rules about the row, and whether an earlier line is about the same."""
        for rule in self.kind.rules:
            if (broken := rule(entry.given)) is not None:
                batch.bad.append(self.bad(entry, *broken))
                return False
        for key_of in self._keys:
            if (key := key_of(entry.given)) is None:
                continue
            earlier = self._listed.setdefault(key, entry.line)
            if earlier != entry.line:
                column = self.kind.unique[0] if self.kind.unique else "id"
                batch.bad.append(self.bad(entry, column, listed_twice(earlier)))
                return False
        return True

    def _bad(self, line: int, column: str | None, value: str, fault: Fault) -> BadCell:
        position = None if column is None else self.headings.places.get(column)
        return BadCell(line, column, position, _shown(value), fault)


def _column(cells: Sequence[str], read: "_Plain | _Remembered") -> list[Any]:
    texts = [cell.strip(BLANK) for cell in cells]
    if "'" in "".join(texts):
        texts = [unguarded(text) for text in texts]
    return read.all(texts)


def _cell_reader(column: Column, found: Headings) -> "_Plain | _Remembered":
    empty: Any = MISSING if column.required else column.absent
    read = found.readers.get(column.name, column.read)
    return _Remembered(read, empty) if column.repeats else _Plain(read, empty)


class _Plain:
    """Reads each text of a column; `empty` is what an empty one means."""

    def __init__(self, read: Callable[[str], Any], empty: object) -> None:
        self._read = read
        self._empty = empty

    def all(self, texts: list[str]) -> list[Any]:
        read, empty = self._read, self._empty
        if read is one_line and "" not in texts and "".join(texts).isprintable() and max(map(len, texts)) <= MAX_LINE:
            return texts  # not one of them could be at fault
        return [read(text) if text else empty for text in texts]


class _Remembered(dict[str, Any]):
    """What the texts of a column mean, each read once."""

    def __init__(self, read: Callable[[str], Any], empty: object) -> None:
        super().__init__({"": empty})
        self._read = read

    def all(self, texts: list[str]) -> list[Any]:
        return [self[text] for text in texts]

    def __missing__(self, text: str) -> Any:
        value = self._read(text)
        if len(self) < MAX_REMEMBERED:
            self[text] = value
        return value


def _shown(value: str) -> str:
    """Give a value as it can be kept and shown."""
    shown = UNSHOWN.sub("\ufffd", value[:MAX_SHOWN])
    return shown if len(value) <= MAX_SHOWN else f"{shown}…"
