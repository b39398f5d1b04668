"""Who may do what in the registry; without it the register of the county would be everybody's to rewrite."""

from shared.contracts.permissions.row import ANYONE, SIGNED_IN, Scope, row
from shared.contracts.values import Role

OPERATOR = (Role.OPERATOR,)
SUPERVISORS = (Role.COMMITTEE, Role.AUTHORITY, Role.TOWNSHIP)
SERVING = (Role.AGENCY, Role.ASSOCIATION, Role.INSURER)
SPEAKERS = (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)

ROWS = (
    row("area.keep", {Scope.ANY: OPERATOR}),
    row("area.read", {Scope.ANY: (ANYONE,)}),
    row("party.keep", {Scope.ANY: OPERATOR}),
    row("party.read", {Scope.ANY: (ANYONE,)}),
    row("enterprise.keep", {Scope.ANY: OPERATOR}),
    row("party.contact", {Scope.ANY: (*OPERATOR, *SUPERVISORS), Scope.PARTY: (SIGNED_IN,)}),
    row("enterprise.find", {Scope.ANY: (ANYONE,)}),
    row("enterprise.card", {Scope.ANY: SERVING}),
    row(
        "enterprise.read",
        {Scope.ANY: OPERATOR, Scope.AREA: (*SUPERVISORS, Role.DELEGATE), Scope.PARTY: (Role.ENTERPRISE,)},
    ),
    row("enterprise.correct", {Scope.PARTY: SPEAKERS}),
    row("industry.read", {Scope.ANY: (ANYONE,)}),
    row("person.keep", {Scope.ANY: OPERATOR}),
    row("membership.keep", {Scope.ANY: OPERATOR}),
    row("competence.keep", {Scope.ANY: OPERATOR}),
    row("competence.read", {Scope.ANY: (*OPERATOR, *SUPERVISORS)}),
    row("criterion.keep", {Scope.ANY: OPERATOR}),
    row("criterion.read", {Scope.ANY: (ANYONE,)}),
)
