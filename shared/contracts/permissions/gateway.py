"""Who may let people and programs in; without it every signed-in person could."""

from shared.contracts.permissions.row import Scope, row
from shared.contracts.values import Role

OPERATOR = (Role.OPERATOR,)

ROWS = (
    row("account.keep", {Scope.ANY: OPERATOR}),
    row("client.keep", {Scope.ANY: OPERATOR}),
)
