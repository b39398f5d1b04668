"""Who may read the table of competence: those among whom matters are passed on."""

from shared.auth import Actor
from shared.contracts.values import Role
from shared.errors import Forbidden

_READERS = frozenset({Role.OPERATOR, Role.COMMITTEE, Role.AUTHORITY, Role.TOWNSHIP})


def only_supervisors(who: Actor) -> None:
    if not who.roles & _READERS:
        raise Forbidden(
            "supervisors-only",
            "Only the committee, authorities and townships may read the table of competence.",
            "只有安委会、监管部门和乡镇可以查看职责分工表。",
        )
