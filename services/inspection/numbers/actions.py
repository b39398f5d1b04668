"""Draws the next number of a series of documents."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.inspection.numbers.models import DocumentNumber
from shared.contracts.values import derived_id
from shared.db import raw_of, table_of

_DRAW = f"""
insert into {table_of(DocumentNumber).name} as kept (authority_id, year, last)
select series, $2, many from unnest($1::uuid[], $3::int[]) as asked(series, many) order by series
on conflict (authority_id, year) do update set last = kept.last + excluded.last
returning authority_id, last
"""  # noqa: S608 — the name of our own table
"""In the order of the series: of two that draw from the same ones, neither waits for the other in a ring."""


def series_of(party_id: UUID, kind: str) -> UUID:
    """Name the series of a party's documents of one kind; the series of its own id is that of its orders."""
    return derived_id("series", party_id, kind)


async def next_number_in(tx: AsyncSession, series_id: UUID, on: date) -> tuple[int, int]:
    """Give the year and the next number in it; what is rolled back gives its number back."""
    return on.year, (await next_numbers_in(tx, [series_id], on))[0]


async def next_numbers_in(tx: AsyncSession, series: Sequence[UUID], on: date) -> list[int]:
    """Draw one number for each document, of which the series are given; nobody else draws from them until the end."""
    asked = Counter(series)
    rows = await (await raw_of(tx)).fetch(_DRAW, list(asked), on.year, list(asked.values()))
    free = {row["authority_id"]: row["last"] - asked[row["authority_id"]] for row in rows}
    numbers: list[int] = []
    for each in series:
        free[each] += 1
        numbers.append(free[each])
    return numbers
