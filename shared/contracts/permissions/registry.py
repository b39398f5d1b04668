"""Who may do what in the registry; without it the register of the county would be everybody's to rewrite."""

from shared.contracts.permissions.row import ANYONE, Scope, row
from shared.contracts.values import Role

OPERATOR = (Role.OPERATOR,)
SUPERVISORS = (Role.COMMITTEE, Role.AUTHORITY, Role.TOWNSHIP)
SPEAKERS = (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)

ROWS = (
    row("area.keep", "register or change areas", "登记或修改区划", {Scope.ANY: OPERATOR}),
    row("area.read", "look up areas", "查询区划", {Scope.ANY: (ANYONE,)}),
    row("party.keep", "register or change organisations", "登记或修改单位", {Scope.ANY: OPERATOR}),
    row("party.read", "look up organisations", "查询单位", {Scope.ANY: (ANYONE,)}),
    row("enterprise.keep", "register or change enterprises", "登记或修改企业", {Scope.ANY: OPERATOR}),
    row("enterprise.find", "find an enterprise by its name", "按名称查找企业", {Scope.ANY: (ANYONE,)}),
    row("person.keep", "register or change people", "登记或修改人员", {Scope.ANY: OPERATOR}),
    row("membership.keep", "grant or revoke offices", "授予或撤销任职", {Scope.ANY: OPERATOR}),
    row("competence.keep", "say who is responsible for what", "确定职责分工", {Scope.ANY: OPERATOR}),
    row("competence.read", "read the table of competence", "查看职责分工", {Scope.ANY: (*OPERATOR, *SUPERVISORS)}),
    row("criterion.keep", "list criteria of major hazards", "登记重大隐患判定标准", {Scope.ANY: OPERATOR}),
    row("criterion.read", "read the criteria of major hazards", "查看重大隐患判定标准", {Scope.ANY: (ANYONE,)}),
    row(
        "self_check.submit",
        "submit an enterprise's self-check",
        "提交企业自查",
        {Scope.PARTY: SPEAKERS},
        source="WSL art. 41 [L]",
    ),
    row(
        "self_check.read",
        "read self-checks",
        "查看企业自查",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: SPEAKERS},
    ),
    row("self_check_file.hand_in", "hand in files of a self-check", "提交自查附件", {Scope.PARTY: SPEAKERS}),
    row(
        "self_check_file.read",
        "look at files of a self-check",
        "查看自查附件",
        {Scope.AREA: (Role.AUTHORITY, Role.COMMITTEE), Scope.PARTY: SPEAKERS},
    ),
)
