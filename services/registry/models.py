"""The base that puts the tables of all nouns into one database of registry's own."""

from sqlalchemy import DDL, event

from shared.db import Stored, own_tables


class Row(Stored, registry=own_tables()):
    """Base of every table here."""


event.listen(Row.metadata, "before_create", DDL("create extension if not exists pg_trgm"))
