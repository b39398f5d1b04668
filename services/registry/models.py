"""The base that puts the tables of all nouns into one database of registry's own."""

from typing import ClassVar

from sqlmodel import SQLModel

from shared.db import own_tables


class Row(SQLModel, registry=own_tables()):
    """Base of every table here."""

    __tablename__: ClassVar[str]  # type: ignore[assignment] — SQLModel derives a name; ours are plain words
