"""How far each series of documents has come; without a row to lock, two documents would bear one number."""

from uuid import UUID

from sqlalchemy import Column, Uuid
from sqlmodel import Field

from services.inspection.models import Row


class DocumentNumber(Row, table=True):
    """Last number given in a series and year; raised under its row lock, so that no number is missing.

    Table and column are older than letters and keep their names for older code, which counts an authority's orders
    here: that is the series of the authority's own id.
    """

    __tablename__ = "order_numbers"

    series_id: UUID = Field(sa_column=Column("authority_id", Uuid(), primary_key=True))
    year: int = Field(primary_key=True)
    last: int
