"""Who may do what in the registry; without it the register of the county would be everybody's to rewrite."""

from shared.contracts.permissions.row import ANYONE, SIGNED_IN, Scope, row
from shared.contracts.values import Role

OPERATOR = (Role.OPERATOR,)
SUPERVISORS = (Role.COMMITTEE, Role.AUTHORITY, Role.TOWNSHIP)
SERVING = (Role.AGENCY, Role.ASSOCIATION, Role.INSURER)
SPEAKERS = (Role.ENTERPRISE_PRINCIPAL, Role.ENTERPRISE_MANAGER)
LEADERS = (Role.AUTHORITY_HEAD, Role.ENTERPRISE_PRINCIPAL)
"""Who names people in the own party; in which roles, `services.registry.people.domain.NAMES` says."""

PEOPLE = (
    # What a colleague, a head, a supervisor and the person see are four things.
    row("person.keep", "register or change people", "登记或修改人员", {Scope.ANY: OPERATOR, Scope.PARTY: LEADERS}),
    row(
        "person.read",
        "look up people",
        "查询人员",
        {
            Scope.ANY: OPERATOR,
            Scope.OWN: (SIGNED_IN,),
            Scope.PARTY: (*SUPERVISORS, *SPEAKERS, Role.AGENCY),
            Scope.AREA: SUPERVISORS,
        },
    ),
    row(
        "person.contact",
        "see people's e-mail and telephone",
        "查看人员的邮箱和电话",
        {
            Scope.ANY: OPERATOR,
            Scope.OWN: (SIGNED_IN,),
            Scope.PARTY: (Role.AUTHORITY_HEAD, Role.AUTHORITY_DESK, *SPEAKERS),
            Scope.AREA: SUPERVISORS,
        },
        source="PIPL art. 6 [K]: no more than the purpose needs (docs/adr/0021)",
    ),
    row(
        "person.read_whole",
        "see all that is kept of a person",
        "查看人员的全部登记信息",
        {Scope.ANY: OPERATOR, Scope.OWN: (SIGNED_IN,)},
    ),
    row("membership.keep", "grant or revoke offices", "授予或撤销任职", {Scope.ANY: OPERATOR, Scope.PARTY: LEADERS}),
    row(
        "membership.read",
        "see who holds which office",
        "查看任职情况",
        {Scope.ANY: OPERATOR, Scope.OWN: (SIGNED_IN,), Scope.PARTY: LEADERS},
    ),
    row("certificate.keep", "record certificates", "登记证件", {Scope.ANY: OPERATOR}),
    row(
        "certificate.read",
        "look up certificates",
        "查询证件",
        {
            Scope.ANY: OPERATOR,
            Scope.OWN: (SIGNED_IN,),
            Scope.PARTY: (Role.AUTHORITY, Role.TOWNSHIP, Role.AGENCY, *SPEAKERS),
            Scope.AREA: SUPERVISORS,
        },
    ),
    row(
        "certificate.read_whole",
        "see why a certificate was suspended or revoked",
        "查看证件被暂扣或吊销的原因",
        {Scope.ANY: OPERATOR, Scope.OWN: (SIGNED_IN,)},
    ),
    row("training.keep", "record training and exams", "登记培训和考试", {Scope.ANY: OPERATOR}),
    row(
        "training.read",
        "see training and what is missing of it",
        "查看培训情况和所缺学时",
        {Scope.ANY: OPERATOR, Scope.OWN: (SIGNED_IN,), Scope.PARTY: (Role.AUTHORITY_HEAD, *SPEAKERS)},
        source="§7.3: coaching data, not a public ranking (D)",
    ),
    row("staffing.keep", "say how many officers are required", "确定执法人员编制", {Scope.ANY: OPERATOR}),
    row(
        "staffing.read",
        "compare officers required and in post",
        "查看执法人员编制与在岗情况",
        {Scope.ANY: OPERATOR, Scope.AREA: (Role.COMMITTEE,), Scope.PARTY: (Role.AUTHORITY, Role.TOWNSHIP)},
    ),
)

_POWERS = (
    # The verbs of a letter's life stand in its machine.
    row("competence.decide", "ask who would be responsible", "查询职责归属", {Scope.ANY: (*OPERATOR, *SUPERVISORS)}),
    row(
        "competence.gaps",
        "look for gaps and conflicts of competence",
        "查找职责空白和冲突",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS},
    ),
    row("basis.keep", "list legal bases", "登记法律依据", {Scope.ANY: OPERATOR}),
    row("basis.read", "look up legal bases", "查询法律依据", {Scope.ANY: (ANYONE,)}),
    row(
        "delegation.keep",
        "draft letters of delegation",
        "起草委托书",
        {Scope.ANY: OPERATOR, Scope.PARTY: (Role.AUTHORITY_DESK, Role.AUTHORITY_HEAD)},
    ),
    row(
        "delegation.read",
        "read published letters of delegation",
        "查看已公布的委托书",
        {Scope.ANY: (ANYONE,)},
        source="Penalty Law art. 20, 24 [L]: letters are published",
    ),
    row(
        "delegation.register",
        "read the register of delegations",
        "查看委托登记",
        {
            Scope.ANY: OPERATOR,
            Scope.AREA: SUPERVISORS,
            Scope.PARTY: (Role.AUTHORITY, Role.TOWNSHIP, Role.DELEGATE),
        },
    ),
)

_DOSSIERS = (
    row(
        "record.keep",
        "keep an enterprise's safety records",
        "登记企业安全档案",
        {Scope.ANY: OPERATOR, Scope.AREA: (Role.AUTHORITY,), Scope.PARTY: SPEAKERS},
    ),
    row("record.verify", "verify an enterprise's safety records", "核实企业安全档案", {Scope.AREA: (Role.AUTHORITY,)}),
    row(
        "record.end",
        "end an enterprise's safety record",
        "终止企业安全档案记录",
        {Scope.ANY: OPERATOR, Scope.AREA: (Role.AUTHORITY,), Scope.PARTY: SPEAKERS},
    ),
    row(
        "record.read",
        "read enterprises' safety records",
        "查看企业安全档案",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: SPEAKERS},
    ),
    row(
        "record.count",
        "compare enterprises' safety records",
        "统计企业安全档案",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS},
    ),
)
_FUNDS = (
    row(
        "fund.keep",
        "keep an enterprise's safety-fund ledger",
        "登记企业安全生产费用台账",
        {Scope.ANY: OPERATOR, Scope.PARTY: SPEAKERS},
        source="WSL art. 23 [L]",
    ),
    row(
        "fund.read",
        "read safety-fund ledgers",
        "查看企业安全生产费用台账",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: SPEAKERS},
    ),
)
_RISKS = (
    row(
        "risk_point.keep",
        "assess an enterprise's risk points",
        "评估企业风险点",
        {Scope.ANY: OPERATOR, Scope.PARTY: SPEAKERS},
    ),
    row(
        "risk_point.read",
        "read an enterprise's risk points",
        "查看企业风险点",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: (Role.ENTERPRISE,)},
        source="WSL art. 53: workers may know the dangers of their place (K)",
    ),
    row(
        "risk.read",
        "read an enterprise's risk colour",
        "查看企业风险等级",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS, Scope.PARTY: SPEAKERS},
    ),
    row(
        "risk.compare",
        "compare enterprises by risk colour",
        "按风险等级比较企业",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS},
    ),
)

_GRIDS = (
    row("grid.keep", "register grids and draw their boundaries", "登记网格、划定边界", {Scope.ANY: OPERATOR}),
    row("grid.read", "look up grids", "查询网格", {Scope.ANY: (ANYONE,)}),
    row(
        "grid.staff",
        "say who answers for a grid",
        "确定网格责任人员",
        {Scope.ANY: OPERATOR, Scope.AREA: (Role.TOWNSHIP,)},
        source="安委办〔2017〕30号 [S]",
    ),
    row(
        "grid.place",
        "put enterprises into grids",
        "将企业划入网格",
        {Scope.ANY: OPERATOR, Scope.AREA: (Role.TOWNSHIP,)},
    ),
    row(
        "grid.inside",
        "see who and what is in a grid",
        "查看网格责任人员和监管对象",
        {Scope.ANY: OPERATOR, Scope.AREA: (*SUPERVISORS, Role.GRID_WORKER)},
    ),
    row(
        "grid.gaps",
        "see what no grid covers",
        "查看网格覆盖缺口",
        {Scope.ANY: OPERATOR, Scope.AREA: SUPERVISORS},
    ),
)
ROWS = (
    row("area.keep", "register or change areas", "登记或修改区划", {Scope.ANY: OPERATOR}),
    row("area.read", "look up areas", "查询区划", {Scope.ANY: (ANYONE,)}),
    *_GRIDS,
    row("party.keep", "register or change organisations", "登记或修改单位", {Scope.ANY: OPERATOR}),
    row("party.read", "look up organisations", "查询单位", {Scope.ANY: (ANYONE,)}),
    row("enterprise.keep", "register or change enterprises", "登记或修改企业", {Scope.ANY: OPERATOR}),
    row(
        "party.contact",
        "see how an organisation is reached",
        "查看单位联系方式",
        {Scope.ANY: (*OPERATOR, *SUPERVISORS), Scope.PARTY: (SIGNED_IN,)},
    ),
    row("enterprise.find", "find an enterprise by its name", "按名称查找企业", {Scope.ANY: (ANYONE,)}),
    row("enterprise.card", "see an enterprise's name and code", "查看企业名称和代码", {Scope.ANY: SERVING}),
    row(
        "enterprise.read",
        "read an enterprise's registration",
        "查看企业登记信息",
        {Scope.ANY: OPERATOR, Scope.AREA: (*SUPERVISORS, Role.DELEGATE), Scope.PARTY: (Role.ENTERPRISE,)},
    ),
    row("enterprise.correct", "correct your enterprise's own data", "更正本企业信息", {Scope.PARTY: SPEAKERS}),
    row("industry.read", "look up industries", "查询行业分类", {Scope.ANY: (ANYONE,)}),
    *PEOPLE,
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
    *_POWERS,
    *_DOSSIERS,
    *_FUNDS,
    *_RISKS,
)
