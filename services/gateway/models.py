"""The gateway's own set of tables; without it they would stand among those of another service in the process."""

from typing import ClassVar

from sqlmodel import SQLModel

from shared.db import own_tables


class Row(SQLModel, registry=own_tables()):
    """Base of every table here."""

    __tablename__: ClassVar[str]  # type: ignore[assignment] — SQLModel derives a name; ours are plain words
