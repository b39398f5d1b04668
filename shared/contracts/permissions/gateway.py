"""Who may do what at the gateway itself; without it whoever signed in could give others a way in."""

from shared.contracts.permissions.row import ANYONE, SIGNED_IN, Scope, row
from shared.contracts.values import Role

_OPERATOR = (Role.OPERATOR,)

ROWS = (
    row("account.keep", "give people accounts", "设置账号", {Scope.ANY: _OPERATOR}),
    row("account.read", "find accounts", "查询账号", {Scope.ANY: _OPERATOR}),
    row("client.keep", "register programs", "登记客户端程序", {Scope.ANY: _OPERATOR}),
    row("second_factor.reset", "take away a lost second factor", "重置二次验证", {Scope.ANY: _OPERATOR}),
    # A page itself asks who sits at the browser, and sends whoever is nobody to the sign-in.
    row("account.own", "look after the own account", "管理本人账号", {Scope.OWN: (ANYONE,)}),
    row("program.admit", "let a program act in one's name", "授权程序代为操作", {Scope.OWN: (ANYONE,)}),
    row("health.read", "see whether the platform works", "查看平台运行状态", {Scope.ANY: (ANYONE,)}),
    row("page.read", "read the public pages", "浏览公开页面", {Scope.ANY: (ANYONE,)}),
    row("session.open", "sign in", "登录", {Scope.OWN: (ANYONE,)}),
    row("session.read", "see as whom one is signed in", "查看当前身份", {Scope.OWN: (SIGNED_IN,)}),
)
