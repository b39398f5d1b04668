"""Who may do what in the registry; without it the register of the county would be everybody's to rewrite."""

from shared.contracts.permissions.row import ANYONE, Scope, row
from shared.contracts.values import Role

OPERATOR = (Role.OPERATOR,)
SUPERVISORS = (Role.COMMITTEE, Role.AUTHORITY, Role.TOWNSHIP)
SPEAKERS = (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)

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
    # Competence foreseen, legal bases, delegations (the verbs of a letter's life stand in its machine)
    row("competence.decide", {Scope.ANY: (*OPERATOR, *SUPERVISORS)}),
    row("competence.gaps", {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS}),
    row("basis.keep", {Scope.ANY: OPERATOR}),
    row("basis.read", {Scope.ANY: (ANYONE,)}),
    row("delegation.keep", {Scope.ANY: OPERATOR, Scope.PARTY: (Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD)}),
    row("delegation.read", {Scope.ANY: (ANYONE,)}, source="Penalty Law art. 20, 24 [L]: letters are published"),
    row(
        "delegation.register",
        {
            Scope.ANY: OPERATOR,
            Scope.AREA: SUPERVISORS,
            Scope.PARTY: (Role.AUTHORITY, Role.TOWNSHIP, Role.DELEGATE),
        },
    ),
)
