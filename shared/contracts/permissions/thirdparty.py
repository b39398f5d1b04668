"""Who may engage, deliver and read third-party services; without it an agency could read its rival's audits."""

from shared.contracts.permissions.row import Scope, row
from shared.contracts.values import Role

AGENCIES = (Role.AGENCY, Role.ASSOCIATION, Role.INSURER)
_READERS = {Scope.AREA: (Role.COMMITTEE,), Scope.PARTY: (*AGENCIES, Role.ENTERPRISE, Role.AUTHORITY)}

ROWS = (
    row("engagement.register", "register a service for a client", "登记技术服务合同", {Scope.PARTY: AGENCIES}),
    row("engagement.read", "read engagements", "查看技术服务合同", _READERS),
    row("audit.submit", "deliver an audit", "提交检查结果", {Scope.PARTY: AGENCIES}),
    row("audit.read", "read audits", "查看检查结果", _READERS),
    row("finding.read", "read findings", "查看检查发现的问题", _READERS),
    row("audit_file.hand_in", "hand in files of an audit", "提交检查附件", {Scope.PARTY: AGENCIES}),
    row(
        "audit_file.read",
        "look at files of an audit",
        "查看检查附件",
        {Scope.AREA: (Role.AUTHORITY, Role.COMMITTEE), Scope.PARTY: AGENCIES},
    ),
)
