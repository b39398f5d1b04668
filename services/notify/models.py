"""The one set of tables of this service; without it the nouns could not refer to each other's rows."""

from shared.db import Stored, own_tables


class Row(Stored, registry=own_tables()):
    """Base of every table here."""
