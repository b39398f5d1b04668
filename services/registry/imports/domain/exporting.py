"""How a row of the register is written into a cell, such that an import reads it back, if there is one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.registry.imports.domain.columns import Column, Kind
from services.registry.imports.domain.lists import List, Shown
from shared.sheets import Cell


def exported(kind: Kind | List) -> Sequence[Column | Shown]:
    """Give the columns of an export."""
    if isinstance(kind, List):
        return kind.columns
    if kind.exported is not None:
        return [column for column in kind.columns if column.name in kind.exported]
    return [column for column in kind.columns if column.stored]


def cells(columns: Sequence[Column | Shown], row: Mapping[str, Any], language: str) -> list[Cell]:
    return [_cell(column, row[column.name], language) for column in columns]


def _cell(column: Column | Shown, value: Any, language: str) -> Cell:
    if value is not None and column.written is not None:
        value = column.written(value)
    if value is None or isinstance(value, int | float):
        return value
    if column.words is not None:
        names = column.words.get(value)
        return names[0] if names and language.startswith("zh") else str(value)
    return value.isoformat() if isinstance(value, date) else str(value)
