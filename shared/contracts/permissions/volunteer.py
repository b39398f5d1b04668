"""Who may report, and who may look at reports; without it a whistle-blower's words would be anybody's to read."""

from shared.contracts.permissions.row import ANYONE, SIGNED_IN, Scope, row
from shared.contracts.values import Role

ROWS = (
    row("report.submit", "report a hazard", "报告隐患", {Scope.ANY: (ANYONE,)}, source="WSL art. 74 [L]"),
    row("report.add", "add to a report", "补充报告", {Scope.OWN: (ANYONE,)}),
    row("report.read", "read reports", "查看报告", {Scope.OWN: (SIGNED_IN,)}, source="C81 art. 15 (K)"),
    row(
        "report.contest",
        "contest the result of a report",
        "对报告的处理结果申请复核",
        {Scope.OWN: (SIGNED_IN,)},
        source="Petition Reg. art. 35 [L]",
    ),
    row(
        "report.contest_by_code",
        "contest the result of a report by its code",
        "凭查询码对处理结果申请复核",
        {Scope.OWN: (ANYONE,)},
        source="Petition Reg. art. 35 [L]",
    ),
    row("report.track", "follow a report by its code", "凭查询码查询报告", {Scope.OWN: (ANYONE,)}),
    row("report_picture.hand_in", "hand in pictures of a report", "提交报告照片", {Scope.ANY: (ANYONE,)}),
    row(
        "report_picture.read",
        "look at pictures of a report",
        "查看报告照片",
        {Scope.AREA: (Role.AUTHORITY, Role.COMMITTEE), Scope.OWN: (SIGNED_IN,)},
    ),
)
