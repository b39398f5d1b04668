"""Who may see and mend how events flow in every service; without it a stuck event would be anybody's to drop."""

from shared.contracts.permissions.row import Scope, row
from shared.contracts.values import Role

ROWS = (
    row("flow.read", "see how events flow", "查看事件流转情况", {Scope.ANY: (Role.OPERATOR,)}),
    row("flow.mend", "mend how events flow", "处理事件流转故障", {Scope.ANY: (Role.OPERATOR,)}),
)
