"""The base of every table of this service; without it its nouns could not share a database."""

from sqlalchemy import DDL, event

from shared.db import Stored, own_tables


class Row(Stored, registry=own_tables()):
    """Base of every table here."""


for _extension in ("pg_trgm", "btree_gin"):
    event.listen(Row.metadata, "before_create", DDL(f"create extension if not exists {_extension}"))
