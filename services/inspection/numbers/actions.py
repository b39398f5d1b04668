"""Draws the next number of a series of documents."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.inspection.numbers.models import DocumentNumber
from shared.contracts.values import derived_id


def series_of(party_id: UUID, kind: str) -> UUID:
    """Name the series of a party's documents of one kind; the series of its own id is that of its orders."""
    return derived_id("series", party_id, kind)


async def next_number_in(tx: AsyncSession, series_id: UUID, on: date) -> tuple[int, int]:
    """Give the year and the next number in it; what is rolled back gives its number back."""
    counting = (
        insert(DocumentNumber)
        .values(series_id=series_id, year=on.year, last=1)
        .on_conflict_do_update(index_elements=["authority_id", "year"], set_={"last": col(DocumentNumber.last) + 1})
        .returning(col(DocumentNumber.last))
    )
    last: int = (await tx.execute(counting)).scalar_one()
    return on.year, last
