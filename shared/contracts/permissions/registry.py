"""Who may do what in the registry; without it the register of the county would be everybody's to rewrite."""

from shared.contracts.permissions.row import ANYONE, Scope, row
from shared.contracts.values import Role

OPERATOR = (Role.OPERATOR,)
SUPERVISORS = (Role.COMMITTEE, Role.AUTHORITY, Role.TOWNSHIP)
SPEAKERS = (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)

_DOSSIERS = (
    row("record.keep", {Scope.ANY: OPERATOR, Scope.AREA: (Role.AUTHORITY,), Scope.PARTY: SPEAKERS}),
    row("record.verify", {Scope.AREA: (Role.AUTHORITY,)}),
    row("record.end", {Scope.ANY: OPERATOR, Scope.AREA: (Role.AUTHORITY,), Scope.PARTY: SPEAKERS}),
    row("record.read", {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: SPEAKERS}),
    row("record.count", {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS}),
)
_FUNDS = (
    row("fund.keep", {Scope.ANY: OPERATOR, Scope.PARTY: SPEAKERS}, source="WSL art. 23 [L]"),
    row("fund.read", {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: SPEAKERS}),
)
_RISKS = (
    row("risk_point.keep", {Scope.ANY: OPERATOR, Scope.PARTY: SPEAKERS}),
    row(
        "risk_point.read",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: (Role.ENTERPRISE,)},
        source="WSL art. 53: workers may know the dangers of their place (K)",
    ),
    row("risk.read", {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: SPEAKERS}),
    row("risk.compare", {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS}),
)

ROWS = (
    row("area.keep", {Scope.ANY: OPERATOR}),
    row("area.read", {Scope.ANY: (ANYONE,)}),
    row("party.keep", {Scope.ANY: OPERATOR}),
    row("party.read", {Scope.ANY: (ANYONE,)}),
    row("enterprise.keep", {Scope.ANY: OPERATOR}),
    row("enterprise.find", {Scope.ANY: (ANYONE,)}),
    row("person.keep", {Scope.ANY: OPERATOR}),
    row("membership.keep", {Scope.ANY: OPERATOR}),
    row("competence.keep", {Scope.ANY: OPERATOR}),
    row("competence.read", {Scope.ANY: (*OPERATOR, *SUPERVISORS)}),
    row("criterion.keep", {Scope.ANY: OPERATOR}),
    row("criterion.read", {Scope.ANY: (ANYONE,)}),
    *_DOSSIERS,
    *_FUNDS,
    *_RISKS,
)
