"""Goes through a file once, to check it or to write it, by the same rules; two ways could disagree.

The file is read in a thread, a batch ahead of the database, so that neither waits for the other and requests of
others are answered meanwhile.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.imports.actions.references import REFERENCES, References, nested, sift
from services.registry.imports.actions.targets import Said, Target
from services.registry.imports.domain.columns import Row
from services.registry.imports.domain.faults import ALREADY_EXISTS, BadCell
from services.registry.imports.domain.reading import Batch, Entry, Reading
from services.registry.imports.models import ImportFault
from shared.crashpoint import crashpoint
from shared.db import raw_of, table_of
from shared.outbox import emit_rows
from shared.raw import ordered_ids

FIRST_ROWS = 10
Known = Mapping[str, Any]
T = TypeVar("T")


class Stopped(Exception):
    """A row is bad, and bad rows are not to be left out: nothing may be written."""


@dataclass(slots=True)
class Tally:
    """What going through the file found."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad_rows: int = 0
    ignored: tuple[str, ...] = ()
    first_rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    share: float = 0.0


Tell = Callable[[Tally], Awaitable[None]]


@dataclass(slots=True)
class Prepared:
    """A batch that was compared with the register: what is to be written, and what it adds to the tally."""

    batch: Batch
    facts: list[tuple[Row, Said]]


@dataclass(frozen=True, slots=True)
class Pass:
    """Once through one file. `write` also writes; with `skip_bad` false the first bad row then raises `Stopped`.

    `tx` is what is written into, `looking` another connection, by which the next batch is compared meanwhile.
    """

    tx: AsyncSession
    looking: AsyncSession
    import_id: UUID
    target: Target
    data: bytes
    now: datetime
    write: bool = False
    skip_bad: bool = False

    async def run(self, tell: Tell) -> Tally:
        """Go through the file. Raises `UnreadableFile` and `Stopped`."""
        tally, ordinal = Tally(), 0
        references = await self._references()
        reading = await asyncio.to_thread(Reading, self.target.kind, self.data)
        tally.ignored = reading.headings.ignored
        async with (
            aclosing(_ahead(_batches(reading))) as batches,
            aclosing(_ahead(self._prepared(batches, references, reading, tally))) as prepared,
        ):
            async for one in prepared:
                await emit_rows(self.tx, self.target.table, self.target.event, one.facts)
                await self.target.after(self.tx, [row for row, _ in one.facts], self.now)
                if bad := one.batch.bad:
                    if self.write and not self.skip_bad:
                        raise Stopped
                    await self._keep_faults(bad, ordinal)
                    ordinal += len(bad)
                tally.rows += one.batch.rows
                tally.bad_rows += len({cell.line for cell in bad})
                tally.share = one.batch.share
                await tell(tally)
                crashpoint("import.between_batches")
        return tally

    async def _prepared(
        self, batches: AsyncGenerator[Batch], references: References, reading: Reading, tally: Tally
    ) -> AsyncGenerator[Prepared]:
        """Compare with the register, and make of what is new or different the facts to be stated."""
        async for batch in batches:
            await sift(self.looking, references, reading, batch)
            by_id, by_unique = await self._known(batch.entries)
            facts = await asyncio.to_thread(self._compared, batch, reading, by_id, by_unique, tally)
            yield Prepared(batch, facts)

    async def _references(self) -> References:
        if self.target.kind.name in REFERENCES:
            return REFERENCES[self.target.kind.name](self.now)
        codes = await asyncio.to_thread(_good_codes, Reading(self.target.kind, self.data))
        return await nested(self.looking, codes)

    def _compared(
        self,
        batch: Batch,
        reading: Reading,
        by_id: Mapping[UUID, Known],
        by_unique: Mapping[Any, Known],
        tally: Tally,
    ) -> list[tuple[Row, Said]]:
        """Give what is new or different with its fact; move those that take another's number to the bad."""
        kind, target = self.target.kind, self.target
        unique: Callable[[Row], Any] | None = cast("Any", itemgetter(*kind.unique)) if kind.unique else None
        fresh = iter(ordered_ids(len(batch.entries), self.now)) if self.write else None
        facts: list[tuple[Row, Said]] = []
        for entry in batch.entries:
            given = entry.given
            given_id = kind.identity(given)
            known = by_id.get(given_id) if given_id is not None else None
            if unique is not None and (owner := by_unique.get(unique(given))) is not None:
                if given_id is None:
                    known = owner
                elif owner["id"] != given_id and kind.listed is None:
                    batch.bad.append(reading.bad(entry, kind.unique[0], ALREADY_EXISTS))
                    continue
            if known is not None and (refused := target.refuses(given, known)) is not None:
                batch.bad.append(reading.bad(entry, *refused))
                continue
            row = target.wanted(given, known)
            if len(tally.first_rows) < FIRST_ROWS:
                tally.first_rows.append(_shown(entry, known, row))
            if known is None:
                tally.new += 1
            elif row == known:
                tally.unchanged += 1
                continue
            else:
                tally.changed += 1
            if fresh is not None:
                row["id"] = known["id"] if known is not None else given_id or next(fresh)
                row["version"] = row["version"] + 1
                facts.append((row, target.fact(row, self.now)))
        return facts

    async def _known(self, entries: list[Entry]) -> tuple[dict[UUID, Known], dict[Any, Known]]:
        """Look up what the register has of these, by id and by what is unique."""
        kind, table = self.target.kind, table_of(self.target.table)
        ids = [given for entry in entries if (given := kind.identity(entry.given)) is not None]
        found: list[ColumnElement[bool]] = []
        if ids:
            found.append(table.c.id == any_(bindparam("ids", ids, ARRAY(Uuid))))
        if len(kind.unique) == 1:
            [name] = kind.unique
            values = [entry.given[name] for entry in entries]
            found.append(table.c[name] == any_(bindparam("values", values, ARRAY(table.c[name].type))))
        elif kind.unique:
            columns = [table.c[name] for name in kind.unique]
            found.append(tuple_(*columns).in_([tuple(entry.given[name] for name in kind.unique) for entry in entries]))
        if not found:
            return {}, {}
        rows = [dict(row) for row in (await self.looking.execute(select(table).where(or_(*found)))).mappings()]
        await self.target.beside(self.looking, rows)
        by_unique: dict[Any, Known] = {}
        if kind.unique:
            by_unique = {itemgetter(*kind.unique)(row): row for row in rows}
        return {row["id"]: row for row in rows}, by_unique

    async def _keep_faults(self, bad: list[BadCell], ordinal: int) -> None:
        bad.sort(key=lambda cell: (cell.line, cell.position or 0))
        raw = await raw_of(self.tx)
        await raw.copy_records_to_table(
            table_of(ImportFault).name,
            columns=["import_id", "ordinal", "line", "column", "position", "value", *_FAULT],
            records=[
                (self.import_id, n, cell.line, cell.column, cell.position, cell.value, *asdict(cell.fault).values())
                for n, cell in enumerate(bad, ordinal)
            ],
        )


_FAULT = ("slug", "en", "zh", "mend_en", "mend_zh")


async def _batches(reading: Reading) -> AsyncGenerator[Batch]:
    while (batch := await asyncio.to_thread(reading.next)) is not None:
        yield batch


async def _ahead(source: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Give what `source` gives, and let it work on the next one meanwhile."""
    coming = asyncio.create_task(anext(source, None))
    try:
        while (one := await coming) is not None:
            coming = asyncio.create_task(anext(source, None))
            yield one
    finally:
        await asyncio.gather(coming, return_exceptions=True)  # a thread cannot be called off, only waited for
        await source.aclose()


def _good_codes(reading: Reading) -> set[str]:
    codes: set[str] = set()
    while (batch := reading.next()) is not None:
        codes |= {entry.given["area_code"] for entry in batch.entries}
    return codes


def _shown(entry: Entry, known: Known | None, row: Row) -> dict[str, Any]:
    """Show a row as it would stand in the register, and what would become of the one that stands there."""
    outcome = "new" if known is None else "unchanged" if row == known else "changed"
    values = {name: None if value is None else str(value) for name, value in row.items() if name != "version"}
    return {"line": entry.line, "outcome": outcome, "row": values}
