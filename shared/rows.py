"""Writes many rows with one statement; without it a batch would pay for the session's work on each of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Aggregate, Stored, changed_meanwhile, raw_of, table_of


async def copy_rows(tx: AsyncSession, kind: type[Stored], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add new rows, the same columns in all, by COPY; the session knows nothing of them.

    Raises asyncpg's `UniqueViolationError` when one is there already.
    """
    if not rows:
        return
    table, dialect = table_of(kind), tx.get_bind().dialect
    names = [name for name in table.columns.keys() if name in rows[0]]  # noqa: SIM118 — not a dictionary
    columns = _stored(dialect, table, names, rows)
    records = zip(*columns, strict=True)
    await (await raw_of(tx)).copy_records_to_table(table.name, records=records, columns=names)


async def overwrite(tx: AsyncSession, kind: type[Aggregate], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows of aggregates, the same columns in all, to the version given with them.

    Raises `changed-meanwhile` (409) when one has another version than the one before.
    """
    if not rows:
        return
    table, dialect = table_of(kind), tx.get_bind().dialect
    names = [name for name in table.columns.keys() if name in rows[0]]  # noqa: SIM118 — not a dictionary
    arrays = ", ".join(f"${n}::{table.columns[name].type.compile(dialect)}[]" for n, name in enumerate(names, 1))
    sets = ", ".join(f'"{name}" = given."{name}"' for name in names if name != "id")
    done = await (await raw_of(tx)).execute(
        f'update "{table.name}" as kept set {sets} from unnest({arrays}) as given({", ".join(names)})'  # noqa: S608 — names of our own tables and columns
        " where kept.id = given.id and kept.version = given.version - 1",
        *_stored(dialect, table, names, rows),
    )
    if done != f"UPDATE {len(rows)}":
        raise changed_meanwhile()


def _stored(
    dialect: Dialect, table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> list[list[object]]:
    """Give the columns of rows as the driver takes them: documents as JSON, words of enumerations as text."""
    columns: list[list[object]] = []
    for name in names:
        values = [row[name] for row in rows]
        kind = table.columns[name].type.dialect_impl(dialect)
        store: Callable[[Any], Any] | None = kind.bind_processor(dialect)
        columns.append(values if store is None else [None if value is None else store(value) for value in values])
    return columns
