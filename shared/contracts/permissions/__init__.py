"""The one table of permissions: role × verb × scope. Services decide by it, pages draw by it, documents show it.

The verbs of machines (a hazard's, a docket entry's) stand in their machines, beside the states that they lead to.
"""

from collections.abc import Mapping

from shared.contracts.permissions import gateway, inspection, notify, operation, registry, thirdparty, volunteer
from shared.contracts.permissions.row import ANYONE, SIGNED_IN, Permission, Scope, exactly

__all__ = ["ANYONE", "PERMISSIONS", "SIGNED_IN", "Permission", "Scope", "exactly"]


def _once(*rows: Permission) -> Mapping[str, Permission]:
    table = {row.verb: row for row in rows}
    assert len(table) == len(rows), "a verb stands in the table once"
    return table


PERMISSIONS = _once(
    *registry.ROWS,
    *volunteer.ROWS,
    *thirdparty.ROWS,
    *inspection.ROWS,
    *notify.ROWS,
    *gateway.ROWS,
    *operation.ROWS,
)
