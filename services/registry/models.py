"""The base that puts the tables of all nouns into one database of registry's own."""

from shared.db import Stored, own_tables


class Row(Stored, registry=own_tables()):
    """Base of every table here."""
