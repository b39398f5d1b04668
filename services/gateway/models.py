"""The gateway's own set of tables; without it they would stand among those of another service in the process."""

from shared.db import Stored, own_tables


class Row(Stored, registry=own_tables()):
    """Base of every table here."""
