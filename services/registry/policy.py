"""Who keeps the registry; without it each noun would answer for itself."""

from shared.auth import Actor
from shared.contracts.values import Role
from shared.errors import Forbidden


def only_operators(who: Actor) -> None:
    if Role.OPERATOR not in who.roles:
        raise Forbidden(
            "operator-only", "Only an operator may change the registry.", "只有平台管理员可以修改登记信息。"
        )
