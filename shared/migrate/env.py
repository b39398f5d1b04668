"""Alembic's entry: the connection and the tables are handed over by `shared.migrate`."""

import re
from typing import Any

from alembic import context

_DAY = re.compile(r"outbox_sent_\d{8}")


def _declared(_: Any, name: str | None, kind: str, *__: Any) -> bool:
    """Leave out the days of the archive: the relay makes and drops them."""
    return not (kind == "table" and _DAY.fullmatch(name or ""))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    include_object=_declared,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
