"""Who may do what at the gateway itself; without it whoever signed in could give others a way in."""

from shared.contracts.permissions.row import ANYONE, SIGNED_IN, Scope, row
from shared.contracts.values import Role

OPERATOR = (Role.OPERATOR,)

ROWS = (
    row("account.keep", {Scope.ANY: OPERATOR}),
    row("account.read", {Scope.ANY: OPERATOR}),
    row("second_factor.reset", {Scope.ANY: OPERATOR}),
    row("account.own", {Scope.OWN: (ANYONE,)}, source="(D) the page itself asks who sits at the browser"),
    row("page.read", {Scope.ANY: (ANYONE,)}),
    row("session.open", {Scope.OWN: (ANYONE,)}),
    row("session.read", {Scope.OWN: (SIGNED_IN,)}),
)
