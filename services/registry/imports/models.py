"""The tables of files that were handed in and of the faults that were found in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlmodel import Field

from services.registry.imports.domain.states import State
from services.registry.models import Row
from shared.db import document, moment, word


class Import(Row, table=True):
    """A file of one kind, from the moment it was handed in; its bytes lie in the store under their digest."""

    __tablename__ = "imports"
    __table_args__ = (
        Index(
            "uq_imports_open",
            "kind",
            "sha256",
            unique=True,
            postgresql_where=text("state in ('waiting', 'checked', 'confirmed')"),
        ),
        Index("ix_imports_due", "handed_in_at", postgresql_where=text("state in ('waiting', 'confirmed')")),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=40)
    file_name: str
    sha256: str = Field(max_length=64)
    size_bytes: int
    state: State = word(State, default=State.WAITING)
    handed_in_by: UUID
    handed_in_at: datetime = moment(index=True)
    share: float = 0.0
    """How much of the work under way is done, from 0 to 1."""
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad_rows: int = 0
    ignored: list[str] = document()
    """Headings that mean nothing here."""
    first_rows: list[dict[str, Any]] = document()
    refusal: dict[str, Any] | None = document(nullable=True)
    """Why the file as a whole could not be read."""
    skip_bad: bool = False
    confirmed_by: UUID | None = None
    confirmed_at: datetime | None = moment(nullable=True)
    finished_at: datetime | None = moment(nullable=True)


class ImportFault(Row, table=True):
    """One fault of one cell or row, in the order of the file."""

    __tablename__ = "import_faults"

    import_id: UUID = Field(sa_column_args=(ForeignKey("imports.id", ondelete="CASCADE"),), primary_key=True)
    ordinal: int = Field(primary_key=True)
    line: int
    column: str | None = None
    position: int | None = None
    value: str = Field(sa_type=Text)
    slug: str
    en: str
    zh: str
    mend_en: str
    mend_zh: str
