"""Who may give others a way in; without it every signed-in person could."""

from shared.auth import Actor
from shared.contracts.values import Role
from shared.errors import Forbidden


def only_operators(who: Actor) -> None:
    if Role.OPERATOR not in who.roles:
        raise Forbidden(
            "operators-only",
            "Only the operator of the platform may set up accounts and clients.",
            "只有平台运维人员可以设置账号和客户端。",
        )
